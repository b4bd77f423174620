import type { OpenEvidence } from '../evidence/witness.ts'
import type { Random } from '../random.ts'
import { type EvidencePeriod, truthTime } from '../truth.ts'
import type { Wear } from './options.ts'

/** Chance that a file is lost, and that it is cut. */
const CHANCES: Readonly<Record<Wear, { readonly lost: number; readonly cut: number }>> = {
  none: { lost: 0, cut: 0 },
  some: { lost: 0.06, cut: 0.15 },
  heavy: { lost: 0.2, cut: 0.35 },
}
/** What stays of a piece that is cut. */
const KEPT = { from: 0.25, to: 0.9 }

/** What becomes of files after they were written: some are lost, some end in the middle of a line, some begin in one. */
export class Worn {
  readonly #random: Random
  readonly #wear: Wear
  readonly #now: () => number
  readonly #lost = new Set<string>()
  readonly #cut = new Map<string, { fromMs: number; toMs: number }>()

  constructor(wear: Wear, random: Random, now: () => number) {
    this.#wear = wear
    this.#random = random
    this.#now = now
  }

  /** Decides about a piece before it is written. */
  decide(path: string, period: { readonly fromMs: number; readonly toMs: number }): void {
    const { lost, cut } = CHANCES[this.#wear]
    const random = this.#random.fork(path)
    if (random.chance(lost)) this.#lost.add(path)
    else if (random.chance(cut)) {
      const keptMs = (period.toMs - period.fromMs) * random.between(KEPT.from, KEPT.to)
      // A capture without its head could not be read at all.
      const losesEnd = path.endsWith('.pcap') || random.chance(0.6)
      const kept = losesEnd
        ? { fromMs: period.fromMs, toMs: period.fromMs + keptMs }
        : { fromMs: period.toMs - keptMs, toMs: period.toMs }
      this.#cut.set(path, kept)
    }
  }

  opening(open: OpenEvidence): OpenEvidence {
    return (path) => {
      if (this.#lost.has(path)) return () => undefined
      const sink = open(path)
      const kept = this.#cut.get(path)
      if (kept === undefined) return sink
      let [hasBegun, hasEnded] = [path.endsWith('.pcap'), false]
      return (chunk) => {
        const nowMs = this.#now()
        if (hasEnded || nowMs < kept.fromMs) return
        const starts = hasBegun ? 0 : Math.floor(chunk.length / 3)
        hasBegun = true
        hasEnded = nowMs > kept.toMs
        sink(chunk.slice(starts, hasEnded ? Math.ceil(chunk.length * 0.7) : chunk.length))
      }
    }
  }

  /** As the truth tells of it. */
  told(period: EvidencePeriod): EvidencePeriod[] {
    if (this.#lost.has(period.path)) return []
    const kept = this.#cut.get(period.path)
    if (kept === undefined) return [period]
    return [{ ...period, from: truthTime(kept.fromMs), to: truthTime(kept.toMs), isDamaged: true }]
  }
}
