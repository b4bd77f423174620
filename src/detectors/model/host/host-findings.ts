import { contentId } from '../../../event/content-id.ts'
import type { Event } from '../../../event/event.ts'
import { type Finding, type HostFacts, isAtLeast, type Severity, type Stage } from '../../../event/finding.ts'
import { evidenceOf, keepEvidence } from '../../evidence.ts'

/** What a host detector saw in one event. */
export interface Trick {
  readonly detector: string
  /** Id of the trick, for `HostFacts.what`. */
  readonly what: string
  readonly title: string
  readonly severity: Severity
  readonly confidence: number
  readonly stage: Stage
  readonly attack: readonly string[]
  readonly path: string | null
  readonly remote: string | null
  /** Epoch ms: it is known to have gone on since then, before it was seen. */
  readonly since?: number
  /** What repeats of it share, besides `what` and `stage`; the path, else the remote, unless said. */
  readonly fold?: string
  /** Where what it needs was made ready, if that was in a session. */
  readonly preparedIn?: string | null
  /** A job may do it again and again: sessions are not told apart. */
  readonly isRepeating?: boolean
}

/** Findings of one machine, folded by trick and session. JSON-able. */
export interface FoldedFindings {
  readonly byFold: Record<string, Folded>
  /** Folds in the order they were last seen. */
  order: string[]
  /** How many sessions of a trick are kept apart. */
  readonly apart: Record<string, number>
}

interface Folded {
  finding: Finding
  isTold: boolean
  /** The trick, whoever's session it was. */
  readonly trick: string
}

/** So many different tricks of one detector on one machine are kept apart. */
const MAX_FOLDS = 512
/** Outside of sessions: what is done again after so long (ms) is a finding of its own. */
const PAUSE_MS = 10 * 60_000
/** So many sessions of one trick are kept apart (a job of cron is a new session every time); the rest are one finding. */
const MAX_APART = 16

export function noFindings(): FoldedFindings {
  return { byFold: {}, order: [], apart: {} }
}

/** Adds one sighting; tells when it is new, says more than before, or its count has doubled. */
export function seeTrick(
  findings: FoldedFindings,
  event: Event,
  trick: Trick,
  tell: (finding: Finding) => void,
): void {
  const name = `${trick.what}|${trick.stage}|${trick.fold ?? trick.path ?? trick.remote ?? ''}`.slice(0, 512)
  const fold = trick.isRepeating === true ? name : foldOf(findings, name, event)
  const folded = findings.byFold[fold]
  if (folded === undefined) {
    const finding = findingOf(event, trick, fold)
    keep(findings, fold, { finding, isTold: true, trick: name })
    forgetOldest(findings, tell)
    tell(finding)
    return
  }
  touch(findings, fold)
  const isStronger = addTo(folded, event, trick)
  folded.isTold = isStronger || (folded.finding.count & (folded.finding.count - 1)) === 0
  if (folded.isTold) tell(folded.finding)
}

/**
 * Two sessions that do the same are two hands: each has a finding of its own. Outside of sessions a pause stands
 * in for it, and what names no process belongs to whoever did it last.
 */
function foldOf(findings: FoldedFindings, trick: string, event: Event): string {
  const session = 'actor' in event ? event.actor.session : null
  const fold =
    session === null ? (lastFold(findings, trick, event) ?? `${trick}|@${event.time}`) : `${trick}|${session}`
  const isApart = findings.byFold[fold] !== undefined || (findings.apart[trick] ?? 0) < MAX_APART
  return isApart ? fold : trick
}

function lastFold(findings: FoldedFindings, trick: string, event: Event): string | undefined {
  const isAnybodys = !('actor' in event)
  return findings.order.findLast((fold) => {
    const folded = findings.byFold[fold]
    if (folded?.trick !== trick || event.time - folded.finding.lastSeen > PAUSE_MS) return false
    return isAnybodys || (folded.finding.facts.type === 'host' && folded.finding.facts.session === null)
  })
}

function keep(findings: FoldedFindings, fold: string, folded: Folded): void {
  findings.byFold[fold] = folded
  findings.order.push(fold)
  if (fold !== folded.trick) findings.apart[folded.trick] = (findings.apart[folded.trick] ?? 0) + 1
}

/** Tells what changed since it was last told. */
export function tellRest(findings: FoldedFindings, tell: (finding: Finding) => void): void {
  for (const folded of Object.values(findings.byFold)) {
    if (!folded.isTold) tell(folded.finding)
    folded.isTold = true
  }
}

/** Folds the findings of another partition in; of the same one the stronger and the longer is kept. */
export function mergeFindings(into: FoldedFindings, from: FoldedFindings): FoldedFindings {
  for (const fold of from.order) {
    const theirs = from.byFold[fold]
    const ours = into.byFold[fold]
    if (theirs === undefined) continue
    if (ours === undefined) {
      keep(into, fold, theirs)
      continue
    }
    const first = ours.finding.firstSeen <= theirs.finding.firstSeen ? ours.finding : theirs.finding
    const strong = isAtLeast(ours.finding.severity, theirs.finding.severity) ? ours.finding : theirs.finding
    ours.finding = {
      ...strong,
      facts: withThoseOf(strong === theirs.finding ? ours.finding : theirs.finding, strong.facts),
      id: first.id,
      firstSeen: first.firstSeen,
      lastSeen: Math.max(ours.finding.lastSeen, theirs.finding.lastSeen),
      count: ours.finding.count + theirs.finding.count,
      evidence: [...ours.finding.evidence, ...theirs.finding.evidence]
        .toSorted((a, b) => a.time - b.time)
        .slice(0, 20),
    }
    ours.isTold = false
  }
  return into
}

function addTo(folded: Folded, event: Event, trick: Trick): boolean {
  const before = folded.finding
  const evidence = [...before.evidence]
  keepEvidence(evidence, event)
  const isStronger =
    !isAtLeast(before.severity, trick.severity) || trick.confidence > before.confidence + 0.001
  const strong =
    isStronger && isAtLeast(trick.severity, before.severity) ? findingOf(event, trick, '') : before
  folded.finding = {
    ...strong,
    id: before.id,
    facts: withProcess(
      withSession(withRemote(strong.facts, trick.remote), before.facts, event, trick),
      before,
      event,
    ),
    attack: [...new Set([...before.attack, ...trick.attack])],
    firstSeen: Math.min(before.firstSeen, event.time),
    lastSeen: Math.max(before.lastSeen, event.time),
    count: before.count + 1,
    evidence,
  }
  return strong !== before
}

const MAX_SESSIONS = 512

/** Sessions in which it was done again, or made ready, are kept, whichever sighting is told. */
function withSession(
  facts: Finding['facts'],
  before: Finding['facts'],
  event: Event,
  trick: Trick,
): Finding['facts'] {
  if (facts.type !== 'host' || before.type !== 'host') return facts
  const own = 'actor' in event ? event.actor.session : null
  const known = before.otherSessions ?? []
  const added = new Set([before.session, trick.preparedIn ?? null, own].filter((one) => one !== null))
  const others = [...added].filter((one) => one !== facts.session && !known.includes(one))
  return withOthers(facts, [...known, ...others], facts.otherProcesses ?? [])
}

type Processes = NonNullable<HostFacts['otherProcesses']>
const MAX_PROCESSES = 64

/** So are the processes that did it again: by them it is known whose it was. */
function withProcess(
  facts: Finding['facts'],
  { facts: before, firstSeen }: Finding,
  event: Event,
): Finding['facts'] {
  if (facts.type !== 'host' || before.type !== 'host') return facts
  const { pid = null, ppid = null } = 'actor' in event ? event.actor : {}
  const others = facts.pid === before.pid ? [] : processOf(before, firstSeen)
  others.push(...(before.otherProcesses ?? []))
  if (pid !== null && pid !== before.pid && others.at(-1)?.pid !== pid)
    others.push({ pid, ppid, time: event.time })
  return withOthers(facts, facts.otherSessions ?? [], others)
}

function processOf({ pid, ppid = null }: HostFacts, time: number): Processes {
  return pid === null ? [] : [{ pid, ppid, time }]
}

function withOthers(facts: HostFacts, sessions: readonly string[], processes: Processes): HostFacts {
  return {
    ...facts,
    ...(sessions.length === 0 ? {} : { otherSessions: sessions.slice(0, MAX_SESSIONS) }),
    ...(processes.length === 0 ? {} : { otherProcesses: processes.slice(0, MAX_PROCESSES) }),
  }
}

/** The sessions and processes of both partitions. */
function withThoseOf({ facts: theirs, firstSeen }: Finding, facts: Finding['facts']): Finding['facts'] {
  if (facts.type !== 'host' || theirs.type !== 'host') return facts
  const sessions = new Set([theirs.session, ...(theirs.otherSessions ?? []), ...(facts.otherSessions ?? [])])
  const processes = [
    ...(theirs.pid === facts.pid ? [] : processOf(theirs, firstSeen)),
    ...(theirs.otherProcesses ?? []),
    ...(facts.otherProcesses ?? []),
  ]
  return withOthers(
    facts,
    [...sessions].filter((one) => one !== null).filter((one) => one !== facts.session),
    processes.toSorted((a, b) => a.time - b.time),
  )
}

/** The first remote that becomes known stays; a list of them may grow. */
function withRemote(facts: Finding['facts'], remote: string | null): Finding['facts'] {
  if (facts.type !== 'host' || remote === null) return facts
  const isMore = facts.remote === null || remote.startsWith(`${facts.remote} `)
  return isMore ? { ...facts, remote } : facts
}

function findingOf(event: Event, trick: Trick, fold: string): Finding {
  const actor = 'actor' in event ? event.actor : null
  return {
    id: contentId('finding', trick.detector, event.observer, fold, event.time, event.origin.raw),
    detector: trick.detector,
    title: trick.title,
    severity: trick.severity,
    confidence: trick.confidence,
    stage: trick.stage,
    attack: [...trick.attack],
    subjects: [event.observer],
    firstSeen: Math.min(trick.since ?? event.time, event.time),
    lastSeen: event.time,
    count: 1,
    evidence: [evidenceOf(event)],
    facts: {
      type: 'host',
      what: trick.what,
      path: trick.path,
      commandLine: event.kind === 'process' ? event.commandLine : null,
      exe: actor?.exe ?? null,
      ...sha256Of(event),
      pid: actor?.pid ?? null,
      ppid: actor?.ppid ?? null,
      uid: actor?.uid ?? null,
      session: actor?.session ?? null,
      ...preparedIn(trick, actor?.session ?? null),
      remote: trick.remote,
      ...(event.timeQuality === 'unknown' ? { isTimeless: true } : {}),
    },
  }
}

function preparedIn({ preparedIn: session }: Trick, own: string | null): { otherSessions?: string[] } {
  return session === undefined || session === null || session === own ? {} : { otherSessions: [session] }
}

/** Of the program that was seen running, where it was read. */
function sha256Of(event: Event): { exeSha256?: string } {
  const sha256 = event.kind === 'process' ? (event.running?.exeSha256 ?? null) : null
  return sha256 === null ? {} : { exeSha256: sha256 }
}

function touch(findings: FoldedFindings, fold: string): void {
  const at = findings.order.lastIndexOf(fold)
  if (at === findings.order.length - 1) return
  if (at >= 0) findings.order.splice(at, 1)
  findings.order.push(fold)
}

function forgetOldest(findings: FoldedFindings, tell: (finding: Finding) => void): void {
  if (findings.order.length <= MAX_FOLDS) return
  const oldest = findings.order.shift()
  const folded = oldest === undefined ? undefined : findings.byFold[oldest]
  if (oldest === undefined || folded === undefined) return
  if (!folded.isTold) tell(folded.finding)
  delete findings.byFold[oldest]
  const left = (findings.apart[folded.trick] ?? 0) - 1
  if (oldest === folded.trick) return
  if (left > 0) findings.apart[folded.trick] = left
  else delete findings.apart[folded.trick]
}
