import { highest, lowest } from '../extremes.ts'
import type { Asset } from '../assets/asset.ts'
import { contentId } from '../event/content-id.ts'
import { type Finding, isAtLeast, SEVERITIES, type Severity } from '../event/finding.ts'
import { cloudEntryOf } from './cloud-callers.ts'
import { entryOf } from './entry.ts'
import { evidenceUnion } from './evidence-union.ts'
import type { Incident, WayIn } from './incident.ts'
import { jobsOf } from './jobs.ts'
import type { Machines } from './machines.ts'
import { occupation } from './occupation/occupants.ts'
import { STILL_MINING_MS, type Watched } from './occupation/tenures.ts'
import { isFight, sessionsOf } from './occupation/trace.ts'
import { isOnTree, treeOf } from './process-tree.ts'
import { reachOf } from './reach.ts'
import { sealedMining, startsIn } from './sealed.ts'
import { unseenMining } from './unseen-mining.ts'
import { isLogin, type LoginFinding } from './way-in.ts'

/** Quiet for so long, and what comes then is an intrusion of its own. */
const SEPARATE_MS = 7 * 24 * 3600_000
/** Guessing this long before the way in belongs to it; things an administrator could have done, this near to a sure sign. */
const GUESSING_BEFORE_MS = 24 * 3600_000
const CONTEXT_MS = 3600_000
/** Clocks of two witnesses of one machine may be adrift by so much. */
const SESSION_SLACK_MS = 5 * 60_000

/**
 * Findings on one machine become one incident. An incident needs a successful step of an intruder, at
 * least `medium`; guessing alone is pressure. What an administrator could have done joins an incident
 * that it falls into, and never makes one.
 */
export function buildIncidents(findings: readonly Finding[], machines: Machines): Incident[] {
  const byAsset = Map.groupBy(findings, (finding) => machines.assetOf(finding.subjects[0] ?? '').id)
  const incidents: Incident[] = []
  for (const group of byAsset.values()) {
    const asset = machines.assetOf(group[0]?.subjects[0] ?? '')
    const sure = group.filter(isSureStep).toSorted(byTime)
    for (const part of separate(sure)) incidents.push(incidentOf(asset, part, group, machines))
  }
  return incidents.toSorted((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1))
}

/** A successful step of an intruder: what makes an incident. */
export function isSureStep(finding: Finding): boolean {
  return finding.stage !== 'pressure' && finding.stage !== 'context' && isAtLeast(finding.severity, 'medium')
}

function byTime(a: Finding, b: Finding): number {
  return a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1)
}

function separate(findings: readonly Finding[]): Finding[][] {
  const parts: Finding[][] = []
  let end = Number.NEGATIVE_INFINITY
  for (const finding of findings) {
    const part = parts.at(-1)
    if (part === undefined || finding.firstSeen - end > SEPARATE_MS) parts.push([finding])
    else part.push(finding)
    end = Math.max(end, finding.lastSeen)
  }
  return parts
}

function incidentOf(
  asset: Asset,
  steps: readonly Finding[],
  others: readonly Finding[],
  machines: Machines,
): Incident {
  const { wayIn: login, ways } = entryOf(asset, steps, others, machines)
  const sessions = ways.map((way) => spanOf(way, asset, machines)).filter((span) => span !== null)
  const visits = machines
    .contactsBetween(asset, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    .filter(({ kind }) => kind === 'docker-api')
    .map(({ from }) => from)
  const stepTree = treeOf(steps, others, visits)
  const starts = startsIn([
    ...steps,
    ...others.filter(
      (finding) =>
        finding.stage === 'context' && (isOnTree(finding, stepTree) || isInSession(finding, sessions)),
    ),
  ])
  const signs = machines.signsOf(asset)
  const sealed = sealedMining(others, starts, ways, (from, to) => signs.flowsBegun(from, to))
  const mining = [...steps.filter(({ stage }) => stage === 'mining'), ...sealed.values()]
  const unseen = unseenMining(starts, mining, signs, asset.identifiers[0] ?? asset.id)
  const sure = [...steps, ...sealed.values(), ...unseen].toSorted(byTime)
  const all = others.map((finding) => sealed.get(finding.id) ?? finding)
  const firstSeen = startOf(sure, login)
  const lastSeen = highest(sure.map((finding) => finding.lastSeen))
  const moments = [firstSeen, ...sure.map((finding) => finding.firstSeen)]
  const around = all.filter((finding) => belongs(finding, moments, lastSeen, sessions))
  const tree = treeOf(sure, all, visits)
  const isOfJob = jobsOf(sure, all, {
    isOfLogin: (session, time) => machines.sessionAt(asset, session, time) !== null,
    connectorsTo: (ip, port) => machines.connectorsTo(asset, ip, port),
  })
  const attributed = [...new Set([...sure, ...around])].map((finding) =>
    attribute(finding, isInSession(finding, sessions) || isOnTree(finding, tree) || isOfJob(finding)),
  )
  const findings = foldedByDeed(attributed, (finding) =>
    sessionsOf(finding).some((session) => machines.sessionAt(asset, session, finding.firstSeen) !== null),
  ).toSorted(byTime)
  const watched = machines.watched(asset)
  // What is in the incident as context was done by others than the intruders.
  const attributedIds = new Set(findings.filter(({ stage }) => stage !== 'context').map(({ id }) => id))
  const { occupants, tenures, changes } = occupation(findings, {
    ways,
    cleanups: all.filter((finding) => isFight(finding) && !attributedIds.has(finding.id)),
    kills: machines.killsOf(asset),
    containers: machines.containersOf(asset),
    connectorsTo: (ip, port) => machines.connectorsTo(asset, ip, port),
    contactsBetween: (from, to) => machines.contactsBetween(asset, from, to),
    isJob: (session, time) => machines.sessionAt(asset, session, time) === null,
    watched,
    load: signs,
    naming: machines.nameOf,
  })
  const wayIn =
    firstWayIn(login, occupants) ?? cloudEntryOf(steps, (time, raw) => machines.visitOf(asset, time, raw))
  const told = new Set(findings.map(({ id }) => id))
  const anchor = steps[0]?.evidence[0]
  return {
    id: contentId('inc', anchor?.time ?? 0, anchor?.raw ?? ''),
    aliases: [],
    asset,
    severity: worst(sure),
    status: statusOf(tenures, watched),
    firstSeen: Math.min(firstSeen, wayIn?.time ?? firstSeen),
    lastSeen,
    wayIn,
    occupants,
    tenures,
    changes,
    reach: reachOf(findings, ways),
    findings,
    absorbed: attributed.map(({ id }) => id).filter((id) => !told.has(id)),
    guessing: all.filter(isLogin).filter((finding) => ledTo(finding, wayIn)),
  }
}

/** A session number and when it stood for the intruder's session: numbers begin again with every boot. */
interface Span {
  readonly session: string
  readonly from: number
  readonly to: number
}

function spanOf(way: WayIn, asset: Asset, machines: Machines): Span | null {
  if (way.session === null) return null
  const known = machines.sessionAt(asset, way.session, way.time)
  return {
    session: way.session,
    from: way.time - SESSION_SLACK_MS,
    to: known?.to ?? Number.POSITIVE_INFINITY,
  }
}

/** The login, unless somebody had come in by a service before. */
function firstWayIn(login: WayIn | null, occupants: Incident['occupants']): WayIn | null {
  const others = occupants.flatMap(({ wayIn }) => (wayIn === null ? [] : [wayIn]))
  const first = others.toSorted((a, b) => a.time - b.time)[0]
  return first !== undefined && (login === null || first.time < login.time) ? first : login
}

/** The guessing before a way in reaches far back; the incident itself starts when somebody got in. */
function startOf(sure: readonly Finding[], wayIn: WayIn | null): number {
  const steps = sure.filter((finding) => finding.stage !== 'way-in').map((finding) => finding.firstSeen)
  return lowest([
    ...steps,
    ...(wayIn === null ? [] : [wayIn.time]),
    ...(steps.length === 0 && wayIn === null ? [0] : []),
  ])
}

function belongs(
  finding: Finding,
  moments: readonly number[],
  to: number,
  sessions: readonly Span[],
): boolean {
  if (finding.stage === 'pressure') return false
  if (isInSession(finding, sessions)) return true
  // What a session did is its own affair, unless it is the intruder's.
  if (finding.severity === 'info') return false
  // Mining may go on for weeks in which people work on the machine: only what is near a step is part of it.
  return finding.firstSeen <= to && moments.some((at) => Math.abs(finding.firstSeen - at) <= CONTEXT_MS)
}

function isInSession(finding: Finding, sessions: readonly Span[]): boolean {
  const { firstSeen } = finding
  const own = sessionsOf(finding)
  return sessions.some((span) => own.includes(span.session) && firstSeen >= span.from && firstSeen < span.to)
}

/** What these things are for when it is not the administrator who does them. */
const PURPOSE: Readonly<Record<string, Finding['stage']>> = {
  'authorized-keys': 'persistence',
  cron: 'persistence',
  systemd: 'persistence',
  'ld-preload': 'persistence',
  dropper: 'foothold',
  'fetch-and-run': 'foothold',
  'fetch-to-hiding-place': 'foothold',
  'decode-and-run': 'foothold',
  fileless: 'foothold',
  container: 'foothold',
  pod: 'foothold',
  'network-shell': 'foothold',
  'log-wipe': 'evasion',
  'history-wipe': 'evasion',
  'audit-stop': 'evasion',
  'keys-removed': 'evasion',
  'cron-removed': 'evasion',
}

/** In the intruder's own session, by their processes and by their jobs, what an administrator could have done was not done by one. */
function attribute(finding: Finding, isTheirs: boolean): Finding {
  const { facts } = finding
  if (finding.stage !== 'context' || !isTheirs) return finding
  const stage = facts.type === 'host' ? PURPOSE[facts.what] : facts.type === 'fight' ? 'takeover' : undefined
  if (stage === undefined) return finding
  return {
    ...finding,
    stage,
    severity: isAtLeast(finding.severity, 'medium') ? finding.severity : 'medium',
    confidence: Math.max(finding.confidence, 0.8),
  }
}

/** One deed that a command and the file it wrote both tell is one finding: the surer of the two, with both proofs. */
function foldedByDeed(findings: readonly Finding[], isInLogin: (finding: Finding) => boolean): Finding[] {
  const deeds = Map.groupBy(findings, deedOf)
  return [...deeds.values()].flatMap((group) =>
    bySession(group, isInLogin).map((same) => same.reduce(joinedDeed)),
  )
}

/** What it is that several witnesses may tell of; a witness that knows no session knows less of what it was for. */
function deedOf({ facts, stage, id, rule, title }: Finding): string {
  if (facts.type !== 'host' || stage === 'mining') return id
  if (rule !== undefined) return `rule ${rule}`
  const at = facts.path ?? facts.remote
  return at === null ? id : `${facts.what}\0${at}\0${title}`
}

/** A log and a trail tell of one deed within this. */
const SAME_DEED_MS = 2 * 60_000
/** Who comes by a service again after so long may be somebody else. */
const VISIT_MS = 10 * 60_000

/**
 * What is done in the sessions of two logins was done twice. A telling without a session is of the deed that it is
 * near to; what a cron job does again and again, each time in a session of its own, is one.
 */
function bySession(group: readonly Finding[], isInLogin: (finding: Finding) => boolean): Finding[][] {
  const known = Map.groupBy(group, (finding) => (isInLogin(finding) ? (sessionsOf(finding)[0] ?? '') : ''))
  const unattended = known.get('') ?? []
  known.delete('')
  const deeds = [...known.values()].map((deed) => [...deed])
  const left: Finding[] = []
  for (const finding of unattended) {
    const near = sessionsOf(finding).length > 0 ? undefined : deeds.find((deed) => isNear(finding, deed))
    if (near === undefined) left.push(finding)
    else near.push(finding)
  }
  // Cron's runs are one deed; what services do without any session is of one visitor only as long as it goes on.
  const jobs = left.filter((finding) => sessionsOf(finding).length > 0)
  const visits = left.filter((finding) => sessionsOf(finding).length === 0).toSorted(byTime)
  const apart: Finding[][] = []
  for (const finding of visits) {
    const last = apart.at(-1)
    const end = highest((last ?? []).map(({ lastSeen }) => lastSeen))
    if (last === undefined || finding.firstSeen - end > VISIT_MS) apart.push([finding])
    else last.push(finding)
  }
  return [...deeds, ...(jobs.length === 0 ? [] : [jobs]), ...apart]
}

function isNear(finding: Finding, deed: readonly Finding[]): boolean {
  return deed.some(
    (other) =>
      finding.firstSeen <= other.lastSeen + SAME_DEED_MS &&
      other.firstSeen <= finding.lastSeen + SAME_DEED_MS,
  )
}

function joinedDeed(a: Finding, b: Finding): Finding {
  const isWeaker = SEVERITIES.indexOf(a.severity) < SEVERITIES.indexOf(b.severity)
  const surer = isWeaker ? b : a
  return {
    ...surer,
    confidence: Math.max(a.confidence, b.confidence),
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    // Both tell of the same times it was done.
    count: Math.max(a.count, b.count),
    evidence: evidenceUnion([a, b]),
    facts: withSessionsOf(surer, isWeaker ? a : b),
  }
}

/** The session of the surer telling, and all others in which it was done. */
function withSessionsOf(surer: Finding, other: Finding): Finding['facts'] {
  const { facts } = surer
  if (facts.type !== 'host') return facts
  const all = new Set([...sessionsOf(surer), ...sessionsOf(other)])
  if (facts.session !== null) all.delete(facts.session)
  return all.size === 0 ? facts : { ...facts, otherSessions: [...all] }
}

function ledTo(finding: LoginFinding, wayIn: WayIn | null): boolean {
  if (wayIn === null || finding.stage !== 'pressure') return false
  if (finding.firstSeen > wayIn.time || finding.lastSeen < wayIn.time - GUESSING_BEFORE_MS) return false
  if (wayIn.srcIp !== null && finding.facts.srcIps.includes(wayIn.srcIp)) return true
  return finding.facts.style === 'spray' && wayIn.user !== null && finding.facts.users.includes(wayIn.user)
}

function worst(findings: readonly Finding[]): Severity {
  const ranks = findings.map((finding) => SEVERITIES.indexOf(finding.severity))
  return SEVERITIES[highest(ranks)] ?? 'medium'
}

function statusOf(tenures: Incident['tenures'], watched: Watched): Incident['status'] {
  if (tenures.length === 0) return 'unknown'
  const end = highest(tenures.map((tenure) => tenure.end))
  if (watched.networkTo === null) return 'unknown'
  return watched.networkTo - end <= STILL_MINING_MS ? 'ongoing' : 'ended'
}
