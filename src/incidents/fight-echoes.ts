import type { Asset } from '../assets/asset.ts'
import type { Finding } from '../event/finding.ts'
import { evidenceUnion } from './evidence-union.ts'
import { isFight } from './occupation/trace.ts'

/** A log and an audit trail tell of one fight; their clocks may be adrift by so much. */
const SAME_TIME_MS = 2 * 60_000

/**
 * What sudo's lines or a journal tell of a fight, the audit trail tells in full: of two tellings of one machine at one
 * time, by a witness that knows the processes and one that does not, the fuller one is kept, with the proofs of both.
 */
export function withoutFightEchoes(
  findings: readonly Finding[],
  assetOf: (finding: Finding) => Asset,
): Finding[] {
  const fights = findings.filter(isFight)
  const full = fights.filter(knowsProcesses)
  const echoes = new Map<Finding, Finding>()
  for (const fight of fights) {
    if (knowsProcesses(fight)) continue
    const same = full.find((other) => assetOf(other).id === assetOf(fight).id && isAround(other, fight))
    if (same !== undefined) echoes.set(fight, same)
  }
  if (echoes.size === 0) return [...findings]
  return findings
    .filter((finding) => !echoes.has(finding))
    .map((finding) => {
      const told = [...echoes].filter(([, same]) => same === finding).map(([echo]) => echo)
      return told.length === 0 ? finding : { ...finding, evidence: evidenceUnion([finding, ...told]) }
    })
}

function knowsProcesses(finding: Finding): boolean {
  return isFight(finding) && finding.facts.acts.some(({ pid }) => pid !== null)
}

function isAround(one: Finding, other: Finding): boolean {
  return one.firstSeen <= other.lastSeen + SAME_TIME_MS && other.firstSeen <= one.lastSeen + SAME_TIME_MS
}
