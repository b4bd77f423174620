import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import type { Finding, MiningFacts } from '../../event/finding.ts'
import { identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import type { StratumEvent } from '../../event/stratum.ts'
import type { Intel } from '../../intel/intel.ts'
import type { Detector, DetectorContext } from '../detector.ts'
import { evidenceOf, keepEvidence } from '../evidence.ts'
import {
  addSession,
  isSameSession,
  mergeSessions,
  type Session,
  sessionOf,
  type Sessions,
  totalOf,
} from './sessions.ts'
import { titleOf } from './titles.ts'

const ID = 'pool-mining'
const DAY_MS = 24 * 3_600_000
/** Stories of one miner with one pool endpoint; each login is one. */
const MAX_STORIES = 16
/** A rate of fewer shares, or of a shorter time, would be a guess. */
const MIN_SHARES = 3
const MIN_MINED_MS = 60_000
/** Compute Hijacking. */
const HIJACKING = 'T1496.001'
/** Non-Standard Port. */
const ODD_PORT = 'T1571'
/** Ports that belong to other protocols: mining on them hides behind those. */
const BORROWED_PORTS: ReadonlySet<number> = new Set([
  21, 22, 25, 53, 80, 110, 123, 143, 443, 465, 587, 993, 995, 3306, 3389, 5432,
])

/** What one login did at one pool, over all its connections. */
interface Story {
  id: string
  /** The newest values that were told at all. */
  known: Pick<
    StratumEvent,
    'dialect' | 'coin' | 'algorithm' | 'agent' | 'login' | 'worker' | 'reasons' | 'confidence'
  >
  sessions: Sessions
  sessionCount: number
  hasJob: boolean
  firstSeen: number
  lastSeen: number
  subject: string
  minerIp: string
  poolIp: string
  poolPort: number
  evidence: Evidence[]
  /** What the last telling was about: telling again waits for something new. */
  told: string
}

export interface PoolMiningState {
  stories: Story[]
}

export const poolMining: Detector<PoolMiningState> = {
  id: ID,
  title: 'A machine mines at a pool',
  kinds: ['stratum'],
  attack: [HIJACKING, ODD_PORT],
  windowMs: 7 * DAY_MS,
  maxKeys: 20_000,

  keysOf(event: Event): string | null {
    return event.kind === 'stratum' ? `${event.srcIp}|${event.dstIp}|${event.dstPort}` : null
  },

  create(): PoolMiningState {
    return { stories: [] }
  },

  step(
    state: PoolMiningState,
    event: Event,
    tell: (finding: Finding) => void,
    context: DetectorContext,
  ): void {
    if (event.kind !== 'stratum') return
    const session = sessionOf(event)
    const story = storyOf(state, event, session)
    if (story === null) return
    learn(story, event, session)
    const news = newsOf(story)
    if (news === story.told) return
    story.told = news
    tell(findingOf(story, context.intel))
  },

  merge(into: PoolMiningState, from: PoolMiningState): PoolMiningState {
    for (const story of from.stories) {
      const same = into.stories.find((known) => known.id === story.id)
      if (same === undefined) into.stories.push(story)
      else mergeStory(same, story)
    }
    return into
  },

  settle(state: PoolMiningState, tell: (finding: Finding) => void, context: DetectorContext): void {
    for (const story of state.stories) tell(findingOf(story, context.intel))
  },
}

/**
 * The story a dialogue belongs to: the one it is already in, that of its login, or (a login is told late, or
 * was missed by a capture that joined in the middle) the one there is.
 */
function storyOf({ stories }: PoolMiningState, event: StratumEvent, session: Session): Story | null {
  const own = stories.find((story) => story.sessions.kept.some((kept) => isSameSession(kept, session)))
  if (own !== undefined) return own
  const { login } = event
  const fitting = stories.filter(
    (story) => login === null || story.known.login === null || story.known.login === login,
  )
  const named = fitting.find((story) => story.known.login === login)
  const story = named ?? (fitting.length === 1 ? fitting[0] : undefined)
  if (story !== undefined) return story
  if (stories.length >= MAX_STORIES) return null
  const created = newStory(event)
  stories.push(created)
  return created
}

function newStory(event: StratumEvent): Story {
  return {
    id: contentId('finding', ID, event.srcIp, event.dstIp, event.dstPort, event.communityId, event.start),
    known: {
      dialect: 'unknown',
      coin: null,
      algorithm: null,
      agent: null,
      login: null,
      worker: null,
      reasons: [],
      confidence: 0,
    },
    sessions: { kept: [], folded: null },
    sessionCount: 0,
    hasJob: false,
    firstSeen: event.start,
    lastSeen: event.time,
    subject: event.subjects[0] ?? identifier('ip', event.srcIp),
    minerIp: event.srcIp,
    poolIp: event.dstIp,
    poolPort: event.dstPort,
    evidence: [],
    told: '',
  }
}

function learn(story: Story, event: StratumEvent, session: Session): void {
  const isNew = addSession(story.sessions, session)
  if (isNew) story.sessionCount++
  if (isNew || event.time > story.lastSeen) keepEvidence(story.evidence, event)
  const { known } = story
  story.known = {
    dialect: event.dialect === 'unknown' ? known.dialect : event.dialect,
    coin: event.coin ?? known.coin,
    algorithm: event.algorithm ?? known.algorithm,
    agent: event.agent ?? known.agent,
    login: known.login ?? event.login,
    worker: event.worker ?? known.worker,
    reasons: event.confidence >= known.confidence ? event.reasons : known.reasons,
    confidence: Math.max(event.confidence, known.confidence),
  }
  story.hasJob ||= event.reasons.some((reason) => reason.startsWith('job'))
  story.firstSeen = Math.min(story.firstSeen, event.start)
  story.lastSeen = Math.max(story.lastSeen, event.time)
  if (story.evidence.length === 0) story.evidence.push(evidenceOf(event))
}

/** Tell again when the picture changes, and whenever the shares have doubled. */
function newsOf(story: Story): string {
  const { total } = totalOf(story.sessions)
  const { coin, agent, login, worker, algorithm } = story.known
  const magnitude = Math.floor(Math.log2(1 + total.submitted + total.accepted))
  return JSON.stringify([coin, agent, login, worker, algorithm, isMining(story), magnitude])
}

function isMining(story: Story): boolean {
  const { total } = totalOf(story.sessions)
  return story.hasJob || total.submitted + total.accepted > 0
}

function findingOf(story: Story, intel: Intel): Finding {
  const isGoingOn = isMining(story)
  const facts = factsOf(story, intel)
  return {
    id: story.id,
    detector: ID,
    title: titleOf(facts, isGoingOn),
    severity: isGoingOn ? 'critical' : 'high',
    confidence: story.known.confidence,
    stage: 'mining',
    attack: BORROWED_PORTS.has(story.poolPort) ? [HIJACKING, ODD_PORT] : [HIJACKING],
    subjects: [story.subject],
    firstSeen: story.firstSeen,
    lastSeen: story.lastSeen,
    count: story.sessionCount,
    evidence: [...story.evidence],
    facts,
  }
}

function factsOf(story: Story, intel: Intel): MiningFacts {
  const { total, minedMs } = totalOf(story.sessions)
  const isEnough = total.accepted >= MIN_SHARES && minedMs >= MIN_MINED_MS && total.expectedHashes > 0
  const hashrate = isEnough ? total.expectedHashes / (minedMs / 1000) : null
  const { dialect, coin, algorithm, agent, login, worker, reasons } = story.known
  return {
    type: 'mining',
    pool: {
      ip: story.poolIp,
      port: story.poolPort,
      name: intel.poolByAddress(story.poolIp, story.poolPort)?.name ?? null,
    },
    minerIp: story.minerIp,
    dialect,
    coin,
    algorithm,
    agent,
    login,
    worker,
    sharesSubmitted: total.submitted,
    sharesAccepted: total.accepted,
    sharesRejected: total.rejected,
    hashrate,
    hashrateError: hashrate === null ? null : hashrate / Math.sqrt(total.accepted),
    reasons: [...reasons],
  }
}

function mergeStory(into: Story, from: Story): void {
  const before = into.sessions.kept.length
  mergeSessions(into.sessions, from.sessions)
  into.sessionCount += Math.max(0, into.sessions.kept.length - before)
  into.hasJob ||= from.hasJob
  into.firstSeen = Math.min(into.firstSeen, from.firstSeen)
  if (from.lastSeen > into.lastSeen)
    into.known = { ...from.known, login: into.known.login ?? from.known.login }
  into.lastSeen = Math.max(into.lastSeen, from.lastSeen)
  into.evidence = [...into.evidence, ...from.evidence].toSorted((a, b) => a.time - b.time).slice(0, 20)
}
