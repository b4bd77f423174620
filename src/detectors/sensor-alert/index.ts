import type { AlertEvent } from '../../event/alert.ts'
import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import { type Finding, isAtLeast } from '../../event/finding.ts'
import type { Identifier } from '../../event/identifier.ts'
import { type Evidence, MAX_EVIDENCE } from '../../event/origin.ts'
import type { Detector } from '../detector.ts'
import { keepEvidence } from '../evidence.ts'
import { type Weight, weigh } from './weight.ts'

const ID = 'sensor-alert'
const DAY_MS = 24 * 3_600_000
const MAX_TITLE = 200
const MAX_SUBJECTS = 4

/** What one sensor says of one machine by one of its rules. */
export interface SensorAlertState {
  sensor: string
  rule: string
  title: string
  weight: Weight | null
  isMining: boolean
  subjects: Identifier[]
  /** The other end, where one is named. */
  remote: string | null
  commandLine: string | null
  count: number
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
  /** Of the count when it was last told. */
  told: number
}

/** How these sensors write their names. */
const SENSORS: Readonly<Record<string, string>> = {
  falco: 'Falco',
  guardduty: 'GuardDuty',
  suricata: 'Suricata',
  zeek: 'Zeek',
}

export const sensorAlert: Detector<SensorAlertState> = {
  id: ID,
  title: 'Another sensor has something to say about a machine',
  kinds: ['alert'],
  attack: ['T1496.001'],
  // A sensor that says the same again within the day adds to what it said.
  windowMs: DAY_MS,
  maxKeys: 20_000,

  keysOf(event: Event): string | null {
    return event.kind === 'alert' && isWorthTelling(event)
      ? `${machineOf(event)}|${event.sensor}|${event.rule}`
      : null
  },

  create(): SensorAlertState {
    return {
      sensor: '',
      rule: '',
      title: '',
      weight: null,
      isMining: false,
      subjects: [],
      remote: null,
      commandLine: null,
      count: 0,
      firstSeen: 0,
      lastSeen: 0,
      evidence: [],
      told: 0,
    }
  },

  step(state, event, tell) {
    if (event.kind !== 'alert') return
    const isNew = state.count === 0
    const isStronger = learn(state, event)
    keepEvidence(state.evidence, event)
    if (!isNew && !isStronger && state.count < state.told * 2) return
    tellOf(state, tell)
  },

  settle(state, tell) {
    if (state.count > state.told) tellOf(state, tell)
  },

  merge(into, from) {
    if (from.weight === null) return into
    if (into.weight === null) return from
    const [first, second] = into.firstSeen <= from.firstSeen ? [into, from] : [from, into]
    const evidence = [...into.evidence, ...from.evidence].toSorted((a, b) => a.time - b.time)
    return {
      ...first,
      weight: isHeavier(from.weight, into.weight) ? from.weight : into.weight,
      isMining: into.isMining || from.isMining,
      remote: first.remote ?? second.remote,
      commandLine: first.commandLine ?? second.commandLine,
      count: into.count + from.count,
      lastSeen: Math.max(into.lastSeen, from.lastSeen),
      evidence: evidence.slice(0, MAX_EVIDENCE),
      told: 0,
    }
  },
}

/** What a sensor itself calls a mere notice says nothing of an intrusion. */
function isWorthTelling({ severity, isMining }: AlertEvent): boolean {
  return isMining || severity !== 'info'
}

function machineOf(event: AlertEvent): Identifier {
  return event.subjects[0] ?? event.observer
}

/** Gives whether it says more than before. */
function learn(state: SensorAlertState, event: AlertEvent): boolean {
  if (state.count === 0) {
    const { sensor, rule, title } = event
    const subjects = event.subjects.length === 0 ? [event.observer] : event.subjects.slice(0, MAX_SUBJECTS)
    Object.assign(state, { sensor, rule, title: title.slice(0, MAX_TITLE), subjects, firstSeen: event.time })
    state.lastSeen = event.time
  }
  state.count += event.count
  state.firstSeen = Math.min(state.firstSeen, event.time)
  state.lastSeen = Math.max(state.lastSeen, event.time)
  state.remote ??= remoteOf(event)
  state.commandLine ??= event.commandLine
  state.isMining ||= event.isMining
  const weight = weigh(event)
  if (state.weight !== null && !isHeavier(weight, state.weight)) return false
  state.weight = weight
  return true
}

function isHeavier(a: Weight, b: Weight): boolean {
  if (a.severity !== b.severity) return isAtLeast(a.severity, b.severity)
  return a.confidence > b.confidence
}

/** The name, else the end of the connection that is not the machine. */
function remoteOf(event: AlertEvent): string | null {
  if (event.domain !== null) return event.domain
  const own = machineOf(event)
  const ends = [
    { ip: event.dstIp, port: event.dstPort },
    { ip: event.srcIp, port: event.srcPort },
  ]
  const other = ends.find(({ ip }) => ip !== null && own !== `ip:${ip}`)
  if (other === undefined || other.ip === null) return null
  const address = other.ip.includes(':') ? `[${other.ip}]` : other.ip
  return other.port === null || other.port === 0 ? other.ip : `${address}:${other.port}`
}

function tellOf(state: SensorAlertState, tell: (finding: Finding) => void): void {
  const { weight, evidence, subjects } = state
  const [first] = evidence
  if (weight === null || first === undefined) return
  state.told = state.count
  tell({
    id: contentId('f', ID, subjects[0] ?? '', state.sensor, state.rule, first.time, first.raw),
    detector: ID,
    title: titleOf(state),
    ...weight,
    attack: state.isMining ? ['T1496.001'] : [],
    subjects: [...subjects],
    firstSeen: state.firstSeen,
    lastSeen: state.lastSeen,
    count: state.count,
    evidence: [...evidence],
    facts: {
      type: 'host',
      what: 'sensor-alert',
      path: null,
      commandLine: state.commandLine,
      exe: null,
      pid: null,
      uid: null,
      session: null,
      remote: state.remote,
    },
  })
}

function titleOf({ sensor, title, isMining }: SensorAlertState): string {
  const name = SENSORS[sensor] ?? sensor
  return isMining ? `${name} calls it mining: ${title}` : `${name} reports: ${title}`
}
