import type { Actor } from '../../../event/actor.ts'
import type { Event, EventKind } from '../../../event/event.ts'
import type { Finding } from '../../../event/finding.ts'
import type { Detector, DetectorContext } from '../../detector.ts'
import {
  type FoldedFindings,
  mergeFindings,
  noFindings,
  seeTrick,
  tellRest,
  type Trick,
} from './host-findings.ts'
import { followLineage, followService, type Lineage, mergeLineages, noLineage } from './maintenance.ts'
import { onceAnEvent } from './once.ts'

/** What every detector of things done on a machine remembers of it. */
export interface HostState {
  findings: FoldedFindings
  /** Processes of package managers and automation. */
  lineage: Lineage
}

/** A trick without what the detector itself adds. */
export type Sighting = Omit<Trick, 'detector'>

export interface HostDetectorDefinition<Memory extends object> {
  readonly id: string
  readonly title: string
  readonly attack: readonly string[]
  readonly kinds: readonly EventKind[]
  /** What this detector remembers besides; JSON-able and bounded by its own care. */
  remember(): Memory
  /** What the event shows; `see` may be called more than once. */
  look(
    state: HostState & Memory,
    event: Event,
    see: (sighting: Sighting) => void,
    context: DetectorContext,
  ): void
  /** Folds the memory of one partition into another's. */
  mergeMemory(into: Memory, from: Memory): void
}

/** A month without any event of the machine: then it is told anew. */
const WINDOW_MS = 30 * 86_400_000
const MAX_MACHINES = 2000

/**
 * A detector of tricks on one machine: keyed by the machine that wrote the trail, repeats folded into
 * one finding each (`host-findings.ts`), package managers and automation known by their process tree.
 */
export function defineHostDetector<Memory extends object>(
  definition: HostDetectorDefinition<Memory>,
): Detector<HostState & Memory> {
  const { id, title, attack, kinds } = definition
  const isLookedAt: ReadonlySet<EventKind> = new Set(kinds)
  return {
    id,
    title,
    attack,
    kinds: kinds.includes('process') ? kinds : [...kinds, 'process'],
    windowMs: WINDOW_MS,
    maxKeys: MAX_MACHINES,
    keysOf: (event) => event.observer,
    create: () => ({ findings: noFindings(), lineage: noLineage(), ...definition.remember() }),
    step(state, event, tell, context) {
      if (event.kind === 'process') followLineage(state.lineage, event)
      const actor = actorOf(event)
      if (actor !== null) followService(state.lineage, actor, event.time)
      if (!isLookedAt.has(event.kind)) return
      const see = (sighting: Sighting): void =>
        seeTrick(state.findings, event, { detector: id, ...sighting }, tell)
      definition.look(state, event, see, context)
    },
    merge(into, from) {
      mergeFindings(into.findings, from.findings)
      mergeLineages(into.lineage, from.lineage)
      definition.mergeMemory(into, from)
      return into
    },
    settle(state, tell: (finding: Finding) => void) {
      tellRest(state.findings, tell)
    },
  }
}

const actorOf = onceAnEvent((event: Event): Actor | null => ('actor' in event ? event.actor : null))
