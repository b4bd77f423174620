import { type Bytes, type OpenStream, readAt } from './bytes.ts'
import type { Input } from './input.ts'
import { HEAD_BYTES } from './limits.ts'

/** Where an input is and what is known about it before it is read. */
export interface Place {
  readonly name: string
  readonly group: string
  readonly storedSize: number | null
  readonly modifiedAt: number | null
}

/**
 * An input whose head (and tail) are read when they are asked for, not held: there may be 100,000.
 * Ask once and keep it while you need it.
 */
export class OpenedInput implements Input {
  readonly name: string
  readonly group: string
  readonly storedSize: number | null
  readonly modifiedAt: number | null
  readonly #open: OpenStream
  readonly #head: Bytes
  readonly #whole: Bytes | null

  /** `head` are its first bytes at least; `whole` all of them, where they can be had at any place. */
  constructor(place: Place, open: OpenStream, head: Bytes, whole: Bytes | null) {
    this.name = place.name
    this.group = place.group
    this.storedSize = place.storedSize
    this.modifiedAt = place.modifiedAt
    this.#open = open
    this.#head = head
    this.#whole = whole
  }

  get head(): Uint8Array {
    return readOrNothing(this.#head, 0)
  }

  chunks(problem: (text: string) => void): AsyncIterable<Uint8Array> {
    return this.#open(problem)
  }

  whole(): Bytes | null {
    return this.#whole
  }

  tail(): Uint8Array | null {
    const whole = this.#whole
    return whole === null ? null : readOrNothing(whole, Math.max(0, whole.size - HEAD_BYTES))
  }
}

/** What keeps a head from being read is told when the input is. */
function readOrNothing(bytes: Bytes, position: number): Uint8Array {
  try {
    return readAt(bytes, position, HEAD_BYTES)
  } catch {
    return new Uint8Array(0)
  }
}
