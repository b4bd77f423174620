import type { Asset } from '../assets/asset.ts'
import { contentId } from '../event/content-id.ts'
import { type Finding, isAtLeast, SEVERITIES, type Severity } from '../event/finding.ts'
import type { Identifier } from '../event/identifier.ts'
import type { Incident, WayIn } from './incident.ts'
import { occupation, STILL_MINING_MS, type Watched } from './occupants.ts'
import { isLogin, type LoginFinding, waysIn } from './way-in.ts'

/** What the incidents need to know of the machines. */
export interface Machines {
  assetOf(id: Identifier): Asset
  sessionOf(pid: number, srcIp: string): string | null
  /** From when to when the machine's traffic was watched. */
  watched(asset: Asset): Watched
}

/** Quiet for so long, and what comes then is an intrusion of its own. */
const SEPARATE_MS = 7 * 24 * 3600_000
/** Guessing this long before the way in belongs to it; things an administrator could have done, this long before the first sure sign. */
const GUESSING_BEFORE_MS = 24 * 3600_000
const CONTEXT_BEFORE_MS = 3600_000

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
  sure: readonly Finding[],
  all: readonly Finding[],
  machines: Machines,
): Incident {
  const ways = waysIn(sure, (pid, srcIp) => machines.sessionOf(pid, srcIp))
  const wayIn = ways[0] ?? null
  const sessions = new Set(ways.map((way) => way.session).filter((session) => session !== null))
  const firstSeen = startOf(sure, wayIn)
  const lastSeen = Math.max(...sure.map((finding) => finding.lastSeen))
  const around = all.filter((finding) => belongs(finding, firstSeen, lastSeen, sessions))
  const findings = [...new Set([...sure, ...around])]
    .map((finding) => attribute(finding, sessions))
    .toSorted(byTime)
  const watched = machines.watched(asset)
  const { occupants, tenures, changes } = occupation(findings, watched)
  const anchor = sure[0]?.evidence[0]
  return {
    id: contentId('inc', anchor?.time ?? 0, anchor?.raw ?? ''),
    aliases: [],
    asset,
    severity: worst(sure),
    status: statusOf(tenures, watched),
    firstSeen,
    lastSeen,
    wayIn,
    occupants,
    tenures,
    changes,
    findings,
    guessing: all.filter(isLogin).filter((finding) => ledTo(finding, wayIn)),
  }
}

/** The guessing before a way in reaches far back; the incident itself starts when somebody got in. */
function startOf(sure: readonly Finding[], wayIn: WayIn | null): number {
  const steps = sure.filter((finding) => finding.stage !== 'way-in').map((finding) => finding.firstSeen)
  return Math.min(
    ...steps,
    ...(wayIn === null ? [] : [wayIn.time]),
    ...(steps.length === 0 && wayIn === null ? [0] : []),
  )
}

function belongs(finding: Finding, from: number, to: number, sessions: ReadonlySet<string>): boolean {
  if (finding.stage === 'pressure') return false
  if (isInSession(finding, sessions)) return true
  // What a session did is its own affair, unless it is the intruder's.
  if (finding.severity === 'info') return false
  return finding.firstSeen >= from - CONTEXT_BEFORE_MS && finding.firstSeen <= to
}

function isInSession(finding: Finding, sessions: ReadonlySet<string>): boolean {
  return (
    finding.facts.type === 'host' && finding.facts.session !== null && sessions.has(finding.facts.session)
  )
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
  'log-wipe': 'evasion',
  'history-wipe': 'evasion',
  'audit-stop': 'evasion',
  'keys-removed': 'evasion',
  'cron-removed': 'evasion',
}

/** In the intruder's own session, what an administrator could have done was not done by one. */
function attribute(finding: Finding, sessions: ReadonlySet<string>): Finding {
  if (finding.stage !== 'context' || finding.facts.type !== 'host' || !isInSession(finding, sessions))
    return finding
  const stage = PURPOSE[finding.facts.what]
  if (stage === undefined) return finding
  return {
    ...finding,
    stage,
    severity: isAtLeast(finding.severity, 'medium') ? finding.severity : 'medium',
    confidence: Math.max(finding.confidence, 0.8),
  }
}

function ledTo(finding: LoginFinding, wayIn: WayIn | null): boolean {
  if (wayIn === null || finding.stage !== 'pressure') return false
  if (finding.firstSeen > wayIn.time || finding.lastSeen < wayIn.time - GUESSING_BEFORE_MS) return false
  if (wayIn.srcIp !== null && finding.facts.srcIps.includes(wayIn.srcIp)) return true
  return finding.facts.style === 'spray' && wayIn.user !== null && finding.facts.users.includes(wayIn.user)
}

function worst(findings: readonly Finding[]): Severity {
  const ranks = findings.map((finding) => SEVERITIES.indexOf(finding.severity))
  return SEVERITIES[Math.max(...ranks)] ?? 'medium'
}

function statusOf(tenures: Incident['tenures'], watched: Watched): Incident['status'] {
  if (tenures.length === 0) return 'unknown'
  const end = Math.max(...tenures.map((tenure) => tenure.end))
  if (watched.networkTo === null) return 'unknown'
  return watched.networkTo - end <= STILL_MINING_MS ? 'ongoing' : 'ended'
}
