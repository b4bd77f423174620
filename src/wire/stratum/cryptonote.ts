import { isMinerAgent, readAlgorithm } from './algorithm.ts'
import { hashesOfCryptonoteTarget, isHex } from './difficulty.ts'
import { findMember, stringAt, valueAt } from './json-bytes.ts'
import { isRecord } from './json-value.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'
import { isCryptonoteWallet } from './wallet.ts'

/**
 * The login/job/submit dialogue of Monero and its relatives: xmrig-proxy doc/STRATUM.md and
 * STRATUM_EXT.md. Its words are common ones, so each needs fields that only mining has.
 */

const JOB = 'job: blob, target and job_id'
const SHARE = 'share with nonce and hash'
const NONCE_DIGITS = 8
const HASH_DIGITS = 64
const MIN_BLOB_DIGITS = 76

/** `login`: true where it is one of a miner, as far as it shows. */
export function readLoginRequest(ledger: Ledger, message: Message): boolean {
  const params = message.paramsValue()
  if (!isRecord(params) || typeof params['login'] !== 'string') return false
  const { agent, algo, rigid } = params
  const algorithms = Array.isArray(algo)
    ? algo.slice(0, 100).flatMap((name) => readAlgorithm(name) ?? [])
    : []
  const isAgent = typeof agent === 'string' && isMinerAgent(agent)
  const login = ledger.setLogin(params['login'])
  if (login === null) return false
  ledger.setAgent(agent)
  ledger.setWorker(rigid)
  if (algorithms.length === 1 && algorithms[0] !== undefined) ledger.algorithm ??= algorithms[0]
  if (isCryptonoteWallet(login.account)) ledger.tell('login with a wallet', 0.9)
  else if (login.coin !== null) ledger.tell('login with a wallet', 0.6)
  if (algorithms.length > 0) ledger.tell('login names mining algorithms', 0.9)
  if (isAgent) ledger.tell(`agent is a miner`, 0.75)
  if (typeof params['pass'] === 'string') ledger.tell('login and pass', 0.2)
  return true
}

/** A job, pushed or in the reply to a login. `at` is where its object starts. */
export function readJob(ledger: Ledger, message: Message, at: number): boolean {
  const { data, to } = message
  const blob = stringAt(data, findMember(data, at, to, 'blob'), to)
  const jobId = idText(valueAt(data, findMember(data, at, to, 'job_id'), to))
  const target = stringAt(data, findMember(data, at, to, 'target'), to)
  if (jobId === null || target === null || blob === null) return false
  if (blob.length < MIN_BLOB_DIGITS || !isHex(blob)) return false
  const hashes = hashesOfCryptonoteTarget(target)
  if (hashes === null) return false
  ledger.speak('cryptonote')
  ledger.tell(JOB, 0.95)
  ledger.shares.creditBlind(hashes)
  ledger.jobs.hashesPerShare = hashes
  ledger.jobs.add(jobId)
  readJobAlgorithm(ledger, message, at)
  return true
}

function readJobAlgorithm(ledger: Ledger, message: Message, at: number): void {
  const { data, to } = message
  const named = readAlgorithm(stringAt(data, findMember(data, at, to, 'algo'), to))
  if (named !== null) ledger.algorithm = named
  else if (ledger.algorithm === null || ledger.algorithm === 'cryptonight') {
    const hasSeed = (stringAt(data, findMember(data, at, to, 'seed_hash'), to)?.length ?? 0) >= HASH_DIGITS
    ledger.algorithm = hasSeed ? 'rx/0' : 'cryptonight'
  }
  const coin = stringAt(data, findMember(data, at, to, 'coin'), to)
  if (coin !== null && /^[A-Za-z0-9]{2,8}$/u.test(coin)) ledger.jobCoin ??= coin.toUpperCase()
}

/** `submit`: gives the id of the job the share belongs to, or null where this is no share. */
export function readShare(ledger: Ledger, message: Message): string | null {
  return message.params < 0 ? null : readShareOf(ledger, message, message.params)
}

/** As `readShare`, for the object at `at`. */
export function readShareOf(ledger: Ledger, message: Message, at: number): string | null {
  const { data, to } = message
  const nonce = stringAt(data, findMember(data, at, to, 'nonce'), to)
  const result = stringAt(data, findMember(data, at, to, 'result'), to)
  const jobId = idText(valueAt(data, findMember(data, at, to, 'job_id'), to))
  if (nonce === null || result === null || jobId === null) return null
  if (nonce.length < NONCE_DIGITS || nonce.length > 16 || !isHex(nonce)) return null
  if (result.length !== HASH_DIGITS || !isHex(result)) return null
  ledger.speak('cryptonote')
  ledger.tell(SHARE, 0.9)
  return jobId
}

export function readKeepalive(ledger: Ledger): boolean {
  ledger.tell('keepalived', 0.5)
  return true
}

/** Replies: a job in the answer to a login (or to `getjob`), or a keep-alive told back. */
export function readReply(ledger: Ledger, message: Message): boolean {
  const { data, result, to } = message
  const job = findMember(data, result, to, 'job')
  if (job >= 0) return readJob(ledger, message, job)
  if (stringAt(data, findMember(data, result, to, 'status'), to) === 'KEEPALIVED') {
    ledger.tell('status KEEPALIVED', 0.5)
    return false
  }
  return readJob(ledger, message, result)
}

function idText(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}
