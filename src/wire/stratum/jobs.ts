/** How many jobs a pool may have out at once; a share for an older one is stale anyway. */
const MAX_JOBS = 64

/** Stands for a job's id: see `keyAt`. */
export type JobKey = number

/** Hashes per share of the jobs handed out lately. */
export class Jobs {
  private readonly hashesByKey = new Map<JobKey, number>()
  /** Of the job handed out last; null before the dialogue has told a difficulty. */
  hashesPerShare: number | null = null
  /** Stands for the text the difficulty was last read from, so that it need not be read again. */
  targetKey: number | null = null
  count = 0

  add(key: JobKey): void {
    this.count++
    if (this.hashesPerShare === null) return
    if (this.hashesByKey.size >= MAX_JOBS) {
      const oldest = this.hashesByKey.keys().next()
      if (oldest.done !== true) this.hashesByKey.delete(oldest.value)
    }
    this.hashesByKey.set(key, this.hashesPerShare)
  }

  /** The unit of the difficulties given so far turned out to be another. */
  scale(factor: number): void {
    for (const [key, hashes] of this.hashesByKey) this.hashesByKey.set(key, hashes * factor)
    if (this.hashesPerShare !== null) this.hashesPerShare *= factor
  }

  hashesOf(key: JobKey): number | null {
    return this.hashesByKey.get(key) ?? this.hashesPerShare
  }
}
