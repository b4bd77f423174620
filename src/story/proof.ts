import type { Evidence } from '../event/origin.ts'
import { formatTime } from '../text/time.ts'
import type { Proof } from './document.ts'

export function proofOf(evidence: Evidence): Proof {
  return {
    source: evidence.source,
    file: evidence.file,
    ...(evidence.line === undefined ? {} : { line: evidence.line }),
    ...(evidence.packet === undefined ? {} : { packet: evidence.packet }),
    ...(evidence.recordId === undefined ? {} : { recordId: evidence.recordId }),
    offset: evidence.offset,
    time: formatTime(evidence.time),
    raw: evidence.raw,
  }
}

/** The first `limit` of a list of proofs, and the last one, which often is the point. */
export function proofs(evidence: readonly Evidence[], limit: number): Proof[] {
  const last = evidence.at(-1)
  const some =
    evidence.length <= limit || last === undefined ? evidence : [...evidence.slice(0, limit - 1), last]
  return some.map(proofOf)
}
