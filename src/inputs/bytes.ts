import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { formatNumber } from '../text/units.ts'
import { systemReason } from './system-error.ts'

/** Bytes that can be read at any place. `read` throws only what the operating system reports. */
export interface Bytes {
  readonly size: number
  /** Fills `into` from `position` on; gives the count, smaller than `into` only at the end. */
  read(into: Uint8Array, position: number): number
}

/** Opens a stream over the same bytes from their start, each time it is called. */
export type OpenStream = (problem: (text: string) => void) => AsyncGenerator<Uint8Array, void, undefined>

/** Hundreds of files are read side by side, each with a buffer of its own; larger ones save hardly any time. */
const CHUNK_BYTES = 64 * 1024

/** A file as it was when it was found: what is appended later is not read, what replaced it neither. */
export interface FileIdentity {
  readonly path: string | Buffer
  readonly device: number
  readonly inode: number
  readonly size: number
}

/**
 * A file on disk. It is opened for each read and closed again, so that any number of inputs can be
 * read side by side and an abandoned reader leaks nothing: 5 µs per read.
 */
export class FileBytes implements Bytes {
  readonly size: number
  readonly #file: FileIdentity

  constructor(file: FileIdentity) {
    this.#file = file
    this.size = file.size
  }

  read(into: Uint8Array, position: number): number {
    // Non-blocking, in case a named pipe took the file's place since it was looked at.
    const handle = openSync(this.#file.path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const now = fstatSync(handle)
      if (now.ino !== this.#file.inode || now.dev !== this.#file.device)
        throw new Error('it was replaced meanwhile')
      const wanted = into.subarray(0, Math.max(0, Math.min(into.length, this.size - position)))
      return readFully(handle, wanted, position)
    } finally {
      closeSync(handle)
    }
  }
}

/** Reads until `into` is full or the file ends. */
export function readFully(handle: number, into: Uint8Array, position: number): number {
  let filled = 0
  while (filled < into.length) {
    const count = readSync(handle, into, filled, into.length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return filled
}

export class HeldBytes implements Bytes {
  readonly size: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.size = bytes.length
  }

  read(into: Uint8Array, position: number): number {
    const from = this.#bytes.subarray(position, position + into.length)
    into.set(from)
    return from.length
  }
}

/** A region of other bytes, clipped to what is there. */
export class PartBytes implements Bytes {
  readonly size: number
  readonly #whole: Bytes
  readonly #start: number

  constructor(whole: Bytes, start: number, size: number) {
    this.#whole = whole
    this.#start = start
    this.size = Math.max(0, Math.min(size, whole.size - start))
  }

  read(into: Uint8Array, position: number): number {
    const wanted = Math.max(0, Math.min(into.length, this.size - position))
    return wanted === 0 ? 0 : this.#whole.read(into.subarray(0, wanted), this.#start + position)
  }
}

/** At most `length` bytes from `position`, in a buffer of their own; fewer at the end. */
export function readAt(bytes: Bytes, position: number, length: number): Buffer {
  const into = Buffer.allocUnsafe(Math.max(0, Math.min(length, bytes.size - position)))
  return into.subarray(0, bytes.read(into, position))
}

/** All bytes in order, in one reused buffer; `damage` is told at the end. */
export function streamOf(bytes: Bytes, damage: string | null = null): OpenStream {
  return async function* (problem) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, bytes.size))
    let position = 0
    while (position < bytes.size) {
      const count = readOrTell(bytes, buffer, position, problem)
      if (count === 0) return
      position += count
      yield buffer.subarray(0, count)
    }
    if (damage !== null) problem(damage)
  }
}

function readOrTell(bytes: Bytes, buffer: Buffer, position: number, problem: (text: string) => void): number {
  const place = (): string => `after ${formatNumber(position)} bytes`
  try {
    const count = bytes.read(buffer, position)
    if (count === 0) problem(`the file became shorter while it was read: it ends ${place()}`)
    return count
  } catch (error) {
    problem(`cannot be read further ${place()}: ${systemReason(error)}`)
    return 0
  }
}
