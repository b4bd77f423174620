import { Engine, type EngineSnapshot } from '../../engine/engine.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { CompiledCorrelations } from './compile.ts'
import type { Firing, Item, Told } from './firing.ts'
import { proofOf } from './proofs.ts'

export interface CorrelatorSnapshot {
  readonly engine: EngineSnapshot
  readonly unusable: Readonly<Record<string, number>>
}

/** How much a correlation holds, and what it could not use. */
export interface CorrelationLoad {
  readonly id: string
  readonly groups: number
  /** Groups dropped because there were too many, or too large ones, at once. */
  readonly dropped: number
  /** Matches that lack a field that is grouped by, counted or measured. */
  readonly unusable: number
}

/**
 * Runs correlations over rule matches in time order; firings of one are matches for those that refer
 * to it. It has no clock: state goes when watermarks say so.
 */
export class Correlator {
  private readonly engine: Engine<Item, Told, null>
  private readonly compiled: CompiledCorrelations
  private subjects: readonly Identifier[] = []

  constructor(compiled: CompiledCorrelations, report: (firing: Firing) => void) {
    this.compiled = compiled
    this.engine = new Engine<Item, Told, null>(compiled.keyed, null, (told) => {
      // What a correlation above takes in is never an input of the one that told it: no circles.
      if (told.kind === 'input') this.engine.accept(told.item)
      else report(told.firing)
    })
  }

  accept(match: RuleMatchEvent): void {
    const { rule, time, fields, subjects, observer, timeQuality, origin } = match
    if (!this.compiled.neededFields.has(rule)) return
    this.engine.accept({
      kind: rule,
      time,
      fields,
      subjects: this.shared(subjects),
      observer,
      timeQuality,
      proof: proofOf(origin, time),
      isRepeat: false,
    })
  }

  /** Groups keep the list: one for all matches about the same machine, not one each. */
  private shared(subjects: readonly Identifier[]): readonly Identifier[] {
    const last = this.subjects
    if (last.length !== subjects.length || last.some((one, at) => one !== subjects[at]))
      this.subjects = subjects
    return this.subjects
  }

  /** `watermark` (epoch ms): no later match is older. */
  advance(watermark: number): void {
    this.engine.advance(watermark)
  }

  /** The input has ended: firings say what they have not said yet. */
  settle(): void {
    this.engine.settle()
  }

  load(): CorrelationLoad[] {
    return this.engine.load().map(({ id, keys, dropped }) => ({
      id,
      groups: keys,
      dropped,
      unusable: this.compiled.unusable.get(id) ?? 0,
    }))
  }

  snapshot(): CorrelatorSnapshot {
    return { engine: this.engine.snapshot(), unusable: Object.fromEntries(this.compiled.unusable) }
  }

  restore(snapshot: CorrelatorSnapshot): void {
    this.engine.restore(snapshot.engine)
    for (const [id, count] of Object.entries(snapshot.unusable)) this.compiled.unusable.set(id, count)
  }
}
