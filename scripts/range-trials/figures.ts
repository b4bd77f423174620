import type { TrialScore } from './trial.ts'

export const MEASURES = [
  'tenureIoU',
  'handsF1',
  'occupantPurity',
  'wayIn',
  'costError',
  'falseIncidents',
] as const
export type Measure = (typeof MEASURES)[number]

/** Over those battles in which there was something to measure. */
export interface Figure {
  readonly median: number
  readonly mean: number
  readonly count: number
}

export type Figures = Readonly<Record<Measure, Figure | null>>

export function summarise(scores: readonly TrialScore[]): Figures {
  const figure = (measure: Measure): Figure | null =>
    figureOf(scores.map((score) => score[measure]).filter((value) => value !== null))
  return {
    tenureIoU: figure('tenureIoU'),
    handsF1: figure('handsF1'),
    occupantPurity: figure('occupantPurity'),
    wayIn: figure('wayIn'),
    costError: figure('costError'),
    falseIncidents: figure('falseIncidents'),
  }
}

export function figureOf(values: readonly number[]): Figure | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { median, mean, count: values.length }
}
