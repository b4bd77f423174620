import { type Rise, risesIn } from '../../cost/plateau.ts'
import type { Step } from '../../cost/step-series.ts'
import { contentId } from '../../event/content-id.ts'
import type { CpuEvent } from '../../event/cpu.ts'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { Evidence } from '../../event/origin.ts'
import { formatShare } from '../../text/units.ts'
import type { Detector } from '../detector.ts'
import { keepEvidence } from '../evidence.ts'

/** A machine's load in quarters of an hour, oldest first. */
export interface CpuPlateauState {
  subject: string
  quarters: { at: number; sum: number; weight: number }[]
  evidence: Evidence[]
  /** Up to which hour it was looked at. */
  hour: number
  /** By the beginning of what was told: hours of it at the last telling. */
  told: { from: number; hours: number }[]
}

const HOUR_MS = 3_600_000
const QUARTER_MS = HOUR_MS / 4
/** Four weeks: what is normal at an hour of the week is known from three. */
const MAX_QUARTERS = 4 * 7 * 24 * 4
/** Shorter than any tenure that pays, longer than most compilers and backups take. */
const MIN_HOURS = 3
/** Load below this is nobody's plateau. */
const MIN_SHARE = 0.25
const MAX_TOLD = 32

/**
 * Context only: a rise to a flat plateau is how mining looks from the outside, and how a simulation looks. It joins an
 * incident that other evidence makes, and shows there when the machine was held.
 */
export const cpuPlateau: Detector<CpuPlateauState> = {
  id: 'cpu-plateau',
  title: 'CPU load rises far above what is normal for the machine, and stays flat',
  kinds: ['cpu'],
  attack: ['T1496.001'],
  windowMs: 7 * 24 * HOUR_MS,
  maxKeys: 5000,
  maxBytes: 200 << 20,

  keysOf(event: Event): string | null {
    return isRead(event) ? (event.subjects[0] ?? event.observer) : null
  },

  create: (key: string) => ({ subject: key, quarters: [], evidence: [], hour: 0, told: [] }),

  step(state: CpuPlateauState, event: Event, tell: (finding: Finding) => void): void {
    if (!isRead(event)) return
    learn(state, event)
    const hour = Math.floor(event.time / HOUR_MS)
    if (hour <= state.hour) return
    state.hour = hour
    tellRises(state, tell, false)
  },

  merge(into: CpuPlateauState, from: CpuPlateauState): CpuPlateauState {
    const quarters = new Map(into.quarters.map((quarter) => [quarter.at, { ...quarter }]))
    for (const { at, sum, weight } of from.quarters) {
      const known = quarters.get(at) ?? { at, sum: 0, weight: 0 }
      quarters.set(at, { at, sum: known.sum + sum, weight: known.weight + weight })
    }
    const evidence = [...into.evidence, ...from.evidence].toSorted((a, b) => a.time - b.time)
    return {
      subject: into.subject,
      quarters: [...quarters.values()].toSorted((a, b) => a.at - b.at).slice(-MAX_QUARTERS),
      evidence: [...evidence.slice(0, 10), ...evidence.slice(10).slice(-10)],
      hour: Math.max(into.hour, from.hour),
      told: [...into.told, ...from.told].slice(-MAX_TOLD),
    }
  },

  bytesOf: (state) => 4096 + state.quarters.length * 48 + state.evidence.length * 400,

  settle(state: CpuPlateauState, tell: (finding: Finding) => void): void {
    tellRises(state, tell, true)
  },
}

function isRead(event: Event): event is CpuEvent & { busyShare: number } {
  return event.kind === 'cpu' && event.scope === 'machine' && !event.isLifetime && event.busyShare !== null
}

/** Events come in order of time, so that a quarter is nearly always the last one or the next. */
function learn(state: CpuPlateauState, event: CpuEvent & { busyShare: number }): void {
  const first = Math.floor(Math.max(event.start, event.time - 24 * HOUR_MS) / QUARTER_MS)
  const last = Math.max(first, Math.ceil(event.time / QUARTER_MS) - 1)
  for (let at = first; at <= last; at++) {
    const weight = Math.min(event.time, (at + 1) * QUARTER_MS) - Math.max(event.start, at * QUARTER_MS)
    put(state.quarters, at, event.busyShare, Math.max(1, weight))
  }
  if (state.quarters.length > MAX_QUARTERS) state.quarters.splice(0, state.quarters.length - MAX_QUARTERS)
  if (event.busyShare >= MIN_SHARE) keepEvidence(state.evidence, event)
}

function put(quarters: CpuPlateauState['quarters'], at: number, share: number, weight: number): void {
  let index = quarters.length
  while (index > 0 && (quarters[index - 1]?.at ?? 0) > at) index--
  const known = quarters[index - 1]
  if (known?.at !== at) {
    quarters.splice(index, 0, { at, sum: share * weight, weight })
    return
  }
  known.sum += share * weight
  known.weight += weight
}

function* stepsOf({ quarters }: CpuPlateauState): Generator<Step> {
  for (const { at, sum, weight } of quarters)
    yield { from: at * QUARTER_MS, to: (at + 1) * QUARTER_MS, value: sum / weight }
}

function tellRises(state: CpuPlateauState, tell: (finding: Finding) => void, isLast: boolean): void {
  for (const rise of risesIn(stepsOf(state))) {
    const hours = (rise.to - rise.from) / HOUR_MS
    if (!rise.isFlat || rise.busyShare < MIN_SHARE || hours < MIN_HOURS) continue
    const known = state.told.find(({ from }) => from === rise.from)
    const isNews = known === undefined || hours >= known.hours * 2 || (isLast && hours > known.hours)
    const evidence = state.evidence.filter(({ time }) => time > rise.from && time <= rise.to + HOUR_MS)
    if (!isNews || evidence.length === 0) continue
    if (known === undefined) state.told.push({ from: rise.from, hours })
    else known.hours = hours
    if (state.told.length > MAX_TOLD) state.told.shift()
    tell(findingOf(state, rise, evidence))
  }
}

function findingOf({ subject }: CpuPlateauState, rise: Rise, evidence: Evidence[]): Finding {
  const { normalShare, busyShare, variation, isPastShort } = rise
  const doubt = isPastShort ? '; of the time before only few hours are known' : ''
  return {
    id: contentId('finding', 'cpu-plateau', subject, rise.from),
    detector: 'cpu-plateau',
    title: `CPU load rose from ${formatShare(normalShare)} to ${formatShare(busyShare)} and stayed flat (varying by ${formatShare(variation)})${doubt}`,
    severity: 'low',
    confidence: isPastShort ? 0.25 : 0.4,
    stage: 'context',
    attack: ['T1496.001'],
    subjects: [subject],
    firstSeen: rise.from,
    lastSeen: rise.to,
    count: Math.max(1, Math.round((rise.to - rise.from) / HOUR_MS)),
    evidence,
    facts: {
      type: 'host',
      what: 'cpu-plateau',
      path: null,
      commandLine: null,
      exe: null,
      pid: null,
      uid: null,
      session: null,
      remote: null,
    },
  }
}
