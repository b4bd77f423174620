export const OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const
export type Operator = (typeof OPERATORS)[number]

export interface Bound {
  readonly operator: Operator
  readonly number: number
}

/** Bounds that must all hold: `{gt: 100, lte: 200}` is two. Never empty. */
export type Threshold = readonly Bound[]

export function meets(threshold: Threshold, measured: number): boolean {
  for (const bound of threshold) if (!isWithin(bound, measured)) return false
  return true
}

/**
 * From which count on nothing changes any more: one above the highest number named. A count need
 * never be kept beyond it.
 */
export function saturation(threshold: Threshold): number {
  return threshold.reduce((most, { number }) => Math.max(most, Math.floor(number) + 1), 1)
}

function isWithin({ operator, number }: Bound, measured: number): boolean {
  switch (operator) {
    case 'gt':
      return measured > number
    case 'gte':
      return measured >= number
    case 'lt':
      return measured < number
    case 'lte':
      return measured <= number
    case 'eq':
      return measured === number
    case 'neq':
      return measured !== number
    default:
      return false
  }
}
