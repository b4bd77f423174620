interface Waiting<Item> {
  readonly item: Item
  readonly order: number
}

/**
 * Puts things in the order they have in the input. At most `limit` wait; beyond it the earlier half goes out, and
 * what belongs before it and comes later stands behind it.
 */
export class InOrder<Item> {
  readonly #tell: (item: Item) => void
  readonly #limit: number
  #waiting: Waiting<Item>[] = []

  constructor(tell: (item: Item) => void, limit: number) {
    this.#tell = tell
    this.#limit = limit
  }

  add(item: Item, order: number): void {
    this.#waiting.push({ item, order })
    if (this.#waiting.length > this.#limit) this.#letGo(this.#limit >> 1)
  }

  end(): void {
    this.#letGo(this.#waiting.length)
  }

  #letGo(count: number): void {
    const sorted = this.#waiting.toSorted((a, b) => a.order - b.order)
    for (const { item } of sorted.slice(0, count)) this.#tell(item)
    this.#waiting = sorted.slice(count)
  }
}
