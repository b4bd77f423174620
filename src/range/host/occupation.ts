import type { FightCategory } from '../../event/finding.ts'
import type { Gang } from '../gangs/gang.ts'
import type { RunningMiner } from './running-miner.ts'

export interface Stretch {
  readonly miner: RunningMiner
  endMs: number | null
}

export interface Change {
  readonly timeMs: number
  readonly from: Gang
  readonly to: Gang
  /** Still grows while the newcomer is at it. */
  readonly how: ReadonlySet<FightCategory>
}

/** A miner that is back so soon was started anew. */
const RESTART_MS = 60_000

/**
 * Who holds a host. A change of hands is the first moment at which the newcomer mines and the holder, put out by the
 * newcomer, no longer does: the newcomer's start where it evicted first, the holder's end where both shared for a while.
 * A loser that comes back and is thrown out again was never in possession. A holder that starts its miner anew has not let go.
 */
export class Occupation {
  readonly #now: () => number
  readonly miners: RunningMiner[] = []
  readonly stretches: Stretch[] = []
  readonly changes: Change[] = []
  readonly #deeds = new Map<Gang, Set<FightCategory>>()
  #holder: Gang | null = null
  #ousted: { loser: Gang; by: Gang } | null = null
  /** Who stopped by itself while another shared, and when. */
  #paused: { gang: Gang; atMs: number } | null = null

  constructor(now: () => number) {
    this.#now = now
  }

  get holder(): Gang | null {
    return this.#holder
  }

  /** A gang is here (again): what it does from now on counts for the change that may come of it. */
  visitBegins(gang: Gang): void {
    if (this.#holder !== gang) this.#deeds.set(gang, new Set())
  }

  did(gang: Gang, category: FightCategory): void {
    this.#deedsOf(gang).add(category)
  }

  began(miner: RunningMiner): void {
    const { gang } = miner
    const ousted = this.#ousted
    this.miners.push(miner)
    this.stretches.push({ miner, endMs: null })
    if (this.#paused?.gang === gang && this.#now() - this.#paused.atMs <= RESTART_MS) this.#holder = gang
    if (this.#paused?.gang === gang) this.#paused = null
    if (ousted?.by === gang && !this.#isAtWork(ousted.loser)) {
      this.#takeOver(ousted.loser, gang)
    } else if (this.miners.every((other) => other.gang === gang)) {
      this.#holder = gang
      this.#ousted = null
    }
  }

  /** `by` null: nobody's doing, or an administrator's. */
  ended(miner: RunningMiner, by: Gang | null): void {
    this.miners.splice(this.miners.indexOf(miner), 1)
    const stretch = this.stretches.findLast((one) => one.miner === miner)
    if (stretch !== undefined) stretch.endMs = this.#now()
    const loser = miner.gang
    if (this.#isAtWork(loser) || this.#holder !== loser) return
    if (by === null || by === loser) {
      // Who shared with it is left with all of it, without having taken it.
      this.#holder = this.miners[0]?.gang ?? null
      this.#paused = this.#holder === null ? null : { gang: loser, atMs: this.#now() }
      this.#ousted = null
    } else if (this.#isAtWork(by)) {
      this.#takeOver(loser, by)
    } else {
      this.#ousted = { loser, by }
    }
  }

  #isAtWork(gang: Gang): boolean {
    return this.miners.some((miner) => miner.gang === gang)
  }

  #takeOver(loser: Gang, winner: Gang): void {
    this.#change(loser, winner)
    // What the loser has done so far is no part of how it may win the host back.
    this.#deeds.set(loser, new Set())
    this.#holder = winner
    this.#ousted = null
    this.#paused = null
  }

  #change(from: Gang, to: Gang): void {
    this.changes.push({ timeMs: this.#now(), from, to, how: this.#deedsOf(to) })
  }

  #deedsOf(gang: Gang): Set<FightCategory> {
    const deeds = this.#deeds.get(gang) ?? new Set()
    this.#deeds.set(gang, deeds)
    return deeds
  }
}
