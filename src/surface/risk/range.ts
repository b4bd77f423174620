import type { Range } from '../document.ts'

export const ZERO: Range = Object.freeze({ low: 0, mid: 0, high: 0 })

export function exactly(value: number): Range {
  return { low: value, mid: value, high: value }
}

export function add(a: Range, b: Range): Range {
  return { low: a.low + b.low, mid: a.mid + b.mid, high: a.high + b.high }
}

/** For factors and amounts that are not negative. */
export function multiply(a: Range, b: Range): Range {
  return { low: a.low * b.low, mid: a.mid * b.mid, high: a.high * b.high }
}

/** A chance is at most 1. */
export function capped(a: Range, most = 1): Range {
  return { low: Math.min(a.low, most), mid: Math.min(a.mid, most), high: Math.min(a.high, most) }
}

/** That at least one of two things that do not depend on each other happens. */
export function eitherOf(a: Range, b: Range): Range {
  return {
    low: 1 - (1 - a.low) * (1 - b.low),
    mid: 1 - (1 - a.mid) * (1 - b.mid),
    high: 1 - (1 - a.high) * (1 - b.high),
  }
}

export function largest(a: Range, b: Range): Range {
  return b.mid > a.mid || (b.mid === a.mid && b.high > a.high) ? b : a
}

/** Four significant digits: more would be false precision, fewer would not add up. */
export function rounded(a: Range): Range {
  return { low: significant(a.low), mid: significant(a.mid), high: significant(a.high) }
}

function significant(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : 0
}
