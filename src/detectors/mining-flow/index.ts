import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { FlowEvent } from '../../event/flow.ts'
import { identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import type { Detector } from '../detector.ts'
import { keepEvidence } from '../evidence.ts'

/** What one machine says to one endpoint in flows that look like mining. */
export interface MiningFlowState {
  id: string
  subject: string
  dstIp: string
  dstPort: number
  flows: number
  /** The flow that looks most like it. */
  likeliest: number
  why: string[]
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
  /** When flows went on, oldest first; of many the shortest breaks are left out. */
  spans: { from: number; to: number }[]
  /** Flows and likeliness at the last telling. */
  toldFlows: number
  toldLikeliest: number
}

const HOUR_MS = 3_600_000
/** The model's operating point: 0.5 % of other flows are above it. */
const SUSPICIOUS = 0.5
/** A model of the flow alone proves nothing. */
const MAX_CONFIDENCE = 0.49
/** One flow may be chance, and among many others it usually is; a client that keeps coming back for it is worth a look. */
const REPEATED_FLOWS = 3

/**
 * Attention only: `info`, and `low` where it repeats; stage `context`, so that it joins an incident and never
 * makes one.
 */
export const miningFlow: Detector<MiningFlowState> = {
  id: 'mining-flow',
  title: 'A connection behaves like one to a mining pool, whatever is inside it',
  kinds: ['flow'],
  attack: ['T1496.001'],
  windowMs: 24 * HOUR_MS,
  maxKeys: 20_000,

  keysOf(event: Event): string | null {
    if (event.kind !== 'flow' || event.transport !== 'tcp') return null
    if ((event.behaviour?.miningProbability ?? 0) < SUSPICIOUS) return null
    return `${event.srcIp}|${event.dstIp}|${event.dstPort}`
  },

  create(): MiningFlowState {
    return {
      id: '',
      subject: '',
      dstIp: '',
      dstPort: 0,
      flows: 0,
      likeliest: 0,
      why: [],
      firstSeen: 0,
      lastSeen: 0,
      evidence: [],
      spans: [],
      toldFlows: 0,
      toldLikeliest: 0,
    }
  },

  step(state: MiningFlowState, event: Event, tell: (finding: Finding) => void): void {
    if (event.kind !== 'flow') return
    learn(state, event)
    const isFirst = state.toldFlows === 0
    const isRepeated = state.flows >= REPEATED_FLOWS && state.toldFlows < REPEATED_FLOWS
    if (isFirst || isRepeated || state.flows >= state.toldFlows * 2) tellNow(state, tell)
  },

  merge(into: MiningFlowState, from: MiningFlowState): MiningFlowState {
    if (from.flows === 0) return into
    if (into.flows === 0) return from
    const [first, other] = into.firstSeen <= from.firstSeen ? [into, from] : [from, into]
    const evidence = [...first.evidence, ...other.evidence].toSorted((a, b) => a.time - b.time)
    const likelier = first.likeliest >= other.likeliest ? first : other
    return {
      ...first,
      flows: first.flows + other.flows,
      likeliest: likelier.likeliest,
      why: likelier.why,
      lastSeen: Math.max(first.lastSeen, other.lastSeen),
      spans: joinedSpans([...first.spans, ...other.spans]),
      evidence: [...evidence.slice(0, 10), ...evidence.slice(10).slice(-10)],
    }
  },

  settle(state: MiningFlowState, tell: (finding: Finding) => void): void {
    if (state.flows > state.toldFlows || state.likeliest > state.toldLikeliest) tellNow(state, tell)
  },
}

function learn(state: MiningFlowState, event: FlowEvent): void {
  const { miningProbability = 0, why = [] } = event.behaviour ?? {}
  if (state.flows === 0) {
    const { srcIp, dstIp, dstPort, communityId, start } = event
    state.id = contentId('finding', 'mining-flow', srcIp, dstIp, dstPort, communityId, start)
    state.subject = event.subjects[0] ?? identifier('ip', srcIp)
    state.dstIp = dstIp
    state.dstPort = dstPort
    state.firstSeen = start
    state.lastSeen = event.time
  }
  state.flows++
  state.spans = joinedSpans([...state.spans, { from: event.start, to: event.time }])
  state.firstSeen = Math.min(state.firstSeen, event.start)
  state.lastSeen = Math.max(state.lastSeen, event.time)
  if (miningProbability > state.likeliest) {
    state.likeliest = miningProbability
    state.why = [...why]
  }
  keepEvidence(state.evidence, event)
}

const MAX_SPANS = 64

/** Each connection's own, though they overlap: they may be of several programs. Of too many, those nearest to each other become one. */
function joinedSpans(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const found = spans.map((span) => ({ ...span })).toSorted((a, b) => a.from - b.from || a.to - b.to)
  while (found.length > MAX_SPANS) {
    const breaks = found.slice(1).map(({ from }, at) => from - (found[at]?.to ?? 0))
    const at = breaks.indexOf(Math.min(...breaks))
    const [next] = found.splice(at + 1, 1)
    const before = found[at]
    if (before !== undefined && next !== undefined) before.to = Math.max(before.to, next.to)
  }
  return found
}

function tellNow(state: MiningFlowState, tell: (finding: Finding) => void): void {
  state.toldFlows = state.flows
  state.toldLikeliest = state.likeliest
  tell({
    id: state.id,
    detector: 'mining-flow',
    title: titleOf(state),
    severity: state.flows >= REPEATED_FLOWS ? 'low' : 'info',
    confidence: Math.min(MAX_CONFIDENCE, state.likeliest),
    stage: 'context',
    attack: ['T1496.001'],
    subjects: [state.subject],
    firstSeen: state.firstSeen,
    lastSeen: state.lastSeen,
    count: state.flows,
    evidence: [...state.evidence],
    facts: {
      type: 'host',
      what: 'mining-flow',
      path: null,
      commandLine: null,
      exe: null,
      pid: null,
      uid: null,
      session: null,
      remote: endpointOf(state),
      spans: state.spans.map((span) => ({ ...span })),
    },
  })
}

function titleOf(state: MiningFlowState): string {
  const reason = state.why.find((one) => one.startsWith(FOR))
  const because = reason === undefined ? '' : `: ${reason.slice(FOR.length)}`
  return `Behaves like mining at ${endpointOf(state)}${because}`
}

const FOR = 'for mining: '

function endpointOf({ dstIp, dstPort }: MiningFlowState): string {
  return `${dstIp.includes(':') ? `[${dstIp}]` : dstIp}:${dstPort}`
}
