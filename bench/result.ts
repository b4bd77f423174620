import { z } from 'zod'

/** One line of the table that a baseline can hold. */
export const Result = z.object({
  id: z.string(),
  /**
   * Time in a unit that depends little on the machine: for evidence, CPU seconds as a multiple of what
   * JSON.parse takes for as many bytes of journal; for starting up, wall-clock time as a multiple of what
   * an empty Node program takes.
   */
  cost: z.number(),
  peakMegabytes: z.number(),
  wallSeconds: z.number().describe('on the machine of the baseline: for orientation'),
  megabytesPerSecond: z.number().nullable().describe('likewise'),
  recordsPerSecond: z.number().nullable().describe('likewise'),
})
export type Result = z.infer<typeof Result>

export const Baseline = z.object({
  machine: z.string(),
  results: z.array(Result),
})
export type Baseline = z.infer<typeof Baseline>

/** By the name of the size: figures of small evidence are dominated by starting up, and compare with each other only. */
export const Baselines = z.object({ full: Baseline.optional(), quick: Baseline.optional() })
export type Baselines = z.infer<typeof Baselines>

/** `+12 %`, `−3 %`; empty where there is nothing to compare with. */
export function changeInWords(now: number, before: number | undefined): string {
  if (before === undefined || before === 0) return ''
  const percent = Math.round((now / before - 1) * 100)
  return percent === 0 ? '=' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}
