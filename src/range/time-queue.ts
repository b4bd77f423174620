interface Entry<T> {
  readonly timeMs: number
  readonly order: number
  readonly value: T
}

/** Takes values in any order, gives them back by time; what was put in first comes first among equals. */
export class TimeQueue<T> {
  readonly #heap: Entry<T>[] = []
  #order = 0

  put(timeMs: number, value: T): void {
    const heap = this.#heap
    const entry = { timeMs, order: this.#order++, value }
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (parent === undefined || !isBefore(entry, parent)) break
      heap[at] = parent
      at = parentAt
    }
    heap[at] = entry
  }

  /** The earliest value, if it is due by `untilMs`. */
  takeDue(untilMs: number): { timeMs: number; value: T } | null {
    const first = this.#heap[0]
    if (first === undefined || first.timeMs > untilMs) return null
    const last = this.#heap.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let childAt = 2 * at + 1
      let child = heap[childAt]
      if (child === undefined) break
      const right = heap[childAt + 1]
      if (right !== undefined && isBefore(right, child)) {
        childAt += 1
        child = right
      }
      if (!isBefore(child, entry)) break
      heap[at] = child
      at = childAt
    }
    heap[at] = entry
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order)
}
