import type { Event, EventKind } from '../event/event.ts'
import type { Finding } from '../event/finding.ts'
import type { Intel } from '../intel/intel.ts'

/** What a detector may know besides its own state: tables and the operator's rules, never the clock. */
export interface DetectorContext {
  readonly intel: Intel
}

/**
 * A stateful detector. It declares its key, window and bound; the engine owns the state: it counts,
 * expires by event time, drops the longest unused beyond the bound (and says so), snapshots, restores
 * and merges. So the same detector runs in one process, resumes after a crash, and runs partitioned
 * by key on a fleet.
 *
 * `State` must survive `structuredClone` and JSON: plain objects, arrays, numbers, strings, booleans, null.
 */
export interface Detector<State = unknown> {
  /** Folder name = id = config key = docs slug. */
  readonly id: string
  readonly title: string
  readonly kinds: readonly EventKind[]
  /** ATT&CK v19 techniques it can name. */
  readonly attack: readonly string[]
  /** State untouched for this long (event time, ms) is dropped. */
  readonly windowMs: number
  /** At most so many keys are held at once. */
  readonly maxKeys: number
  /** The key(s) an event counts under: raw identifiers, stable on a fleet; null = not for this detector. */
  keysOf(event: Event): string | readonly string[] | null
  create(key: string): State
  /**
   * Pure but for `state`: same events, same findings. A finding told again carries the same id;
   * its evidence keeps at most 20 origins (see `event/finding.ts`). The newest telling wins.
   */
  step(state: State, event: Event, tell: (finding: Finding) => void, context: DetectorContext): void
  /** Two keys turned out to be one (or two partitions meet): fold `from` into `into`. */
  merge(into: State, from: State): State
}
