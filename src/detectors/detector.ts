import type { Keyed } from '../engine/keyed.ts'
import type { Event } from '../event/event.ts'
import type { Finding } from '../event/finding.ts'
import type { Intel } from '../intel/intel.ts'

/** What a detector may know besides its own state: read-only tables, never the clock. */
export interface DetectorContext {
  readonly intel: Intel
}

/**
 * A stateful detector. It declares its key, window and bound; the engine owns the state: it counts,
 * expires by event time, drops the longest unused beyond the bound (and says so), snapshots, restores
 * and merges. So the same detector runs in one process, resumes after a crash, and runs partitioned
 * by key on a fleet.
 *
 * A finding told again carries the same id, and the newest telling wins; its evidence keeps at most
 * 20 origins (`evidence.ts`). Tell when something new is worth knowing (the threshold is crossed, the
 * count has doubled) and the rest in `settle`, which comes when the state expires or the input ends:
 * telling every single event again costs time for nothing.
 */
export interface Detector<State = unknown> extends Keyed<State, Event, Finding, DetectorContext> {
  /** Folder name = id = config key = docs slug. */
  readonly id: string
  /** What it finds, in plain words, for the docs and the reports. */
  readonly title: string
  /** ATT&CK v19 techniques it can name. */
  readonly attack: readonly string[]
}
