import type { Finding } from '../event/finding.ts'
import { type Evidence, MAX_EVIDENCE } from '../event/origin.ts'

/** The proofs of several findings: in time order, each once, the first and the last kept when there are too many. */
export function evidenceUnion(findings: readonly Finding[], limit: number = MAX_EVIDENCE): Evidence[] {
  return firstAndLast(
    findings.flatMap((finding) => finding.evidence),
    limit,
  )
}

/** In time order, each once, at most `limit`: how it began and how it stands. */
export function firstAndLast(proofs: readonly Evidence[], limit: number = MAX_EVIDENCE): Evidence[] {
  const seen = new Set<string>()
  const union: Evidence[] = []
  for (const evidence of proofs) {
    const key = `${evidence.time}\0${evidence.file}\0${evidence.offset}\0${evidence.raw}`
    if (seen.has(key)) continue
    seen.add(key)
    union.push(evidence)
  }
  union.sort((a, b) => a.time - b.time)
  if (union.length <= limit) return union
  const half = Math.floor(limit / 2)
  return [...union.slice(0, limit - half), ...union.slice(-half)]
}
