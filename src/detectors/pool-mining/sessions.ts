import type { StratumEvent } from '../../event/stratum.ts'

/** A dialogue as its newest event tells it; the counts are the dialogue's own totals. Times in epoch ms. */
export interface Session {
  readonly communityId: string
  start: number
  end: number
  submitted: number
  accepted: number
  rejected: number
  expectedHashes: number
}

/** The dialogues of one miner with one pool under one login, and the totals of those no longer kept. */
export interface Sessions {
  kept: Session[]
  /** `end` − `start` is the time mined in the dialogues that were folded together. */
  folded: Session | null
}

/** More than this many reconnects are folded into one. */
const MAX_KEPT = 64
/** Two observers of one connection may disagree by this much. */
const SKEW_MS = 2000

export function sessionOf(event: StratumEvent): Session {
  return {
    communityId: event.communityId,
    start: event.start,
    end: event.time,
    submitted: event.sharesSubmitted,
    accepted: event.sharesAccepted,
    rejected: event.sharesRejected,
    expectedHashes: event.expectedHashes,
  }
}

/**
 * Whether both are one dialogue: the same endpoints at the same time. An event told twice, or told by
 * two observers, must not add up.
 */
export function isSameSession(a: Session, b: Session): boolean {
  if (a.communityId !== b.communityId) return false
  return a.start === b.start || (a.start <= b.end + SKEW_MS && b.start <= a.end + SKEW_MS)
}

/** Gives true where the session is a new one. */
export function addSession(sessions: Sessions, session: Session): boolean {
  const known = sessions.kept.find((kept) => isSameSession(kept, session))
  if (known !== undefined) {
    widen(known, session)
    return false
  }
  sessions.kept.push({ ...session })
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
}

function foldOldest(sessions: Sessions): void {
  const oldest = sessions.kept.reduce((least, session) => (session.end < least.end ? session : least))
  sessions.kept.splice(sessions.kept.indexOf(oldest), 1)
  sessions.folded = sessions.folded === null ? oldest : sumOf(sessions.folded, oldest)
}

function sumOf(a: Session, b: Session): Session {
  return {
    communityId: '',
    start: a.start,
    end: a.end + b.end - b.start,
    submitted: a.submitted + b.submitted,
    accepted: a.accepted + b.accepted,
    rejected: a.rejected + b.rejected,
    expectedHashes: a.expectedHashes + b.expectedHashes,
  }
}

export function mergeSessions(into: Sessions, from: Sessions): void {
  for (const session of from.kept) addSession(into, session)
  if (from.folded !== null) into.folded = into.folded === null ? from.folded : sumOf(into.folded, from.folded)
}

/** All dialogues together, and for how long (ms) at least one of them was going on. */
export function totalOf(sessions: Sessions): { total: Session; minedMs: number } {
  const all = sessions.folded === null ? sessions.kept : [...sessions.kept, sessions.folded]
  const total = all.reduce(sumOf)
  const foldedMs = sessions.folded === null ? 0 : sessions.folded.end - sessions.folded.start
  return { total, minedMs: coveredMs(sessions.kept) + foldedMs }
}

function coveredMs(sessions: readonly Session[]): number {
  let covered = 0
  let until = Number.NEGATIVE_INFINITY
  for (const { start, end } of sessions.toSorted((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, until))
    until = Math.max(until, end)
  }
  return covered
}
