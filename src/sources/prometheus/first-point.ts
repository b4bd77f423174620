import type { Input } from '../../inputs/input.ts'
import { isGap, OPEN_ARRAY } from '../json/json-bytes.ts'
import { MAX_SECONDS } from './points.ts'

/** What a number and the gap before it take, of what Prometheus writes. */
const MAX_NUMBER_BYTES = 256
const ZERO = 0x30
const NINE = 0x39
const COMMA = 0x2c
/** Numbers of more digits lose some. */
const MAX_DIGITS = 15

/**
 * Epoch ms of the earliest point of an answer, without reading what it says: nothing in it is earlier. Series may
 * begin at different times, so all of it is looked at. Null where it cannot be told.
 */
export async function firstPointTime(input: Input): Promise<number | null> {
  const scan = new PointScan()
  for await (const chunk of input.chunks(() => undefined)) scan.push(chunk)
  return scan.end()
}

/** The least number that stands first in an array: every point is such an array. */
export class PointScan {
  #first = Infinity
  #isLost = false
  /** From the bracket on, where a chunk ended before the number did. */
  #rest: Buffer = Buffer.alloc(0)
  #isBegun = false

  push(chunk: Uint8Array): void {
    if (this.#isLost || chunk.length === 0) return
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const bytes = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh])
    if (!this.#isBegun) {
      // UTF-16, by its mark.
      this.#isBegun = true
      this.#isLost = bytes[0] === 0xff || bytes[0] === 0xfe
    }
    const at = this.#walk(bytes, false)
    this.#rest = Buffer.from(bytes.subarray(at))
    if (this.#rest.length > MAX_NUMBER_BYTES) this.#isLost = true
  }

  end(): number | null {
    this.#walk(this.#rest, true)
    return this.#isLost || !Number.isFinite(this.#first) ? null : this.#first * 1000
  }

  /** Gives where to go on. */
  #walk(bytes: Buffer, isEnd: boolean): number {
    let open = bytes.indexOf(OPEN_ARRAY)
    while (open >= 0) {
      let at = open + 1
      while (isGap(bytes[at])) at++
      let digits = 0
      let whole = 0
      for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) {
        whole = whole * 10 + byte - ZERO
        digits++
      }
      if (at >= bytes.length) {
        if (!isEnd) return open
      } else if (digits > 0) {
        // `1778544060,`: a whole second, as steps mostly are. Everything else is left to JSON.
        const seconds =
          bytes[at] === COMMA && digits <= MAX_DIGITS ? whole : numberAt(bytes, at - digits, isEnd)
        if (seconds === null) return open
        if (seconds > 0 && seconds < MAX_SECONDS && seconds < this.#first) this.#first = seconds
      }
      open = bytes.indexOf(OPEN_ARRAY, at)
    }
    return bytes.length
  }
}

/** A number with a fraction or an exponent; NaN where it is none. Null where more has to be seen. */
function numberAt(bytes: Buffer, start: number, isEnd: boolean): number | null {
  let end = start
  while (end < bytes.length && isOfNumber(bytes[end] ?? 0)) end++
  if (end === bytes.length && !isEnd) return null
  return Number(bytes.toString('latin1', start, end))
}

/** `0` to `9`, `+`, `-`, `.`, `e`, `E`. */
function isOfNumber(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x65 ||
    byte === 0x45
  )
}
