import type { Correlation } from '../correlation.ts'
import { eventCount, type EventCount } from './event-count.ts'
import { temporal, type Temporal } from './temporal.ts'
import { temporalOrdered, type TemporalOrdered } from './temporal-ordered.ts'
import { valueCount, type ValueCount } from './value-count.ts'
import { type Metric, valueMetric, type ValueMetric } from './value-metric.ts'
import type { Window } from './window.ts'

/** Hands a correlation's window to code that works with any of them. */
export interface WindowUser<Result> {
  use<State>(window: Window<State>): Result
}

/** Null for an expression that has too many ways to hold. */
export function useWindowOf<Result>(
  { type, rules, condition }: Correlation,
  user: WindowUser<Result>,
): Result | null {
  if (condition.kind === 'expression') {
    if (type === 'temporal') return user.use<Temporal>(temporal(rules.length, condition.expression))
    const ordered = temporalOrdered(rules.length, condition.expression)
    return ordered === null ? null : user.use<TemporalOrdered>(ordered)
  }
  const { threshold, percentile } = condition
  switch (type) {
    case 'event_count':
      return user.use<EventCount>(eventCount(threshold))
    case 'value_count':
      return user.use<ValueCount>(valueCount(threshold))
    case 'temporal':
      return user.use<Temporal>(temporal(rules.length, threshold))
    case 'temporal_ordered': {
      const ordered = temporalOrdered(rules.length, threshold)
      return ordered === null ? null : user.use<TemporalOrdered>(ordered)
    }
    default:
      return user.use<ValueMetric>(valueMetric(metricOf(type, percentile), threshold))
  }
}

function metricOf(type: Correlation['type'], percentile: number | null): Metric {
  switch (type) {
    case 'value_sum':
      return { kind: 'sum' }
    case 'value_avg':
      return { kind: 'average' }
    case 'value_min':
      return { kind: 'percentile', percentile: 0 }
    case 'value_max':
      return { kind: 'percentile', percentile: 100 }
    default:
      return { kind: 'percentile', percentile: percentile ?? 50 }
  }
}
