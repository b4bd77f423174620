import type { Event } from '../event/event.ts'

interface Entry {
  readonly event: Event
  /** Events of one time leave in the order they came. */
  readonly number: number
}

/** A binary heap: the oldest event first, those of one time in the order they came. */
export class EventHeap {
  private readonly entries: Entry[] = []
  private number = 0

  get first(): Event | null {
    return this.entries[0]?.event ?? null
  }

  get size(): number {
    return this.entries.length
  }

  push(event: Event): void {
    const entry = { event, number: this.number++ }
    let at = this.entries.length
    this.entries.push(entry)
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = this.entries[parentAt]
      if (parent === undefined || isBefore(parent, entry)) break
      this.entries[at] = parent
      at = parentAt
    }
    this.entries[at] = entry
  }

  shift(): void {
    const last = this.entries.pop()
    if (last === undefined || this.entries.length === 0) return
    let at = 0
    for (;;) {
      const child = this.earlierChild(at)
      const entry = this.entries[child]
      if (entry === undefined || isBefore(last, entry)) break
      this.entries[at] = entry
      at = child
    }
    this.entries[at] = last
  }

  private earlierChild(at: number): number {
    const left = 2 * at + 1
    const one = this.entries[left]
    const other = this.entries[left + 1]
    return one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.event.time < b.event.time || (a.event.time === b.event.time && a.number < b.number)
}
