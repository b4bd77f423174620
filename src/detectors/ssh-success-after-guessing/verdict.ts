import type { AuthEvent } from '../../event/auth.ts'
import type { Severity } from '../../event/finding.ts'
import { amount } from '../model/guessing/campaign.ts'
import { isInternal, isKeyed, networkOf } from '../model/guessing/login-attempt.ts'
import { namesIn, timesOf } from '../model/guessing/tally.ts'
import { areFresh, type Failures } from './failures.ts'
import { comesByKey, type GoodLogins, isAtHome } from './history.ts'
import { isSlipOf } from './names.ts'

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
/** Still more of them, where nothing but their number speaks against somebody who had forgotten the password. */
const TOO_MANY_TRIES = 20
/** Enough to doubt a login from an address without history, where more speaks against it. */
const SOME_TRIES = 5
/** Fewer are enough at this pace, where two other accounts were tried. */
const FEW_TRIES = 3
const FEW_TRIES_MS = 10 * 60_000
/** On average so close together nobody types: sshd alone waits two seconds after each. */
const TYPING_MS = 3000
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
  const { tries } = failures
  const verdict = { tries, because: ` after ${amount(tries, 'failed try', 'failed tries')}` }
  if (isKeyed(event.method)) {
    // Guessing passwords yields no keys: most likely somebody else behind the same address.
    return tries < MANY_TRIES ? null : { ...verdict, ...WEAK }
  }
  const weight = weightOf(event, failures, user)
  return weight === null ? null : { ...verdict, ...weight }
}

type Weight = Pick<Verdict, 'severity' | 'confidence'>

/** Makes no incident by itself, but says how somebody came in where more is found. */
const WEAK: Weight = { severity: 'low', confidence: 0.3 }

/** What the tries before a login say of it: how many there were, and at whose accounts. */
function weightOf(event: AuthEvent, failures: Failures, user: string): Weight | null {
  const { tries, accounts } = failures
  const others = accounts.names.filter((name) => !isSlipOf(name, user)).length
  const isQuick = event.time - failures.firstSeen <= FEW_TRIES_MS
  // Behind a bastion many people mistype; none of them tries accounts that do not exist.
  const isWithin = event.srcIp !== null && isInternal(event.srcIp) && failures.unknownTries === 0
  if (isWithin) return withinWeight(tries)
  if (others === 0) return ownWeight(failures, user)
  if (tries >= MANY_TRIES) return { severity: 'high', confidence: tries >= 5 * MANY_TRIES ? 0.95 : 0.9 }
  if (others > 1 && tries >= SOME_TRIES) return { severity: 'high', confidence: 0.8 }
  if (tries >= SOME_TRIES) return { severity: 'medium', confidence: 0.6 }
  if (tries < FEW_TRIES || !isQuick) return null
  // `ssh HOST` asks for the name one has at home; two wrong names are no such slip.
  return others > 1 ? { severity: 'medium', confidence: 0.5 } : WEAK
}

/** From within one's own network, at accounts that exist. */
function withinWeight(tries: number): Weight | null {
  if (tries < SOME_TRIES) return null
  return tries < TOO_MANY_TRIES ? WEAK : { severity: 'medium', confidence: 0.5 }
}

/** All tries were for the account itself: somebody who has forgotten the password does that too. */
function ownWeight(failures: Failures, user: string): Weight | null {
  const { tries } = failures
  if (tries < SOME_TRIES) return null
  const isTyped = failures.lastSeen - failures.firstSeen >= (tries - 1) * TYPING_MS
  const isRoot = user === 'root'
  if (tries >= TOO_MANY_TRIES || (tries >= MANY_TRIES && (isRoot || !isTyped)))
    return { severity: 'high', confidence: tries >= 5 * MANY_TRIES ? 0.95 : 0.9 }
  if (tries >= MANY_TRIES) return { severity: 'medium', confidence: 0.6 }
  return isRoot || !isTyped ? { severity: 'medium', confidence: 0.5 } : WEAK
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
  // Half the internet guesses at root while its owner travels: new alone says little, unless keys are the custom here.
  const isAgainstCustom = comesByKey(history)
  return {
    ...(isAgainstCustom ? { severity: 'medium', confidence: 0.5 } : WEAK),
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
