import { closeSync, openSync, writeSync } from 'node:fs'
import type { TimedPacket } from '../../src/wire/encode/index.ts'

const BLOCK_BYTES = 8 << 20
const RECORD_BYTES = 16

/** Writes a capture in large pieces. */
export class BlockWriter {
  readonly #fd: number
  readonly #block = Buffer.alloc(BLOCK_BYTES)
  #length = 0
  #written = 0

  constructor(file: string) {
    this.#fd = openSync(file, 'w')
  }

  add(bytes: Uint8Array): void {
    if (this.#length + bytes.length > BLOCK_BYTES) this.#flush()
    this.#block.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** A record of classic pcap. Gives the block and where the frame stands in it, until the next is added. */
  frame({ timeMs, bytes }: TimedPacket): { readonly block: Buffer; readonly at: number } {
    if (this.#length + RECORD_BYTES + bytes.length > BLOCK_BYTES) this.#flush()
    const block = this.#block
    const seconds = Math.floor(timeMs / 1000)
    block.writeUInt32LE(seconds, this.#length)
    block.writeUInt32LE(Math.floor((timeMs - seconds * 1000) * 1000), this.#length + 4)
    block.writeUInt32LE(bytes.length, this.#length + 8)
    block.writeUInt32LE(bytes.length, this.#length + 12)
    const at = this.#length + RECORD_BYTES
    block.set(bytes, at)
    this.#length = at + bytes.length
    return { block, at }
  }

  /** Gives the bytes written in all. */
  close(): number {
    this.#flush()
    closeSync(this.#fd)
    return this.#written
  }

  #flush(): void {
    writeSync(this.#fd, this.#block, 0, this.#length)
    this.#written += this.#length
    this.#length = 0
  }
}
