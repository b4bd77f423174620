import type { Asset } from '../assets/asset.ts'
import type { Finding } from '../event/finding.ts'
import { evidenceUnion } from './evidence-union.ts'
import { isLogin, isSameLogin, type LoginFinding } from './way-in.ts'

/** PAM tells of a failure, sshd only after it has made the guesser wait; clocks may be adrift. */
const SAME_TIME_MS = 2 * 60_000

/**
 * Sshd's lines and the audit trail tell of the same guessing and of the same login. Of guessing, the
 * telling of the witness that saw more is kept; of a login, what both know becomes one finding.
 */
export function withoutEchoes(findings: readonly Finding[], assetOf: (finding: Finding) => Asset): Finding[] {
  const gone = new Set<Finding>()
  const merged = new Map<Finding, Finding>()
  for (const group of grouped(findings, assetOf)) {
    for (const [at, one] of group.entries()) {
      for (const other of group.slice(at + 1)) {
        if (gone.has(one) || gone.has(other) || witnessOf(one) === witnessOf(other)) continue
        if (one.stage === 'pressure') dropLesser(one, other, gone)
        else if (isSameLogin(one, other)) mergeLogins(one, other, gone, merged)
      }
    }
  }
  return findings
    .filter((finding) => !gone.has(finding))
    .map((finding) =>
      finding.stage === 'pressure' ? ofAsset(finding, assetOf(finding)) : (merged.get(finding) ?? finding),
    )
}

/** Findings that could be about the same thing: few in each group, however many there are. */
function grouped(
  findings: readonly Finding[],
  assetOf: (finding: Finding) => Asset,
): Iterable<LoginFinding[]> {
  const groups = new Map<string, LoginFinding[]>()
  for (const finding of findings) {
    if (!isLogin(finding) || (finding.stage !== 'pressure' && finding.stage !== 'way-in')) continue
    const { srcIps, users, sourceCount } = finding.facts
    const who = sourceCount > 1 ? 'many' : (srcIps[0] ?? '')
    const key = `${assetOf(finding).id}\0${finding.stage}\0${who}\0${finding.stage === 'way-in' ? (users[0] ?? '') : ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  return groups.values()
}

function witnessOf(finding: Finding): 'trail' | 'log' {
  return finding.evidence[0]?.source === 'auditd' ? 'trail' : 'log'
}

function dropLesser(one: LoginFinding, other: LoginFinding, gone: Set<Finding>): void {
  if (one.firstSeen > other.lastSeen + SAME_TIME_MS || other.firstSeen > one.lastSeen + SAME_TIME_MS) return
  const difference = one.facts.tries - other.facts.tries
  // Sshd's lines name accounts that do not exist; the trail does not.
  const isOneLesser = difference < 0 || (difference === 0 && witnessOf(one) === 'trail')
  gone.add(isOneLesser ? one : other)
}

function mergeLogins(
  one: LoginFinding,
  other: LoginFinding,
  gone: Set<Finding>,
  merged: Map<Finding, Finding>,
): void {
  const [log, trail] = witnessOf(one) === 'log' ? [one, other] : [other, one]
  gone.add(trail)
  merged.set(log, {
    ...log,
    evidence: evidenceUnion([log, trail]),
    facts: {
      ...log.facts,
      method: log.facts.method ?? trail.facts.method,
      pid: log.facts.pid ?? trail.facts.pid,
      session: log.facts.session ?? trail.facts.session,
    },
  })
}

/** All of a machine's pressure under one name of it: what is left adds up. */
function ofAsset(finding: Finding, asset: Asset): Finding {
  return { ...finding, subjects: [asset.identifiers[0] ?? finding.subjects[0] ?? asset.id] }
}
