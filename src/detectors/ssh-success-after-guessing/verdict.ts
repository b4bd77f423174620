import type { AuthEvent } from '../../event/auth.ts'
import type { Severity } from '../../event/finding.ts'
import { amount } from '../model/guessing/campaign.ts'
import { isKeyed, networkOf } from '../model/guessing/login-attempt.ts'
import { namesIn, timesOf } from '../model/guessing/tally.ts'
import { areFresh, type Failures } from './failures.ts'
import { type GoodLogins, isAtHome } from './history.ts'

/** Why a login is taken for the fruit of guessing, and how surely. */
export interface Verdict {
  readonly severity: Severity
  readonly confidence: number
  readonly tries: number
  /** Ends the sentence `root logged in by password from 203.0.113.9`; begins with its comma or space. */
  readonly because: string
}

/** Failed tries that nobody needs for a password of their own. */
const MANY_TRIES = 10
/** Enough to doubt a login from an address without history; surer where other accounts were tried too. */
const SOME_TRIES = 5
/** Fewer are enough at this pace, where other accounts were tried too. */
const FEW_TRIES = 3
const FEW_TRIES_MS = 10 * 60_000
/** At one account, from so many addresses: guessing that is shared out. */
const SHARED_TRIES = 20
const SHARED_SOURCES = 5
/** From one network, by at least so many other addresses. */
const NETWORK_TRIES = 10
const NETWORK_SOURCES = 2
/** Whoever has logged in from so many networks travels; one more network says nothing. */
const TRAVELLER_NETWORKS = 3

/** The address that failed is the address that got in. */
export function judgeAddress(
  event: AuthEvent,
  failures: Failures,
  history: readonly GoodLogins[],
): Verdict | null {
  const user = event.user ?? ''
  if (!areFresh(failures, event.time) || isAtHome(history, user, failures.firstSeen)) return null
  const { tries, unknownTries } = failures
  const verdict = { tries, because: ` after ${amount(tries, 'failed try', 'failed tries')}` }
  if (isKeyed(event.method)) {
    // Guessing passwords does not yield keys, but whoever guesses may hold a stolen one.
    return tries < MANY_TRIES ? null : { ...verdict, severity: 'medium', confidence: 0.4 }
  }
  const isAfterOthers = unknownTries > 0 || failures.names.some((name) => name !== user)
  if (tries >= MANY_TRIES) {
    return { ...verdict, severity: 'high', confidence: tries >= 5 * MANY_TRIES ? 0.95 : 0.9 }
  }
  if (tries >= SOME_TRIES) {
    return isAfterOthers
      ? { ...verdict, severity: 'high', confidence: 0.8 }
      : { ...verdict, severity: 'medium', confidence: 0.6 }
  }
  const isQuick = event.time - failures.firstSeen <= FEW_TRIES_MS
  return tries >= FEW_TRIES && isQuick && isAfterOthers
    ? { ...verdict, severity: 'medium', confidence: 0.5 }
    : null
}

/** The account was guessed at from many addresses, and one that nobody knows got in. */
export function judgeUser(
  event: AuthEvent,
  failures: Failures,
  history: readonly GoodLogins[],
): Verdict | null {
  const { srcIp } = event
  const network = srcIp === null ? null : networkOf(srcIp)
  if (network === null || isKeyed(event.method) || !areFresh(failures, event.time)) return null
  const networks = new Set(history.map((entry) => networkOf(entry.who)))
  if (networks.has(network) || networks.size >= TRAVELLER_NETWORKS) return null
  const sources = namesIn(failures.sources)
  if (failures.tries < SHARED_TRIES || sources < SHARED_SOURCES) return null
  return {
    severity: 'medium',
    confidence: 0.4,
    tries: failures.tries,
    because: `, new here, after ${amount(failures.tries, 'failed try', 'failed tries')} for this account from ${amount(sources, 'address', 'addresses')}`,
  }
}

/** Neighbours of the address failed shortly before. */
export function judgeNetwork(
  event: AuthEvent,
  failures: Failures,
  history: readonly GoodLogins[],
): Verdict | null {
  const { srcIp } = event
  if (srcIp === null || isKeyed(event.method) || !areFresh(failures, event.time)) return null
  if (history.some((entry) => entry.who === (event.user ?? ''))) return null
  const own = timesOf(failures.sources, srcIp)
  const tries = failures.tries - own
  const others = namesIn(failures.sources) - (own > 0 ? 1 : 0)
  if (tries < NETWORK_TRIES || others < NETWORK_SOURCES) return null
  return {
    severity: 'medium',
    confidence: 0.5,
    tries: failures.tries,
    because: ` after ${amount(failures.tries, 'failed try', 'failed tries')} from its network ${networkOf(srcIp) ?? ''}`,
  }
}
