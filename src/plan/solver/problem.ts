import type { Budget } from '../overhead.ts'

/**
 * What is to be chosen, in plain numbers. Money at risk a day is, over all sinks,
 *
 *     value × Π loss-layers (1 − best share) × (1 − Π ways (1 − likelihood × Π layers (1 − best share)))
 *
 * that is: ways into the same sink are alternatives (any one is enough), measures of different layers multiply on
 * what is left, and of measures on one layer only the best counts. So nothing is counted twice, and closing one of
 * two doors does not count as closing both.
 */
export interface PlanProblem {
  readonly sinks: readonly ProblemSink[]
  readonly ways: readonly ProblemWay[]
  readonly kinds: readonly ProblemKind[]
  readonly measures: readonly ProblemMeasure[]
  readonly budget: Budget
}

export interface ProblemSink {
  readonly id: string
  /** USD a day that can be burned. */
  readonly value: number
}

export interface ProblemWay {
  readonly id: string
  /** Chance within 30 days, 0–1. */
  readonly likelihood: number
  /** Indexes into `sinks`. */
  readonly sinks: readonly number[]
}

/** A control: its friction is paid once, however many of its measures are chosen. */
export interface ProblemKind {
  readonly id: string
  readonly friction: number
}

export interface ProblemEffect {
  readonly on: 'way' | 'sink'
  readonly index: number
  /** Of effects on one target's layer only the largest counts. */
  readonly layer: string
  /** What it takes away, 0–1. */
  readonly share: number
}

/** A control on one target: what is chosen or not. */
export interface ProblemMeasure {
  readonly id: string
  /** Index into `kinds`. */
  readonly kind: number
  readonly usdPerMonth: number
  readonly effects: readonly ProblemEffect[]
  /** What machines carry: CPU and downtime are limited per machine. */
  readonly loads: readonly {
    readonly asset: number
    readonly cpuPercent: number
    readonly downtimeSeconds: number
  }[]
}

export interface Solution {
  /** Indexes into `measures`, ascending. */
  readonly chosen: readonly number[]
  readonly removedUsdPerDay: number
  /** No plan within the budget removes more than this. */
  readonly boundUsdPerDay: number
  readonly isExact: boolean
}
