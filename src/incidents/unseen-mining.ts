import { contentId } from '../event/content-id.ts'
import type { Finding } from '../event/finding.ts'
import type { LastingFlow } from './lasting-flows.ts'
import type { Load } from './occupation/burns.ts'
import { ownHost } from './occupation/places.ts'
import { isMining } from './occupation/trace.ts'
import { sealedFacts, type Start, startedWords, timesOf } from './sealed.ts'

/** What is known of a machine besides what was found. */
export interface Signs extends Load {
  /** Long quiet connections to the outside that began in that time (epoch ms), the longest first. */
  flowsBegun(from: number, to: number): readonly LastingFlow[]
}

const MINUTE_MS = 60_000
/** A miner dials its pool so soon after its start. */
const DIALS_MS = 20_000
/** What was started first may fetch the miner before it speaks. */
const SPEAKS_MS = 3 * MINUTE_MS
const CLOCK_MS = 2000
/** A rise of less than this share of the machine is none. */
const RISE = 0.12
/** How long after its start a miner has to work to be told from a job. */
const PROVEN_MS = 10 * MINUTE_MS
const STEP_MS = MINUTE_MS
const MAX_STEPS = 7 * 24 * 60
/** With a connection and busier processors; with either alone. */
const BOTH = 0.75
const FLOW_ALONE = 0.5
const CPU_ALONE = 0.55
const MAX_STARTS = 64

/**
 * Mining that nobody can read and no model knows: a program that an intruder started keeps a connection to a host the machine never
 * spoke to, and the processors become busier, or one of both where the other was not watched. `known`: mining that was found otherwise.
 */
export function unseenMining(
  starts: readonly Start[],
  known: readonly Finding[],
  signs: Signs,
  machine: string,
): Finding[] {
  const taken = new Set(known.filter(isMining).map(({ facts }) => facts.pool.ip))
  const fetchedFrom = new Set(
    starts.flatMap(({ facts }) => (facts.remote === null ? [] : [ownHost(facts.remote)])),
  )
  const found = new Map<string, Finding>()
  const busy: Finding[] = []
  for (const start of starts.slice(0, MAX_STARTS)) {
    for (const at of timesOf(start)) {
      const flow = signs
        .flowsBegun(at - CLOCK_MS, at + DIALS_MS)
        .find(
          ({ ip, firstContact }) => !taken.has(ip) && !fetchedFrom.has(ip) && firstContact >= at - CLOCK_MS,
        )
      const rise = riseAt(at, signs)
      if (flow !== undefined && rise !== false)
        add(found, byFlow(start, flow, rise === true ? BOTH : FLOW_ALONE, signs, machine))
      else if (flow === undefined && rise === true && !isExplained(at, known) && !signs.isCaptured(at))
        busy.push(byCpu(start, at, signs, machine))
    }
  }
  return [...found.values(), ...longest(busy)]
}

/** A machine that busy shows no rise. */
const ALREADY_BUSY = 0.6

/** Whether the processors became busier and stayed so; null where nobody measured, or they were busy already. */
function riseAt(at: number, signs: Signs): boolean | null {
  const before = signs.busyBetween(at - 15 * MINUTE_MS, at - MINUTE_MS)
  const after = signs.busyBetween(at + MINUTE_MS, at + PROVEN_MS)
  if (before === null || after === null) return null
  return after - before >= RISE || (before >= ALREADY_BUSY ? null : false)
}

function isExplained(at: number, known: readonly Finding[]): boolean {
  return known.some(
    ({ stage, firstSeen, lastSeen }) => stage === 'mining' && firstSeen <= at + SPEAKS_MS && lastSeen >= at,
  )
}

function byFlow(start: Start, flow: LastingFlow, confidence: number, signs: Signs, machine: string): Finding {
  const endpoint = flow.ip.includes(':') ? `[${flow.ip}]:${flow.port}` : `${flow.ip}:${flow.port}`
  const cpu = confidence === BOTH ? ' and the processors became busier' : ''
  const why = `${startedWords(start)}${cpu}, and it goes on`
  const later = signs
    .flowsBegun(flow.from, Number.POSITIVE_INFINITY)
    .filter(({ ip, port }) => ip === flow.ip && port === flow.port)
    .toSorted((a, b) => a.from - b.from)
  return {
    ...basisOf(start, machine, confidence),
    id: contentId('finding', 'unseen-mining', machine, endpoint, flow.evidence.raw),
    title: `Seems to mine at ${endpoint}, sealed: ${why}`,
    firstSeen: later[0]?.from ?? flow.from,
    lastSeen: later.at(-1)?.to ?? flow.to,
    evidence: [...start.evidence.slice(0, 2), ...later.slice(0, 4).map(({ evidence }) => evidence)],
    facts: sealedFacts({
      ip: flow.ip,
      port: flow.port,
      minerIp: '',
      why,
      spans: later.map(({ from, to }) => ({ from, to })).slice(0, 64),
    }),
  }
}

/** From the start until the processors are as idle again as before, for two minutes. */
function byCpu(start: Start, at: number, signs: Signs, machine: string): Finding {
  const before = signs.busyBetween(at - 15 * MINUTE_MS, at - MINUTE_MS) ?? 0
  const end = signs.measuredTo ?? at
  let until = end
  for (let step = 0, from = at + MINUTE_MS; step < MAX_STEPS && from < end; step++, from += STEP_MS) {
    const now = signs.busyBetween(from, from + 2 * STEP_MS)
    if (now === null || now - before < RISE / 2) {
      until = from
      break
    }
  }
  const why = `the processors became busier when ${start.facts.path ?? start.facts.exe ?? 'a program of theirs'} was started`
  return {
    ...basisOf(start, machine, CPU_ALONE),
    id: contentId('finding', 'unseen-mining', machine, start.id, at),
    title: `Seems to mine: ${why}, and stayed so`,
    firstSeen: at,
    lastSeen: until,
    evidence: start.evidence.slice(0, 3),
    facts: { ...start.facts, what: 'cpu-rise', remote: null },
  }
}

function basisOf(start: Start, machine: string, confidence: number): Omit<Finding, 'facts'> {
  return {
    id: '',
    detector: 'unseen-mining',
    title: '',
    severity: 'high',
    confidence,
    stage: 'mining',
    attack: ['T1496.001'],
    subjects: [start.subjects[0] ?? machine],
    firstSeen: start.firstSeen,
    lastSeen: start.lastSeen,
    count: 1,
    evidence: start.evidence.slice(0, 1),
  }
}

/** The same endpoint, found by several starts, is told once. */
function add(found: Map<string, Finding>, finding: Finding): void {
  const known = found.get(finding.title)
  if (known === undefined || known.firstSeen > finding.firstSeen) found.set(finding.title, finding)
}

/** Of rises that overlap the one that began first. */
function longest(rises: readonly Finding[]): Finding[] {
  const kept: Finding[] = []
  for (const rise of rises.toSorted((a, b) => a.firstSeen - b.firstSeen)) {
    if (!kept.some((other) => rise.firstSeen < other.lastSeen)) kept.push(rise)
  }
  return kept
}
