import type { Evidence } from '../../../event/origin.ts'
import { keepProof, mergeProofs, PROOF_BYTES, proofsSince, tidyProofs } from '../proofs.ts'
import { meets, type Threshold } from '../threshold.ts'
import {
  dropOldest,
  emptySeries,
  insertEntry,
  MAX_ENTRIES,
  mergeSeries,
  oldestTime,
  type Series,
  sizeOf,
  totalOf,
} from './series.ts'
import type { Window } from './window.ts'

export interface ValueMetric {
  series: Series
  /** The values in ascending order, where ranks are asked for. */
  sorted: number[]
  proofs: Evidence[]
}

export type Metric =
  | { readonly kind: 'sum' | 'average' }
  /** 0 to 100: 0 is the least value, 50 the median, 100 the greatest. */
  | { readonly kind: 'percentile'; readonly percentile: number }

/** `value_sum`, `value_avg`, `value_percentile`, `value_median`, `value_min`, `value_max`. */
export function valueMetric(metric: Metric, threshold: Threshold): Window<ValueMetric> {
  const isRanked = metric.kind === 'percentile'
  const drop = (state: ValueMetric): void => {
    const value = dropOldest(state.series)
    if (isRanked) state.sorted.splice(placeOf(state.sorted, value), 1)
  }
  return {
    create: () => ({ series: emptySeries(), sorted: [], proofs: [] }),
    add(state, { time, value, proof }) {
      if (typeof value !== 'number') return false
      insertEntry(state.series, time, value)
      if (isRanked) state.sorted = inserted(state.sorted, value)
      state.proofs = keepProof(state.proofs, proof)
      if (sizeOf(state.series) > MAX_ENTRIES) {
        drop(state)
        state.series.lost++
      }
      return true
    },
    holds(state, from) {
      while (oldestTime(state.series) < from) drop(state)
      tidyProofs(state.proofs, from)
      return sizeOf(state.series) > 0 && meets(threshold, measure(metric, state))
    },
    membersOf: ({ series, proofs }, from) => ({
      count: sizeOf(series),
      firstSeen: oldestTime(series),
      proofs: proofsSince(proofs, from),
      isPartial: series.lost > 0,
    }),
    merge(into, from) {
      const series = mergeSeries(into.series, from.series)
      const sorted = isRanked ? series.values.toSorted((a, b) => a - b) : []
      return { series, sorted, proofs: mergeProofs(into.proofs, from.proofs) }
    },
    bytesOf: ({ series, sorted, proofs }) =>
      200 + series.times.length * 24 + sorted.length * 8 + proofs.length * PROOF_BYTES,
  }
}

function measure(metric: Metric, { series, sorted }: ValueMetric): number {
  if (metric.kind === 'percentile') return percentileOf(sorted, metric.percentile)
  return metric.kind === 'sum' ? totalOf(series) : totalOf(series) / sizeOf(series)
}

/** Between the two nearest ranks in proportion (as PostgreSQL's `percentile_cont`, NumPy's default). */
export function percentileOf(sorted: readonly number[], percentile: number): number {
  const rank = (percentile / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(rank)] ?? Number.NaN
  const above = sorted[Math.ceil(rank)] ?? Number.NaN
  return below === above ? below : below + (above - below) * (rank - Math.floor(rank))
}

/** Where a value stands, or would stand. */
function placeOf(sorted: readonly number[], value: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? 0) < value) from = middle + 1
    else to = middle
  }
  return from
}

function inserted(sorted: number[], value: number): number[] {
  if (sorted.length === 0) return [value]
  sorted.splice(placeOf(sorted, value), 0, value)
  return sorted
}
