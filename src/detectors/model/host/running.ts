import type { Event } from '../../../event/event.ts'
import type { ProcessEvent } from '../../../event/process.ts'
import type { Running } from '../../../event/running.ts'

/** From so many processors on a program burns: a seventh of one, all the time. */
export const BURNING_CORES = 0.15
/** So much of one shows that it works at all, where it wants to and others do not let it. */
const STARVED_CORES = 0.02
/** A program that is at work or waits for its turn for so much of the time only computes; what serves people waits for them. */
const WILLING_SHARE = 0.75
/** Parts of the interval may differ by so much of their mean (standard deviation), and be one plateau. */
const MAX_VARIATION = 0.12
/** Differences below this (processors) are how the kernel counts. */
const COUNTING_CORES = 0.02
/** What it does now may differ from what it did all its life by so much. */
const LIFETIME_TOLERANCE = 0.25

export interface Burner {
  readonly event: ProcessEvent
  readonly running: Running
  /** Processors it keeps busy. */
  readonly cores: number
}

/** A running program, seen from outside; null for other events and for whoever looked. */
export function runningOf(event: Event): { event: ProcessEvent; running: Running } | null {
  if (event.kind !== 'process' || event.action !== 'running' || event.running === undefined) return null
  return event.running.isOwn ? null : { event, running: event.running }
}

/**
 * One that keeps processors busy, and did so in every part of the interval. Where the machine is busy with something
 * else as well, what it was not given counts as what it would have taken.
 */
export function burnerOf(event: Event): Burner | null {
  const seen = runningOf(event)
  const cores = seen?.running.cpuCores ?? 0
  if (seen === null || seen.running.isKernelThread || cores < STARVED_CORES) return null
  const { cpuSeries: series, waitedSeries, waitedCores } = seen.running
  const isStarved = cores + (waitedCores ?? 0) >= WILLING_SHARE
  if (cores < BURNING_CORES && !isStarved) return null
  const isSteady = series.every((part, at) => part + (waitedSeries[at] ?? 0) > cores / 4)
  return isSteady ? { ...seen, cores } : null
}

/** Whether it works evenly, as what only computes does and what serves people does not. */
export function isPlateau({ running, cores }: Burner): boolean {
  const { cpuSeries: series, threads } = running
  if (series.length < 4) return false
  const mean = series.reduce((sum, part) => sum + part, 0) / series.length
  const variance = series.reduce((sum, part) => sum + (part - mean) ** 2, 0) / series.length
  const isEven =
    Math.sqrt(variance) <= Math.max(MAX_VARIATION * mean, COUNTING_CORES * Math.max(1, threads / 4))
  const { lifetimeCores } = running
  const isSame =
    lifetimeCores === null || Math.abs(lifetimeCores - cores) <= LIFETIME_TOLERANCE * cores + COUNTING_CORES
  return isEven && isSame
}

/** Epoch ms since when it has worked as it does now, where its whole life was so; else when it was seen. */
export function burningSince({ event, running, cores }: Burner): number {
  const { lifetimeCores, startedAt } = running
  const isAllItsLife = lifetimeCores !== null && lifetimeCores >= cores / 2
  return isAllItsLife && startedAt !== null
    ? Math.min(startedAt, event.time)
    : event.time - running.intervalMs
}

/** `0.98 of a processor`, `3.9 processors` */
export function coresInWords(cores: number): string {
  if (cores < 1) return `${Math.round(cores * 100)} % of a processor`
  const rounded = Math.round(cores * 10) / 10
  return rounded === 1 ? 'one processor' : `${rounded} processors`
}
