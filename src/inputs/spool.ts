import { randomBytes } from 'node:crypto'
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatBytes } from '../text/units.ts'
import { type Bytes, HeldBytes, PartBytes, readFully } from './bytes.ts'
import type { InputLimits } from './limits.ts'
import { systemReason } from './system-error.ts'

const MAX_HELD_BYTES_EACH = 2 ** 20
const BLOCK_BYTES = 256 * 1024

export interface Spooled {
  readonly bytes: Bytes
  /** Why the rest is missing; null where nothing is. */
  readonly damage: string | null
}

/**
 * Keeps unpacked bytes for reading again: small ones in memory, everything else in one temporary
 * file that only this process can reach, because its name is removed as soon as it is open. So it
 * is gone when the process is, however that ends.
 */
export class Spool {
  readonly #folder: string
  readonly #limits: InputLimits
  #held = 0
  #block: Buffer = Buffer.alloc(0)
  #blockUsed = 0
  #file: SpoolFile | null = null

  constructor(folder: string | undefined, limits: InputLimits) {
    this.#folder = folder ?? tmpdir()
    this.#limits = limits
  }

  /** Keeps a stream. One at a time: streams must not be stored side by side. */
  async store(stream: AsyncIterable<Uint8Array>): Promise<Spooled> {
    const small: Buffer[] = []
    let smallBytes = 0
    let start = -1
    for await (const chunk of stream) {
      if (start < 0 && this.#mayHold(smallBytes + chunk.length)) {
        small.push(Buffer.from(chunk))
        smallBytes += chunk.length
        continue
      }
      const isFirst = start < 0
      if (isFirst) start = this.#file?.size ?? 0
      const damage = this.#append(isFirst ? [...small, chunk] : [chunk])
      if (damage !== null) return { bytes: this.#written(start), damage }
    }
    if (start >= 0) return { bytes: this.#written(start), damage: null }
    return { bytes: this.#hold(small, smallBytes), damage: null }
  }

  /** Keeps a few bytes, at most a mebibyte; without the rest where there is no room. */
  keep(bytes: Uint8Array): Bytes {
    if (this.#mayHold(bytes.length)) return this.#hold([bytes], bytes.length)
    const start = this.#file?.size ?? 0
    this.#append([bytes])
    return this.#written(start)
  }

  close(): void {
    this.#file?.close()
    this.#file = null
  }

  #mayHold(bytes: number): boolean {
    return bytes <= MAX_HELD_BYTES_EACH && this.#held + bytes <= this.#limits.maxHeldBytes
  }

  /** Side by side in blocks of its own: a small buffer from Node's shared pool would pin 8 KiB. */
  #hold(chunks: readonly Uint8Array[], length: number): Bytes {
    this.#held += length
    if (this.#blockUsed + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(length, BLOCK_BYTES))
      this.#blockUsed = 0
    }
    const start = this.#blockUsed
    for (const chunk of chunks) {
      this.#block.set(chunk, this.#blockUsed)
      this.#blockUsed += chunk.length
    }
    return new HeldBytes(this.#block.subarray(start, start + length))
  }

  #append(chunks: readonly Uint8Array[]): string | null {
    const { maxSpoolBytes } = this.#limits
    try {
      this.#file ??= new SpoolFile(this.#folder)
      for (const chunk of chunks) {
        if (this.#file.size + chunk.length > maxSpoolBytes)
          return `cut off: unpacking would take more than ${formatBytes(maxSpoolBytes)} of temporary space`
        this.#file.append(chunk)
      }
      return null
    } catch (error) {
      return `cut off: cannot unpack it to ${this.#folder}: ${systemReason(error)}`
    }
  }

  #written(start: number): Bytes {
    if (this.#file === null) return new HeldBytes(new Uint8Array(0))
    return new PartBytes(this.#file.snapshot(), start, Infinity)
  }
}

class SpoolFile {
  readonly #handle: number
  #size = 0
  #isOpen = true

  constructor(folder: string) {
    const path = join(folder, `davylamp-${randomBytes(12).toString('hex')}`)
    this.#handle = openSync(path, 'wx+', 0o600)
    unlinkSync(path)
  }

  get size(): number {
    return this.#size
  }

  append(bytes: Uint8Array): void {
    let done = 0
    while (done < bytes.length) {
      const count = writeSync(this.#handle, bytes, done, bytes.length - done, this.#size)
      done += count
      this.#size += count
    }
  }

  /** What is there now; what is appended later is not part of it. */
  snapshot(): Bytes {
    return {
      size: this.#size,
      read: (into, position) => {
        if (!this.#isOpen) throw new Error('the inputs were closed')
        return readFully(this.#handle, into, position)
      },
    }
  }

  close(): void {
    this.#isOpen = false
    closeSync(this.#handle)
  }
}
