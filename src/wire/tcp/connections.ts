import type { TcpConnection } from './connection.ts'

interface Entry {
  readonly slot: number
  readonly connection: TcpConnection
  older: Entry | null
  newer: Entry | null
}

/** Connections being read, by the slot of their flow, and which of the undecided ones has been there for longest. */
export class Connections {
  readonly #bySlot = new Map<number, Entry>()
  #oldest: Entry | null = null
  #newest: Entry | null = null

  get size(): number {
    return this.#bySlot.size
  }

  get(slot: number): TcpConnection | undefined {
    return this.#bySlot.get(slot)?.connection
  }

  add(slot: number, connection: TcpConnection): void {
    const entry: Entry = { slot, connection, older: this.#newest, newer: null }
    if (this.#newest === null) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
    this.#bySlot.set(slot, entry)
  }

  delete(slot: number): void {
    const entry = this.#bySlot.get(slot)
    if (entry === undefined) return
    this.#bySlot.delete(slot)
    this.#unlink(entry)
  }

  /** Slot of the connection that has been undecided for longest, null if all are about mining. */
  oldestUndecided(): number | null {
    while (this.#oldest !== null && this.#oldest.connection.dialogue.verdict === 'mining')
      this.#unlink(this.#oldest)
    return this.#oldest?.slot ?? null
  }

  /** Slot of the connection that has been there for longest, whatever it is about; null if there is none. */
  oldest(): number | null {
    for (const slot of this.#bySlot.keys()) return slot
    return null
  }

  #unlink(entry: Entry): void {
    if (entry.older !== null) entry.older.newer = entry.newer
    else if (this.#oldest === entry) this.#oldest = entry.newer
    if (entry.newer !== null) entry.newer.older = entry.older
    else if (this.#newest === entry) this.#newest = entry.older
    entry.older = null
    entry.newer = null
  }
}
