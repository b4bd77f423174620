/** A map that forgets its oldest entries beyond `limit`, and counts them. */
export class BoundedMap<Value> {
  forgotten = 0
  private readonly entries = new Map<string, Value>()
  private readonly limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  get(key: string): Value | undefined {
    return this.entries.get(key)
  }

  set(key: string, value: Value): void {
    this.entries.set(key, value)
    if (this.entries.size <= this.limit) return
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest)
      this.forgotten++
      return
    }
  }

  values(): IterableIterator<Value> {
    return this.entries.values()
  }
}
