/** How many jobs a pool may have out at once; a share for an older one is stale anyway. */
const MAX_JOBS = 64
const MAX_ID = 128

/** Hashes per share of the jobs handed out lately, by job id. */
export class Jobs {
  private readonly hashesById = new Map<string, number>()
  /** Of the job handed out last; null before the dialogue has told a difficulty. */
  hashesPerShare: number | null = null
  count = 0

  add(id: string | null): void {
    this.count++
    if (id === null || id.length > MAX_ID || this.hashesPerShare === null) return
    if (this.hashesById.size >= MAX_JOBS) {
      const oldest = this.hashesById.keys().next()
      if (oldest.done !== true) this.hashesById.delete(oldest.value)
    }
    this.hashesById.set(id, this.hashesPerShare)
  }

  /** The unit of the difficulties given so far turned out to be another. */
  scale(factor: number): void {
    for (const [id, hashes] of this.hashesById) this.hashesById.set(id, hashes * factor)
    if (this.hashesPerShare !== null) this.hashesPerShare *= factor
  }

  hashesOf(id: string | null): number | null {
    return (id === null ? undefined : this.hashesById.get(id)) ?? this.hashesPerShare
  }
}
