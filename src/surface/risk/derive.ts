import type { Estimate } from '../../intel/doors.ts'
import type { Derivation, Range } from '../document.ts'
import { add, capped, eitherOf, exactly, multiply, rounded, ZERO } from './range.ts'

type Unit = Derivation['unit']

/** A number of a table, with where it comes from. */
export function given(label: string, estimate: Estimate, unit: Unit, note: string | null = null): Derivation {
  const { low, mid, high, source } = estimate
  return { label, value: { low, mid, high }, unit, operation: 'given', note, source, parts: [] }
}

/** A number that the evidence or a price list states. */
export function stated(
  label: string,
  value: Range | number,
  unit: Unit,
  note: string | null = null,
): Derivation {
  const range = typeof value === 'number' ? exactly(value) : value
  return { label, value: rounded(range), unit, operation: 'given', note, source: null, parts: [] }
}

/** Chances are at most 1. */
export function product(
  label: string,
  unit: Unit,
  parts: readonly Derivation[],
  note: string | null = null,
): Derivation {
  const value = parts.reduce((so, part) => multiply(so, part.value), exactly(1))
  return {
    label,
    value: rounded(unit === 'chance' ? capped(value) : value),
    unit,
    operation: 'product',
    note,
    source: null,
    parts,
  }
}

export function sum(
  label: string,
  unit: Unit,
  parts: readonly Derivation[],
  note: string | null = null,
): Derivation {
  const value = parts.reduce((so, part) => add(so, part.value), ZERO)
  return { label, value: rounded(value), unit, operation: 'sum', note, source: null, parts }
}

export function anyOf(label: string, parts: readonly Derivation[], note: string | null = null): Derivation {
  const value = parts.reduce((so, part) => eitherOf(so, part.value), ZERO)
  return { label, value: rounded(value), unit: 'chance', operation: 'any-of', note, source: null, parts }
}
