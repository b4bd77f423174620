import type { Baseline } from './baseline.ts'
import type { StepSeries } from './step-series.ts'

const HOUR_MS = 3_600_000

export interface Span {
  readonly from: number
  readonly to: number
}

/** What was taken of a machine in some time, against what is normal for it. */
export interface Stolen {
  /** Means over the time that was measured, 0 to 1. */
  readonly busyShare: number
  readonly normalShare: number
  /** Of the machine: busy beyond normal. */
  readonly stolenShare: number
  /** Hours of the whole machine that it took. */
  readonly machineHours: number
  /** How much of the time was measured, 0 to 1. */
  readonly coverage: number
}

/** Null where nothing was measured, or where too little of the past is known to say what is normal. */
export function stolenIn(series: StepSeries, baseline: Baseline, spans: readonly Span[]): Stolen | null {
  let busy = 0
  let normal = 0
  let stolen = 0
  let measured = 0
  let all = 0
  for (const { from, to } of spans) {
    all += Math.max(0, to - from)
    for (const step of series.steps(from, to)) {
      const ms = Math.min(to, step.to) - Math.max(from, step.from)
      const usual = baseline.at(step.from)
      if (usual === null) return null
      busy += step.value * ms
      normal += Math.min(usual.value, step.value) * ms
      stolen += Math.max(0, step.value - usual.value) * ms
      measured += ms
    }
  }
  if (measured === 0) return null
  return {
    busyShare: busy / measured,
    normalShare: normal / measured,
    stolenShare: stolen / measured,
    machineHours: stolen / HOUR_MS,
    coverage: all === 0 ? 0 : Math.min(1, measured / all),
  }
}
