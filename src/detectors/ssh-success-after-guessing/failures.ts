import type { AuthEvent } from '../../event/auth.ts'
import type { Evidence } from '../../event/origin.ts'
import { mergeEnds, withEnd } from '../model/guessing/campaign.ts'
import { evidenceOf } from '../evidence.ts'
import {
  countName,
  emptyTally,
  forgetName,
  mergeTally,
  type Tally,
  timesOf,
} from '../model/guessing/tally.ts'

/** Failed tries that belong together, up to now: of one address, of one network, or at one account. */
export interface Failures {
  tries: number
  /** Of `tries`: for accounts that do not exist. */
  unknownTries: number
  /** Accounts tried. */
  accounts: Tally
  sources: Tally
  firstSeen: number
  lastSeen: number
  lastPid: number | null
  evidence: Evidence[]
}

/** Tries further apart than this do not belong together, nor does a login that comes later than this. */
const GAP_MS = 24 * 3_600_000
const EVIDENCE_KEPT = 4
/** The audit trail does not say which account was tried where there is none. */
const UNNAMED = '?'

export function noFailures(): Failures {
  return {
    tries: 0,
    unknownTries: 0,
    accounts: emptyTally(),
    sources: emptyTally(),
    firstSeen: 0,
    lastSeen: 0,
    lastPid: null,
    evidence: [],
  }
}

/** What is counted by name: where all are of one account or one address, that one says nothing. */
export interface Counted {
  readonly accounts: boolean
  readonly sources: boolean
}

/** The failures with one more counted in. */
export function addFailure(before: Failures, event: AuthEvent, counted: Counted): Failures {
  if (event.outcome === 'aborted' && event.pid !== null && event.pid === before.lastPid) return before
  const failures = event.time - before.lastSeen > GAP_MS ? noFailures() : before
  const isFirst = failures.tries === 0
  failures.tries += event.count
  if (event.isUnknownUser) failures.unknownTries += event.count
  const name = event.user ?? (event.isUnknownUser ? UNNAMED : null)
  if (counted.accounts && name !== null) countName(failures.accounts, name, event.count)
  if (counted.sources && event.srcIp !== null) countName(failures.sources, event.srcIp, event.count)
  failures.firstSeen = isFirst ? event.time : Math.min(failures.firstSeen, event.time)
  failures.lastSeen = isFirst ? event.time : Math.max(failures.lastSeen, event.time)
  failures.lastPid = event.pid
  failures.evidence = withEnd(failures.evidence, evidenceOf(event), EVIDENCE_KEPT)
  return failures
}

/** There were failures, and not too long before `time`. */
export function areFresh(failures: Failures, time: number): boolean {
  return failures.tries > 0 && time - failures.lastSeen <= GAP_MS
}

export function mergeFailures(a: Failures, b: Failures): Failures {
  if (a.tries === 0) return b
  if (b.tries === 0) return a
  const [older, younger] = a.firstSeen <= b.firstSeen ? [a, b] : [b, a]
  if (younger.firstSeen - older.lastSeen > GAP_MS) return younger
  return {
    tries: a.tries + b.tries,
    unknownTries: a.unknownTries + b.unknownTries,
    accounts: mergeTally(a.accounts, b.accounts),
    sources: mergeTally(a.sources, b.sources),
    firstSeen: older.firstSeen,
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    lastPid: a.lastSeen > b.lastSeen ? a.lastPid : b.lastPid,
    evidence: mergeEnds(a.evidence, b.evidence, EVIDENCE_KEPT),
  }
}

/** Nobody needs so many for a password of their own. */
const MANY_SLIPS = 10

/** Somebody who had failed got in, and nothing else spoke against it: what they failed at were slips. */
export function withoutSlips(failures: Failures, user: string): Failures {
  const slips = timesOf(failures.accounts, user)
  if (slips === 0 || slips >= MANY_SLIPS) return failures
  const tries = failures.tries - slips
  if (tries <= 0) return noFailures()
  forgetName(failures.accounts, user)
  return { ...failures, tries, unknownTries: Math.min(failures.unknownTries, tries) }
}
