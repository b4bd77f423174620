/** How an interface's time stamps turn into epoch ms. */
export interface TickScale {
  readonly perSecond: number
  readonly offsetSeconds: number
}

/** if_tsresol: negative power of ten, or of two where the high bit is set. */
export function tickScale(resolution: number, offsetSeconds: number): TickScale {
  const exponent = resolution & 0x7f
  return { perSecond: resolution & 0x80 ? 2 ** exponent : 10 ** exponent, offsetSeconds }
}

const DIGIT = 0x10000
/** Up to here a remainder times 65536 plus a digit stays exact in a double. */
const LARGEST_EXACT_DIVISOR = 2 ** 37

/**
 * A 64-bit count of ticks as epoch ms. Whole seconds and rest are divided out exactly first, so that
 * the same instant gives the same number whatever the resolution it was written in.
 */
export function ticksToMs(high: number, low: number, scale: TickScale): number {
  const { perSecond, offsetSeconds } = scale
  let seconds: number
  let rest: number
  if (high < 0x200000) {
    const ticks = high * 0x100000000 + low
    seconds = Math.floor(ticks / perSecond)
    rest = ticks - seconds * perSecond
  } else if (perSecond <= LARGEST_EXACT_DIVISOR) {
    seconds = 0
    rest = 0
    for (const digit of [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff]) {
      const value = rest * DIGIT + digit
      const quotient = Math.floor(value / perSecond)
      rest = value - quotient * perSecond
      seconds = seconds * DIGIT + quotient
    }
  } else {
    const ticks = (BigInt(high) << 32n) | BigInt(low)
    const divisor = BigInt(perSecond)
    seconds = Number(ticks / divisor)
    rest = Number(ticks % divisor)
  }
  return (seconds + offsetSeconds) * 1000 + rest / (perSecond / 1000)
}
