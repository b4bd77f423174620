/** So many changes without one that has to forget, and the walker is let go. */
const IDLE_CHANGES = 1000

/** A map that forgets what was set longest ago beyond `limit`, and counts it. */
export class RecentMap<Value> {
  forgotten = 0
  private readonly entries = new Map<string, Value>()
  private readonly limit: number
  private readonly walker: OldestKeys

  constructor(limit: number) {
    this.limit = limit
    this.walker = new OldestKeys(this.entries)
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
    if (this.entries.size <= this.limit) {
      this.walker.rest()
      return
    }
    const oldest = this.walker.next()
    if (oldest !== null) {
      this.entries.delete(oldest)
      this.forgotten++
    }
  }
}

/**
 * Walks the keys of a map from its old end, while the map changes. The iterator is kept from one call to
 * the next, because a new one steps over the ghosts of all that was deleted before; but not for long when
 * it is not used, because it pins every table that the map has outgrown since it was last moved.
 */
export class OldestKeys {
  private readonly entries: ReadonlyMap<string, unknown>
  private keys: Iterator<string> | null = null
  private idle = 0

  constructor(entries: ReadonlyMap<string, unknown>) {
    this.entries = entries
  }

  /** The oldest key that was not yet given; begins again at the old end when all were. Null for an empty map. */
  next(): string | null {
    this.idle = 0
    this.keys ??= this.entries.keys()
    let next = this.keys.next()
    if (next.done === true) {
      this.keys = this.entries.keys()
      next = this.keys.next()
    }
    return next.done === true ? null : next.value
  }

  /** The map was changed and nothing had to go. */
  rest(): void {
    if (this.keys !== null && ++this.idle > IDLE_CHANGES) this.keys = null
  }
}
