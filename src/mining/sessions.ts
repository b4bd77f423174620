import type { StratumEvent } from '../event/stratum.ts'

export interface Counts {
  submitted: number
  accepted: number
  rejected: number
  expectedHashes: number
  /** Of `expectedHashes`. */
  hashesVariance: number
}

/** A dialogue as its newest event tells it; the counts are the dialogue's own totals. Times in epoch ms. */
export interface Session extends Counts {
  readonly communityId: string
  start: number
  end: number
}

/** The dialogues of one miner with one pool under one login, and the totals of those no longer kept. */
export interface Sessions {
  kept: Session[]
  count: number
  folded: Counts & { minedMs: number; spans: Span[] }
}

/** A time of work without breaks, epoch ms. */
export interface Span {
  from: number
  to: number
  sharesAccepted: number
}

/** Reconnects kept apart; older ones are folded into one sum. */
const MAX_KEPT = 64
/** Two observers of one connection may disagree by this much. */
const SKEW_MS = 2000
const MAX_SPANS = 64

export function noSessions(): Sessions {
  return {
    kept: [],
    count: 0,
    folded: {
      submitted: 0,
      accepted: 0,
      rejected: 0,
      expectedHashes: 0,
      hashesVariance: 0,
      minedMs: 0,
      spans: [],
    },
  }
}

export function sessionOf(event: StratumEvent): Session {
  return {
    communityId: event.communityId,
    start: event.start,
    end: event.time,
    submitted: event.sharesSubmitted,
    accepted: event.sharesAccepted,
    rejected: event.sharesRejected,
    expectedHashes: event.expectedHashes,
    hashesVariance: varianceOf(event),
  }
}

/** Where nobody kept the difficulty of each share: as if all were of the same. */
export function varianceOf(
  told: Pick<StratumEvent, 'hashesVariance' | 'expectedHashes' | 'sharesAccepted'>,
): number {
  return told.hashesVariance ?? told.expectedHashes ** 2 / Math.max(1, told.sharesAccepted)
}

/**
 * Whether both are one dialogue: the same endpoints at the same time. An event told twice, or told by
 * two observers, must not add up.
 */
export function isSameSession(a: Session, b: Session): boolean {
  if (a.communityId !== b.communityId) return false
  return Math.abs(a.start - b.start) <= SKEW_MS || (a.start < b.end && b.start < a.end)
}

/** Gives true where the session is a new one. */
export function addSession(sessions: Sessions, session: Session): boolean {
  const known = sessions.kept.find((kept) => isSameSession(kept, session))
  if (known !== undefined) {
    widen(known, session)
    return false
  }
  sessions.kept.push({ ...session })
  sessions.count++
  if (sessions.kept.length > MAX_KEPT) foldOldest(sessions)
  return true
}

/** Counts only grow within a dialogue, so the larger one is the newer. */
function widen(known: Session, other: Session): void {
  known.start = Math.min(known.start, other.start)
  known.end = Math.max(known.end, other.end)
  known.submitted = Math.max(known.submitted, other.submitted)
  known.accepted = Math.max(known.accepted, other.accepted)
  known.rejected = Math.max(known.rejected, other.rejected)
  known.expectedHashes = Math.max(known.expectedHashes, other.expectedHashes)
  known.hashesVariance = Math.max(known.hashesVariance, other.hashesVariance)
}

function foldOldest({ kept, folded }: Sessions): void {
  const oldest = kept.reduce((least, session) => (session.end < least.end ? session : least))
  kept.splice(kept.indexOf(oldest), 1)
  addCounts(folded, oldest)
  folded.minedMs += oldest.end - oldest.start
  folded.spans = joined([...folded.spans, spanOf(oldest)])
}

function addCounts(into: Counts, from: Counts): void {
  into.submitted += from.submitted
  into.accepted += from.accepted
  into.rejected += from.rejected
  into.expectedHashes += from.expectedHashes
  into.hashesVariance += from.hashesVariance
}

export function mergeSessions(into: Sessions, from: Sessions): void {
  addCounts(into.folded, from.folded)
  into.folded.minedMs += from.folded.minedMs
  into.folded.spans = joined([...into.folded.spans, ...from.folded.spans])
  into.count += from.count - from.kept.length
  for (const session of from.kept) addSession(into, session)
}

/** All dialogues together. */
export function countsOf({ kept, folded }: Sessions): Counts {
  const total: Counts = { submitted: 0, accepted: 0, rejected: 0, expectedHashes: 0, hashesVariance: 0 }
  addCounts(total, folded)
  for (const session of kept) addCounts(total, session)
  return total
}

/** When at least one dialogue was going on, oldest first. */
export function spansOf({ kept, folded }: Sessions): Span[] {
  return joined([...folded.spans, ...kept.map(spanOf)])
}

function spanOf({ start, end, accepted }: Session): Span {
  return { from: start, to: end, sharesAccepted: accepted }
}

/** Spans that overlap become one; at most `MAX_SPANS`, the shortest breaks given up first. */
function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last === undefined || span.from > last.to) found.push({ ...span })
    else extend(last, span)
  }
  while (found.length > MAX_SPANS) {
    const breaks = found.slice(1).map((span, at) => span.from - (found[at]?.to ?? 0))
    const at = breaks.indexOf(Math.min(...breaks))
    const [next] = found.splice(at + 1, 1)
    const before = found[at]
    if (next !== undefined && before !== undefined) extend(before, next)
  }
  return found
}

function extend(span: Span, by: Span): void {
  span.to = Math.max(span.to, by.to)
  span.sharesAccepted += by.sharesAccepted
}

/** For how long, in ms, at least one dialogue was going on. */
export function minedMs({ kept, folded }: Sessions): number {
  let mined = folded.minedMs
  let until = Number.NEGATIVE_INFINITY
  for (const { start, end } of kept.toSorted((a, b) => a.start - b.start)) {
    mined += Math.max(0, end - Math.max(start, until))
    until = Math.max(until, end)
  }
  return mined
}
