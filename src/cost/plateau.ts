import { normalAt } from './baseline.ts'
import type { Step } from './step-series.ts'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
/** A rise of less than this share of the machine is not worth a word, nor one within what its hours vary by. */
const MIN_RISE = 0.12
const MIN_SPREADS = 4
const MIN_HOURS = 2
/** With fewer hours of past than say what is normal (a day of sar is all that many have): only what leaps, and stays flat for hours. */
const SHORT_PAST = { hours: 3, rise: 0.5, lasting: 3 } as const
/** Variation (standard deviation of the mean) below which load is flat: miners keep it at a few percent. */
const FLAT = 0.1
/** What comes again at the same hour for so long is a job of the machine's own. */
const MAX_JOB_HOURS = 12
/** Hours below normal that do not end a rise. */
const MAX_DIP_HOURS = 1

/** Time in which a machine worked far more than is normal for it. */
export interface Rise {
  readonly from: number
  readonly to: number
  readonly busyShare: number
  readonly normalShare: number
  /** Hours of the whole machine beyond normal. */
  readonly machineHours: number
  /** Standard deviation of the load by its mean. */
  readonly variation: number
  readonly isFlat: boolean
  /** Few hours of past say what is normal: it may as well be the beginning of the machine's day. */
  readonly isPastShort: boolean
  readonly hours: number
  /** It was going on when the measurements ended. */
  readonly isOpen: boolean
}

interface Hour {
  readonly hour: number
  readonly values: number[]
}

interface Open {
  first: number
  last: number
  dips: number
  /** Of each hour. */
  busy: number[][]
  normal: number[]
  beyond: number
  readonly isPastShort: boolean
}

/**
 * Rises over what is normal, of two hours and more; steps in order of time. What is normal comes from the hours before
 * that were normal themselves: a rise that goes on never becomes normal, one that ended within half a day does. Rises
 * that come again at the same hour of another day are jobs, and left out.
 */
export function risesIn(steps: Iterable<Step>): Rise[] {
  const past: (readonly [hour: number, value: number])[] = []
  const rises: Rise[] = []
  let open: Open | null = null
  const close = (isOpen: boolean): void => {
    if (open === null) return
    const hours = open.last - open.first + 1
    const rise = riseOf(open, hours, isOpen)
    if (rise.isPastShort ? rise.isFlat && hours >= SHORT_PAST.lasting : hours >= MIN_HOURS) rises.push(rise)
    open = null
  }
  let waiting: (readonly [hour: number, value: number])[] = []
  for (const { hour, values } of byHour(steps)) {
    const value = mean(values)
    if (open !== null && hour - open.last > MAX_DIP_HOURS + 1) close(false)
    const known = normalAt(past, hour)
    const normal = known ?? normalAt(past, hour, SHORT_PAST.hours)
    const leap = known === null ? SHORT_PAST.rise : MIN_RISE
    const isHigh = normal !== null && value - normal.value >= Math.max(leap, MIN_SPREADS * normal.spread)
    if (isHigh) {
      const begun = { first: hour, last: hour, dips: 0, busy: [], normal: [], beyond: 0 }
      open ??= { ...begun, isPastShort: known === null }
      open.last = hour
      open.dips = 0
      open.busy.push(values)
      open.normal.push(normal.value)
      open.beyond += value - normal.value
      waiting.push([hour, value])
      continue
    }
    if (open !== null && ++open.dips > MAX_DIP_HOURS) {
      const wasShort: boolean = open.last - open.first < MAX_JOB_HOURS
      close(false)
      if (wasShort) past.push(...waiting)
      waiting = []
    }
    if (open === null) past.push([hour, value])
  }
  close(true)
  return rises.filter((rise) => !rises.some((other) => isSameJob(rise, other)))
}

function riseOf(
  { first, last, busy, normal, beyond, isPastShort }: Open,
  hours: number,
  isOpen: boolean,
): Rise {
  const busyShare = mean(busy.flat())
  const variation = variationOf(busy.length > 2 ? busy.slice(1).flat() : busy.flat())
  return {
    from: first * HOUR_MS,
    to: (last + 1) * HOUR_MS,
    busyShare,
    normalShare: mean(normal),
    machineHours: beyond,
    variation,
    isFlat: variation < FLAT,
    isPastShort,
    isOpen,
    hours,
  }
}

/** Standard deviation by the mean. Of a rise that began in the middle of an hour that hour is left out before. */
function variationOf(values: readonly number[]): number {
  const level = mean(values)
  const deviation = Math.sqrt(mean(values.map((value) => (value - level) ** 2)))
  return level === 0 ? 0 : deviation / level
}

function isSameJob(a: Rise, b: Rise): boolean {
  if (a === b || a.hours > MAX_JOB_HOURS || b.hours > MAX_JOB_HOURS) return false
  const apart = Math.abs(a.from - b.from) / HOUR_MS
  const off = apart % DAY_HOURS
  return (
    apart >= DAY_HOURS - 2 &&
    (off <= 1 || off >= DAY_HOURS - 1) &&
    a.hours <= b.hours * 2 &&
    b.hours <= a.hours * 2
  )
}

function* byHour(steps: Iterable<Step>): Generator<Hour> {
  let hour: Hour | null = null
  for (const step of steps) {
    // A step longer than an hour stands for all hours it covers.
    const last = Math.max(Math.floor(step.from / HOUR_MS), Math.ceil(step.to / HOUR_MS) - 1)
    for (let at = Math.floor(step.from / HOUR_MS); at <= last; at++) {
      if (hour !== null && hour.hour === at) hour.values.push(step.value)
      else {
        if (hour !== null) yield hour
        hour = { hour: at, values: [step.value] }
      }
    }
  }
  if (hour !== null) yield hour
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
