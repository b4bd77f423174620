/** A map that forgets what was set longest ago beyond `limit`, and counts it. */
export class RecentMap<Value> {
  forgotten = 0
  private readonly entries = new Map<string, Value>()
  private readonly limit: number
  /** Walks from the old end; kept, or each look for the oldest would step over the ghosts of those before. */
  private oldest: Iterator<string>

  constructor(limit: number) {
    this.limit = limit
    this.oldest = this.entries.keys()
  }

  get size(): number {
    return this.entries.size
  }

  has(key: string): boolean {
    return this.entries.has(key)
  }

  get(key: string): Value | undefined {
    return this.entries.get(key)
  }

  set(key: string, value: Value): void {
    this.entries.delete(key)
    this.entries.set(key, value)
    if (this.entries.size <= this.limit) return
    let next = this.oldest.next()
    if (next.done === true) {
      this.oldest = this.entries.keys()
      next = this.oldest.next()
    }
    if (next.done !== true) {
      this.entries.delete(next.value)
      this.forgotten++
    }
  }
}
