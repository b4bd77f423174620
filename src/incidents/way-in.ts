import { highest, lowest } from '../extremes.ts'
import type { Finding, LoginFacts } from '../event/finding.ts'
import { evidenceUnion } from './evidence-union.ts'
import type { WayIn } from './incident.ts'

export type LoginFinding = Finding & { readonly facts: LoginFacts }

export function isLogin(finding: Finding): finding is LoginFinding {
  return finding.facts.type === 'login'
}

/** Two witnesses of one login may disagree by the second that a log rounds off, and a little drift. */
const SAME_LOGIN_MS = 5000
const DRIFT_MS = 10 * 60_000

/**
 * The logins an intruder got in by, first one first. Sshd and the audit trail tell the same login each
 * in its own way; here they become one.
 */
export function waysIn(
  findings: readonly Finding[],
  sessionOf: (pid: number, srcIp: string) => string | null,
): WayIn[] {
  const logins = findings.filter((finding) => finding.stage === 'way-in').filter(isLogin)
  const groups: LoginFinding[][] = []
  for (const login of logins.toSorted((a, b) => a.lastSeen - b.lastSeen)) {
    const group = groups.find((candidate) => candidate.some((other) => isSameLogin(other, login)))
    if (group === undefined) groups.push([login])
    else group.push(login)
  }
  return groups.map((group) => wayIn(group, sessionOf))
}

export function isSameLogin(a: LoginFinding, b: LoginFinding): boolean {
  return (
    (Math.abs(a.lastSeen - b.lastSeen) <= SAME_LOGIN_MS || isSameProcess(a, b)) &&
    a.facts.srcIps[0] === b.facts.srcIps[0] &&
    a.facts.users[0] === b.facts.users[0]
  )
}

/** Clocks of two witnesses may be adrift; the server process of a login has one number. */
function isSameProcess(a: LoginFinding, b: LoginFinding): boolean {
  return a.facts.pid !== null && a.facts.pid === b.facts.pid && Math.abs(a.lastSeen - b.lastSeen) <= DRIFT_MS
}

function wayIn(
  group: readonly LoginFinding[],
  sessionOf: (pid: number, srcIp: string) => string | null,
): WayIn {
  const best = group.toSorted((a, b) => b.facts.tries - a.facts.tries)[0]
  if (best === undefined) throw new Error('a login told by nobody')
  const srcIp = best.facts.srcIps[0] ?? null
  const pid = firstKnown(group.map((finding) => finding.facts.pid))
  const session = firstKnown(group.map((finding) => finding.facts.session))
  const method = firstKnown(group.map((finding) => finding.facts.method))
  return {
    kind: kindOf(method),
    time: lowest(group.map((finding) => finding.lastSeen)),
    srcIp,
    user: best.facts.users[0] ?? null,
    tries: best.facts.tries,
    sourceCount: best.facts.sourceCount,
    method,
    pid,
    session: session ?? (pid !== null && srcIp !== null ? sessionOf(pid, srcIp) : null),
    confidence: highest(group.map((finding) => finding.confidence)),
    evidence: evidenceUnion(group),
  }
}

/** What PAM or keyboard-interactive asked for is a password too. */
export function kindOf(method: string | null): WayIn['kind'] {
  if (method === null) return 'ssh'
  return method.startsWith('publickey') ? 'ssh-key' : 'ssh-password'
}

function firstKnown<T>(values: readonly (T | null)[]): T | null {
  return values.find((value) => value !== null) ?? null
}
