/** How many jobs a pool may have out at once; a share for an older one is stale anyway. */
const MAX_JOBS = 64

/** Stands for a job's id: see `keyAt`. */
export type JobKey = number

/** Hashes per share of the jobs handed out lately. */
export class Jobs {
  /** The newest stands before `next`, in a ring. */
  private keys: JobKey[] | null = null
  private hashes: number[] | null = null
  private next = 0
  /** Of the job handed out last; null before the dialogue has told a difficulty. */
  hashesPerShare: number | null = null
  /** Stands for the text the difficulty was last read from, so that it need not be read again. */
  targetKey: number | null = null
  count = 0

  add(key: JobKey): void {
    this.count++
    if (this.hashesPerShare === null) return
    const keys = (this.keys ??= [])
    const hashes = (this.hashes ??= [])
    keys[this.next] = key
    hashes[this.next] = this.hashesPerShare
    this.next = (this.next + 1) % MAX_JOBS
  }

  /** The unit of the difficulties given so far turned out to be another. */
  scale(factor: number): void {
    this.hashes = this.hashes?.map((hashes) => hashes * factor) ?? null
    if (this.hashesPerShare !== null) this.hashesPerShare *= factor
  }

  hashesOf(key: JobKey): number | null {
    const { hashes, keys, next } = this
    if (keys === null || hashes === null) return this.hashesPerShare
    // The newest first: most shares are for it, and a job may be given out again with another difficulty.
    for (let back = 1; back <= keys.length; back++) {
      const at = (next - back + MAX_JOBS) % MAX_JOBS
      if (keys[at] === key) return hashes[at] ?? null
    }
    return this.hashesPerShare
  }
}
