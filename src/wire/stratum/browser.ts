import { readJob, readShare } from './cryptonote.ts'
import { findMember, stringAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/** The CryptoNote dialogue as browser miners wrap it: `{"type": "job", "params": {…}}`, no ids. */
const KINDS = ['auth', 'authed', 'job', 'submit', 'hash_accepted'] as const
export type Kind = (typeof KINDS)[number]

export function isKind(kind: string): kind is Kind {
  return KINDS.some((known) => known === kind)
}

export function isFromMiner(kind: Kind): boolean {
  return kind === 'auth' || kind === 'submit'
}

export function read(ledger: Ledger, message: Message, kind: Kind): boolean {
  const { data, params, to } = message
  if (params < 0) return false
  if (kind === 'job') return readJob(ledger, message, params)
  if (kind === 'submit') return readSubmit(ledger, message)
  if (kind === 'auth') {
    const key = stringAt(data, findMember(data, params, to, 'site_key'), to)
    if (key === null) return false
    ledger.setLogin(key)
    ledger.tell('auth with a site_key', 0.5)
    ledger.startsWithGreeting ??= true
    return true
  }
  if (findMember(data, params, to, 'hashes') < 0) return false
  ledger.tell(`type ${kind} with hashes`, 0.4)
  if (kind === 'hash_accepted' && !ledger.shares.reply(null, true)) {
    ledger.shares.settle(true, ledger.jobs.hashesPerShare)
  }
  return true
}

function readSubmit(ledger: Ledger, message: Message): boolean {
  const jobId = readShare(ledger, message)
  if (jobId === null) return false
  ledger.shares.submit(null, ledger.jobs.hashesOf(jobId))
  return true
}
