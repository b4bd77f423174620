import type { TcpConnection } from './connection.ts'

/** Connections in the order in which they began; linked through themselves. */
class Queue {
  first: TcpConnection | null = null
  #last: TcpConnection | null = null

  add(connection: TcpConnection): void {
    connection.older = this.#last
    if (this.#last === null) this.first = connection
    else this.#last.newer = connection
    this.#last = connection
  }

  remove(connection: TcpConnection): void {
    const { newer, older } = connection
    if (older !== null) older.newer = newer
    else this.first = newer
    if (newer !== null) newer.older = older
    else this.#last = older
    connection.older = connection.newer = null
  }
}

/** Connections being read, by a small number each that is used again, and which of the undecided ones has been there for longest. */
export class Connections {
  readonly #all: (TcpConnection | null)[] = []
  readonly #free: number[] = []
  /** Those that were undecided when last looked at, and the older ones that were not. */
  readonly #undecided = new Queue()
  readonly #mining = new Queue()

  get size(): number {
    return this.#all.length - this.#free.length
  }

  /** `number` as `add` gave it, until `delete`. */
  get(number: number): TcpConnection | null {
    return this.#all[number] ?? null
  }

  /** Reads what the next packets of these connections need, those that there are, and gives some number. */
  touch(numbers: Int32Array, count: number): number {
    const all = this.#all
    let sum = 0
    for (let i = 0; i < count; i++) {
      const number = numbers[i] ?? 0
      const connection = number < 0 ? null : all[number]
      if (connection !== null && connection !== undefined) sum ^= connection.touch()
    }
    return sum
  }

  add(connection: TcpConnection): number {
    const number = this.#free.pop() ?? this.#all.length
    this.#all[number] = connection
    this.#undecided.add(connection)
    return number
  }

  delete(number: number): void {
    const connection = this.get(number)
    if (connection === null) return
    this.#all[number] = null
    this.#free.push(number)
    if (connection.isSetAside) this.#mining.remove(connection)
    else this.#undecided.remove(connection)
  }

  /** The connection that has been undecided for longest; of all of them where every one is about mining; null if there is none. */
  oldest(): TcpConnection | null {
    let { first } = this.#undecided
    for (; first?.verdict === 'mining'; first = this.#undecided.first) {
      this.#undecided.remove(first)
      first.isSetAside = true
      this.#mining.add(first)
    }
    return first ?? this.#mining.first
  }
}
