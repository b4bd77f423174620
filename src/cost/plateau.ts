import { type Normal, normalAt } from './baseline.ts'
import type { Step } from './step-series.ts'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
/** A rise of less than this share of the machine is not worth a word, nor one within what its hours vary by. */
const MIN_RISE = 0.12
const MIN_SPREADS = 4
const MIN_HOURS = 2
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
  readonly basis: Normal['basis']
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
  busy: number[]
  normal: number[]
  beyond: number
  basis: Normal['basis']
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
    if (hours >= MIN_HOURS) rises.push(riseOf(open, hours, isOpen))
    open = null
  }
  let waiting: (readonly [hour: number, value: number])[] = []
  for (const { hour, values } of byHour(steps)) {
    const value = mean(values)
    if (open !== null && hour - open.last > MAX_DIP_HOURS + 1) close(false)
    const normal = normalAt(past, hour)
    const isHigh = normal !== null && value - normal.value >= Math.max(MIN_RISE, MIN_SPREADS * normal.spread)
    if (isHigh) {
      open ??= { first: hour, last: hour, dips: 0, busy: [], normal: [], beyond: 0, basis: normal.basis }
      open.last = hour
      open.dips = 0
      open.busy.push(...values)
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

function riseOf({ first, last, busy, normal, beyond, basis }: Open, hours: number, isOpen: boolean): Rise {
  const busyShare = mean(busy)
  const deviation = Math.sqrt(mean(busy.map((value) => (value - busyShare) ** 2)))
  const variation = busyShare === 0 ? 0 : deviation / busyShare
  return {
    from: first * HOUR_MS,
    to: (last + 1) * HOUR_MS,
    busyShare,
    normalShare: mean(normal),
    machineHours: beyond,
    variation,
    isFlat: variation < FLAT,
    basis,
    isOpen,
    hours,
  }
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
