import { addDecimals, type Decimal, parseDecimal, ZERO } from '../../text/decimal.ts'

const BILLION = 1_000_000_000
const MINUS = 45
const PLUS = 43
const POINT = 46
const ZERO_DIGIT = 48
const MAX_WHOLE_DIGITS = 8
const MAX_FRACTION_DIGITS = 18
/** A limb is carried over before it leaves what a float holds exactly. */
const CARRY_AT = 2 ** 52 - BILLION

/** A decimal number read from bytes: whole part and two groups of nine places. Made once and read into. */
export class DecimalBytes {
  whole = 0
  nano = 0
  atto = 0
  /** What does not fit the three: exponents, more places. */
  rest: Decimal | null = null
  readonly #decimalComma: boolean

  constructor(decimalComma = false) {
    this.#decimalComma = decimalComma
  }

  /** False where it is no number. Nothing at all counts as zero, as bills leave out what is nil. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.rest = null
    let at = start
    let sign = 1
    if (bytes[at] === MINUS) sign = -1
    if (bytes[at] === MINUS || bytes[at] === PLUS) at++
    let whole = 0
    const wholeStart = at
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - ZERO_DIGIT
      if (digit < 0 || digit > 9) break
      whole = whole * 10 + digit
    }
    const wholeDigits = at - wholeStart
    let nano = 0
    let atto = 0
    let places = 0
    if (at < end && bytes[at] === POINT) {
      at++
      const pointAt = at
      for (; at < end; at++) {
        const digit = (bytes[at] ?? 0) - ZERO_DIGIT
        if (digit < 0 || digit > 9) break
        if (at - pointAt < 9) nano = nano * 10 + digit
        else atto = atto * 10 + digit
      }
      places = at - pointAt
    }
    const isFast =
      at === end &&
      wholeDigits <= MAX_WHOLE_DIGITS &&
      places <= MAX_FRACTION_DIGITS &&
      wholeDigits + places > 0
    if (!isFast) return this.#readSlowly(bytes, start, end)
    for (let have = places; have < 9; have++) nano *= 10
    if (places > 9) for (let have = places; have < 18; have++) atto *= 10
    this.whole = sign * whole
    this.nano = sign * nano
    this.atto = sign * atto
    return true
  }

  #readSlowly(bytes: Buffer, start: number, end: number): boolean {
    this.whole = 0
    this.nano = 0
    this.atto = 0
    if (start >= end) return true
    let text = bytes.toString('latin1', start, end).trim()
    if (this.#decimalComma && /^[-+]?\d+,\d+$/u.test(text)) text = text.replace(',', '.')
    if (text === '') return true
    this.rest = parseDecimal(text)
    return this.rest !== null
  }
}

/** Exact sums of decimals, by number: each three floats that hold whole numbers, and now and then a bigint. */
export class DecimalSums {
  #whole = new Float64Array(64)
  #nano = new Float64Array(64)
  #atto = new Float64Array(64)
  readonly #rest = new Map<number, Decimal>()

  /** Makes room for the sums 0 to `count` - 1. */
  grow(count: number): void {
    if (count <= this.#whole.length) return
    const size = Math.max(count, this.#whole.length * 2)
    this.#whole = grown(this.#whole, size)
    this.#nano = grown(this.#nano, size)
    this.#atto = grown(this.#atto, size)
  }

  add(index: number, value: DecimalBytes): void {
    this.#whole[index] = (this.#whole[index] ?? 0) + value.whole
    const nano = (this.#nano[index] ?? 0) + value.nano
    this.#nano[index] = nano
    const atto = (this.#atto[index] ?? 0) + value.atto
    this.#atto[index] = atto
    if (Math.abs(nano) > CARRY_AT || Math.abs(atto) > CARRY_AT) this.#carry(index)
    if (value.rest !== null) this.#rest.set(index, addDecimals(this.#rest.get(index) ?? ZERO, value.rest))
  }

  of(index: number): Decimal {
    const units =
      (limb(this.#whole[index]) * 1_000_000_000n + limb(this.#nano[index])) * 1_000_000_000n +
      limb(this.#atto[index])
    return addDecimals({ units, scale: 18 }, this.#rest.get(index) ?? ZERO)
  }

  #carry(index: number): void {
    const attoCarry = Math.trunc((this.#atto[index] ?? 0) / BILLION)
    this.#atto[index] = (this.#atto[index] ?? 0) - attoCarry * BILLION
    const nano = (this.#nano[index] ?? 0) + attoCarry
    const nanoCarry = Math.trunc(nano / BILLION)
    this.#nano[index] = nano - nanoCarry * BILLION
    this.#whole[index] = (this.#whole[index] ?? 0) + nanoCarry
  }
}

function limb(value: number | undefined): bigint {
  return BigInt(value ?? 0)
}

export function grown(array: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const bigger = new Float64Array(size)
  bigger.set(array)
  return bigger
}
