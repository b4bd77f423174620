import { readJob, readShare } from './cryptonote.ts'
import { findMember, stringAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'
import { isCryptonoteWallet } from './wallet.ts'

/**
 * The CryptoNote dialogue as browser miners wrap it, without ids: Coinhive and its many copies
 * `{"type": "job", "params": {…}}`, webminerpool `{"identifier": "job", …}` with everything on one level.
 */
export type Kind = 'auth' | 'authed' | 'job' | 'submit' | 'accepted'

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['auth', 'auth'],
  ['handshake', 'auth'],
  ['authed', 'authed'],
  ['job', 'job'],
  ['submit', 'submit'],
  ['found', 'submit'],
  ['solved', 'submit'],
  ['hash_accepted', 'accepted'],
  ['hashsolved', 'accepted'],
])

export function kindOf(name: string | null): Kind | null {
  return name === null ? null : (KINDS.get(name) ?? null)
}

export function isFromMiner(kind: Kind): boolean {
  return kind === 'auth' || kind === 'submit'
}

export function read(ledger: Ledger, message: Message, kind: Kind): boolean {
  const at = message.params < 0 ? message.at : message.params
  switch (kind) {
    case 'auth':
      return readAuth(ledger, message, at)
    case 'job':
      return readJob(ledger, message, at)
    case 'submit':
      return readSubmit(ledger, message, at)
    default:
      return readTally(ledger, message, at, kind)
  }
}

function readAuth(ledger: Ledger, message: Message, at: number): boolean {
  const { data, to } = message
  const key = stringAt(data, findMember(data, at, to, 'site_key'), to)
  const login = key ?? stringAt(data, findMember(data, at, to, 'login'), to)
  if (login === null || (key === null && findMember(data, at, to, 'pool') < 0)) return false
  const account = ledger.setLogin(login)?.account ?? ''
  if (isCryptonoteWallet(account)) ledger.tell('login with a wallet', 0.9)
  else ledger.tell(key === null ? 'login at a pool' : 'auth with a site_key', 0.5)
  ledger.setWorker(stringAt(data, findMember(data, at, to, 'user'), to))
  ledger.startsWithGreeting ??= true
  return true
}

function readSubmit(ledger: Ledger, message: Message, at: number): boolean {
  const jobId = readShare(ledger, message, at)
  if (jobId === null) return false
  ledger.shares.submit(null, ledger.jobs.hashesOf(jobId))
  return true
}

/** `{hashes}`: what the site has been credited with so far; webminerpool says only that it was right. */
function readTally(ledger: Ledger, message: Message, at: number, kind: Kind): boolean {
  const { data, to } = message
  const isCounted = findMember(data, at, to, 'hashes') >= 0
  if (!isCounted && (kind !== 'accepted' || message.params >= 0)) return false
  if (isCounted) ledger.tell(`type ${kind === 'accepted' ? 'hash_accepted' : kind} with hashes`, 0.4)
  if (kind === 'accepted' && !ledger.shares.reply(null, true))
    ledger.shares.settle(true, ledger.jobs.hashesPerShare)
  return true
}
