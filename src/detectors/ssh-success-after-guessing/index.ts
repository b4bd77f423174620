import type { AuthEvent } from '../../event/auth.ts'
import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import { type Finding, isAtLeast } from '../../event/finding.ts'
import type { Detector } from '../detector.ts'
import { evidenceOf } from '../evidence.ts'
import {
  accountKeyOf,
  isGuess,
  isKeyed,
  isNameless,
  isSsh,
  sourceKeysOf,
} from '../model/guessing/login-attempt.ts'
import { namesIn, timesOf } from '../model/guessing/tally.ts'
import { addFailure, type Failures, mergeFailures, noFailures, withoutSlips } from './failures.ts'
import { type GoodLogins, mergeHistories, rememberLogin } from './history.ts'
import { judgeAddress, judgeNetwork, judgeUser, type Verdict } from './verdict.ts'

/**
 * A login is looked at from three sides, each with a state of its own: the account, the network and
 * the address. Each is small, so the bound of the engine holds for any number of machines.
 */
export interface LoginView {
  view: View
  key: string
  failures: Failures
  /** Of users; at an account, of addresses. */
  history: GoodLogins[]
  /** What was told, the latest last: a later record of the same login may know its session. */
  told: { who: string; finding: Finding }[]
}

type View = 'user' | 'network' | 'address'

const ID = 'ssh-success-after-guessing'
/** Brute Force: Password Guessing, and Valid Accounts. */
const GUESSING = 'T1110.001'
const VALID_ACCOUNTS = 'T1078'
const DAY_MS = 24 * 3_600_000
const MAX_TOLD = 8
/** Records of one login (sshd's line, the audit trail's several) come within this time. */
const SAME_LOGIN_MS = 60_000
/** Failures below this are slips when the login that follows is good. */
const SLIPS = 5
const COUNTED = {
  user: { accounts: false, sources: true },
  network: { accounts: true, sources: true },
  address: { accounts: true, sources: false },
}
const JUDGES = { user: judgeUser, network: judgeNetwork, address: judgeAddress }

export const sshSuccessAfterGuessing: Detector<LoginView> = {
  id: ID,
  title: 'Somebody guessed at SSH logins and got in',
  kinds: ['auth'],
  attack: [GUESSING, VALID_ACCOUNTS],
  // Long, because it must remember who belongs here.
  windowMs: 30 * DAY_MS,
  maxKeys: 8_000,

  /** `user|WITNESS|NAME`, `network|WITNESS|NETWORK`, `WITNESS|ADDRESS`. The surest view last: of tellings with the same id the newest stands. */
  keysOf(event: Event): string | readonly string[] | null {
    if (!isSsh(event) || isNameless(event) || (event.outcome !== 'success' && !isGuess(event))) return null
    const source = sourceKeysOf(event)
    // An account that does not exist cannot be got into.
    const account = event.user === null || event.isUnknownUser ? null : accountKeyOf(event, event.user)
    if (source === null) return account
    const { network, address } = source
    if (account === null) return network === null ? address : [network, address]
    return network === null ? [account, address] : [account, network, address]
  },

  create(key: string): LoginView {
    const view = key.startsWith('user|') ? 'user' : key.startsWith('network|') ? 'network' : 'address'
    return { view, key, failures: noFailures(), history: [], told: [] }
  },

  step(state: LoginView, event: Event, tell: (finding: Finding) => void): void {
    if (!isSsh(event)) return
    if (event.outcome === 'success') stepSuccess(state, event, tell)
    else state.failures = addFailure(state.failures, event, COUNTED[state.view])
  },

  merge(into: LoginView, from: LoginView): LoginView {
    return {
      ...into,
      failures: mergeFailures(into.failures, from.failures),
      history: mergeHistories(into.history, from.history),
      told: [...into.told, ...from.told].slice(-MAX_TOLD),
    }
  },
}

function stepSuccess(state: LoginView, event: AuthEvent, tell: (finding: Finding) => void): void {
  const who = (state.view === 'user' ? event.srcIp : event.user) ?? ''
  const told = state.told.findLast((entry) => entry.who === who)
  if (told !== undefined) {
    const completed = completedBy(told.finding, event)
    if (completed !== null) tell((told.finding = completed))
    if (isSure(told.finding) || event.time - told.finding.lastSeen <= SAME_LOGIN_MS) return
  }
  const verdict = JUDGES[state.view](event, state.failures, state.history)
  if (verdict !== null) {
    const finding = findingOf(state, event, verdict)
    state.told.push({ who, finding })
    if (state.told.length > MAX_TOLD) state.told.shift()
    tell(finding)
    if (!isSure(finding)) remember(state, who, event)
  } else remember(state, who, event)
  // An account is guessed at by many; that one of them got in does not end the guessing.
  if ((verdict !== null && state.view !== 'user') || isExplained(state, event)) state.failures = noFailures()
  else if (state.view !== 'user') state.failures = withoutSlips(state.failures, event.user ?? '')
}

/** What is not sure is most likely somebody who belongs here. */
function isSure(finding: Finding): boolean {
  return isAtLeast(finding.severity, 'medium')
}

function remember(state: LoginView, who: string, event: AuthEvent): void {
  rememberLogin(state.history, who, event.time, isKeyed(event.method))
}

/** The failures were slips of whoever has just logged in: they speak against nobody who comes later. */
function isExplained({ view, failures }: LoginView, event: AuthEvent): boolean {
  if (view === 'user') return false
  const areOwn = namesIn(failures.accounts) === 1 && timesOf(failures.accounts, event.user ?? '') > 0
  return areOwn || failures.tries < SLIPS
}

/** The same login, told by a record that knows more of it; null where it adds nothing. */
function completedBy(finding: Finding, event: AuthEvent): Finding | null {
  const { facts } = finding
  if (facts.type !== 'login' || facts.session !== null || event.session === null) return null
  if (Math.abs(event.time - finding.lastSeen) > SAME_LOGIN_MS) return null
  return { ...finding, facts: { ...facts, session: event.session, pid: facts.pid ?? event.pid } }
}

function methodInWords(method: string): string {
  if (method.startsWith('publickey')) return 'key'
  // PAM and keyboard-interactive ask for the password, by other ways.
  return /^(?:pam|keyboard-interactive)/u.test(method) ? 'password' : method
}

function findingOf(state: LoginView, event: AuthEvent, verdict: Verdict): Finding {
  const { failures } = state
  const user = event.user ?? 'somebody'
  const by = event.method === null ? '' : ` by ${methodInWords(event.method)}`
  const from = event.srcIp === null ? '' : ` from ${event.srcIp}`
  return {
    // Named after the login itself: the views agree on it, whatever failures each of them holds.
    id: contentId('finding', ID, event.observer, user, event.srcIp ?? '', event.time, event.origin.raw),
    detector: ID,
    title: `${user} logged in${by}${from}${verdict.because}`,
    severity: verdict.severity,
    // A record that does not say how somebody logged in may be about a key.
    confidence: event.method === null ? verdict.confidence - 0.1 : verdict.confidence,
    stage: 'way-in',
    attack: [GUESSING, VALID_ACCOUNTS],
    subjects: [event.subjects[0] ?? event.observer],
    firstSeen: Math.min(failures.firstSeen, event.time),
    lastSeen: event.time,
    count: verdict.tries + 1,
    evidence: [...failures.evidence, evidenceOf(event)],
    facts: {
      type: 'login',
      service: event.service,
      srcIps: event.srcIp === null ? [] : [event.srcIp],
      sourceCount: 1,
      users: [user],
      userCount: 1,
      tries: verdict.tries,
      method: event.method,
      style: 'success',
      pid: event.pid,
      session: event.session,
    },
  }
}
