import { contentId } from '../../event/content-id.ts'
import { identifier } from '../../event/identifier.ts'
import { type Evidence, MAX_EVIDENCE } from '../../event/origin.ts'
import type { StratumEvent } from '../../event/stratum.ts'
import { keepEvidence } from '../evidence.ts'
import {
  addSession,
  countsOf,
  mergeSessions,
  noSessions,
  type Session,
  type Sessions,
} from '../../mining/sessions.ts'

type Known = Pick<
  StratumEvent,
  'dialect' | 'coin' | 'algorithm' | 'agent' | 'login' | 'worker' | 'reasons' | 'confidence'
> & { readonly poolName: string | null }

/** What one login did at one pool, over all its connections. */
export interface Story {
  readonly id: string
  readonly subject: string
  readonly minerIp: string
  readonly poolIp: string
  readonly poolPort: number
  /** The newest that was told of each. */
  known: Known
  sessions: Sessions
  hasJob: boolean
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
  /** What the last telling was about. */
  told: string
}

export function newStory(event: StratumEvent): Story {
  return {
    id: contentId(
      'finding',
      'pool-mining',
      event.srcIp,
      event.dstIp,
      event.dstPort,
      event.communityId,
      event.start,
    ),
    subject: event.subjects[0] ?? identifier('ip', event.srcIp),
    minerIp: event.srcIp,
    poolIp: event.dstIp,
    poolPort: event.dstPort,
    known: knownOf(event),
    sessions: noSessions(),
    hasJob: false,
    firstSeen: event.start,
    lastSeen: event.time,
    evidence: [],
    told: '',
  }
}

export function learn(story: Story, event: StratumEvent, session: Session): void {
  const isNew = addSession(story.sessions, session)
  if (isNew || event.time > story.lastSeen) keepEvidence(story.evidence, event)
  story.known = newer(story.known, knownOf(event))
  story.hasJob ||= event.reasons.some((reason) => reason.startsWith('job'))
  story.firstSeen = Math.min(story.firstSeen, event.start)
  story.lastSeen = Math.max(story.lastSeen, event.time)
}

function knownOf({
  dialect,
  coin,
  algorithm,
  agent,
  login,
  worker,
  reasons,
  confidence,
  poolName,
}: StratumEvent): Known {
  return { dialect, coin, algorithm, agent, login, worker, reasons, confidence, poolName: poolName ?? null }
}

function newer(old: Known, now: Known): Known {
  return {
    dialect: now.dialect === 'unknown' ? old.dialect : now.dialect,
    coin: now.coin ?? old.coin,
    algorithm: now.algorithm ?? old.algorithm,
    agent: now.agent ?? old.agent,
    login: old.login ?? now.login,
    worker: now.worker ?? old.worker,
    poolName: now.poolName ?? old.poolName,
    reasons: now.confidence >= old.confidence ? now.reasons : old.reasons,
    confidence: Math.max(now.confidence, old.confidence),
  }
}

/** It has got work or handed some in; before that it has only asked. */
export function isMining(story: Story): boolean {
  const { submitted, accepted } = countsOf(story.sessions)
  return story.hasJob || submitted + accepted > 0
}

/** Changes when the picture does, and whenever the shares have doubled. */
export function newsOf(story: Story): string {
  const { coin, agent, login, worker, algorithm } = story.known
  const { submitted, accepted } = countsOf(story.sessions)
  const magnitude = Math.floor(Math.log2(1 + submitted + accepted))
  return JSON.stringify([
    coin,
    agent,
    login,
    worker,
    algorithm,
    story.known.poolName,
    isMining(story),
    magnitude,
  ])
}

export function isOneStory(a: Story, b: Story): boolean {
  if (a.minerIp !== b.minerIp || a.poolIp !== b.poolIp || a.poolPort !== b.poolPort) return false
  return a.id === b.id || (a.known.login !== null && a.known.login === b.known.login)
}

export function mergeStory(into: Story, from: Story): void {
  const isNewer = from.lastSeen > into.lastSeen
  into.known = isNewer ? newer(into.known, from.known) : newer(from.known, into.known)
  mergeSessions(into.sessions, from.sessions)
  into.hasJob ||= from.hasJob
  into.firstSeen = Math.min(into.firstSeen, from.firstSeen)
  into.lastSeen = Math.max(into.lastSeen, from.lastSeen)
  const all = [...into.evidence, ...from.evidence].toSorted((a, b) => a.time - b.time)
  const half = MAX_EVIDENCE / 2
  into.evidence = all.length > MAX_EVIDENCE ? [...all.slice(0, half), ...all.slice(-half)] : all
}
