/**
 * Exact decimal numbers: `units` × 10^-`scale`. Money is added up in these and in nothing else; `scale` is at most
 * MAX_SCALE, so that hostile text cannot make them grow.
 */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

/** Bills carry up to some 20 places; floating point printed in full up to some 35. */
export const MAX_SCALE = 60
const MAX_TEXT = 120
const MAX_EXPONENT = 60
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/u

export const ZERO: Decimal = { units: 0n, scale: 0 }

/** `12.50`, `-0.1`, `.5`, `1.2E-05`; null for anything else, and for what needs more places than MAX_SCALE. */
export function parseDecimal(text: string): Decimal | null {
  if (text.length > MAX_TEXT) return null
  const match = DECIMAL.exec(text.trim())
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponentText] = match
  if (whole === '' && fraction === '') return null
  const exponent = exponentText === undefined ? 0 : Number(exponentText)
  if (Math.abs(exponent) > MAX_EXPONENT) return null
  const digits = BigInt(whole + fraction)
  const signed = sign === '-' ? -digits : digits
  const scale = fraction.length - exponent
  const placed = scale >= 0 ? { units: signed, scale } : { units: signed * 10n ** BigInt(-scale), scale: 0 }
  const shortest = withoutZeros(placed)
  return shortest.scale > MAX_SCALE ? null : shortest
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { units: at(a, scale) + at(b, scale), scale }
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { units: -b.units, scale: b.scale })
}

/** Without zeros at its end: `12.5`, `-0.1`, `0`. */
export function decimalText(value: Decimal): string {
  const { units, scale } = withoutZeros(value)
  const size = units < 0n ? -units : units
  const digits = String(size).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(digits.length - scale)}`
}

/** The nearest float: for showing and comparing, never for adding up. */
export function decimalNumber(value: Decimal): number {
  return Number(decimalText(value))
}

function at({ units, scale }: Decimal, wanted: number): bigint {
  return scale === wanted ? units : units * 10n ** BigInt(wanted - scale)
}

function withoutZeros(value: Decimal): Decimal {
  let { units, scale } = value
  if (units === 0n) return ZERO
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n
    scale--
  }
  return { units, scale }
}
