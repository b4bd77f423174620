import { type StagedTenure, type TrueFile, type TruePressure, type TrueWayIn, truthTime } from './truth.ts'

/** What acts do to one machine, noted as it happens; `scene.ts` makes the truth of it. */
export class Ledger {
  readonly #tries = new Map<string, number>()
  #firstTryMs: number | null = null
  #lastTryMs: number | null = null
  wayIn: TrueWayIn | null = null
  readonly files: TrueFile[] = []
  minerStartedMs: number | null = null
  readonly shares = { submitted: 0, accepted: 0, rejected: 0, expectedHashes: 0 }

  failedTry(ip: string, timeMs: number): void {
    this.#tries.set(ip, this.triesFrom(ip) + 1)
    this.#firstTryMs ??= timeMs
    this.#lastTryMs = timeMs
  }

  triesFrom(ip: string): number {
    return this.#tries.get(ip) ?? 0
  }

  touched(path: string, what: string, how: TrueFile['how'], timeMs: number): void {
    this.files.push({ path, time: truthTime(timeMs), what, how })
  }

  pressure(): TruePressure[] {
    if (this.#firstTryMs === null || this.#lastTryMs === null) return []
    const sources = Array.from(this.#tries, ([ip, tries]) => ({ ip, tries })).toSorted(
      (a, b) => b.tries - a.tries,
    )
    const tries = sources.reduce((sum, source) => sum + source.tries, 0)
    const [firstSeen, lastSeen] = [truthTime(this.#firstTryMs), truthTime(this.#lastTryMs)]
    return [{ kind: 'ssh-guessing', tries, sources, firstSeen, lastSeen }]
  }

  /** The one tenure of this scene, if a miner ran. */
  tenure(
    occupant: string,
    endMs: number,
    about: Pick<StagedTenure['mining'], 'pool' | 'hashrate'>,
  ): StagedTenure[] {
    if (this.minerStartedMs === null) return []
    const { submitted, accepted, rejected, expectedHashes } = this.shares
    const mining = {
      pool: about.pool,
      coin: 'XMR',
      algorithm: 'rx/0',
      hashrate: about.hashrate,
      sharesSubmitted: submitted,
      sharesAccepted: accepted,
      sharesRejected: rejected,
      expectedHashes,
    }
    return [
      { occupant, start: truthTime(this.minerStartedMs), end: truthTime(endMs), isOngoing: true, mining },
    ]
  }
}
