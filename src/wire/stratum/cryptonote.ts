import { isMinerAgent, readAlgorithm } from './algorithm.ts'
import { hashesOfCryptonoteTarget } from './difficulty.ts'
import { findMembers, hasHexDigits, hexDigitsAt, isName, keyAt, stringAt, valueAt } from './json-bytes.ts'
import type { JobKey } from './jobs.ts'
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
const HASH_DIGITS = 64
const MIN_BLOB_DIGITS = 76
/** The hash functions before RandomX, when jobs did not name them. */
const OLD = 'cryptonight'
const JOB_MEMBERS = ['blob', 'job_id', 'target', 'algo', 'seed_hash', 'coin', 'height']
const SHARE_MEMBERS = ['nonce', 'result', 'job_id']
const REPLY_MEMBERS = ['job', 'blob', 'status', 'extensions']
const KEEPALIVED = '"KEEPALIVED"'

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
  if (isAgent) ledger.tell('agent is a miner', 0.75)
  if (typeof params['pass'] === 'string') ledger.tell('login and pass', 0.2)
  return true
}

/** A job, pushed or in the reply to a login. `at` is where its object starts. */
export function readJob(ledger: Ledger, message: Message, at: number): boolean {
  const { data, found, to } = message
  findMembers(data, at, to, JOB_MEMBERS, found)
  const [blob, target, algo, seed, coin] = [found[0]!, found[2]!, found[3]!, found[4]!, found[5]!]
  const key = keyAt(data, found[1]!, to)
  if (key === null || !hasHexDigits(data, blob, to, MIN_BLOB_DIGITS)) return false
  if (!readTarget(ledger, message, target)) return false
  ledger.speak('cryptonote')
  ledger.tell(JOB, 0.95)
  ledger.jobs.add(key)
  if (found[6]! >= 0) ledger.setHeight(valueAt(data, found[6]!, to))
  nameAlgorithm(ledger, stringAt(data, algo, to), hasHexDigits(data, seed, to, HASH_DIGITS))
  const ticker = coin < 0 ? null : stringAt(data, coin, to)
  if (ticker !== null && /^[A-Za-z0-9]{2,8}$/u.test(ticker)) ledger.jobCoin ??= ticker.toUpperCase()
  return true
}

function readTarget({ jobs, shares }: Ledger, message: Message, at: number): boolean {
  const { data, to } = message
  const key = keyAt(data, at, to)
  if (key !== null && key === jobs.targetKey) return true
  const target = stringAt(data, at, to)
  const hashes = target === null ? null : hashesOfCryptonoteTarget(target)
  if (hashes === null) return false
  shares.creditBlind(hashes)
  jobs.hashesPerShare = hashes
  jobs.targetKey = key
  return true
}

/** Without a name: a seed stands for RandomX, which cannot do without; the older hash functions have none. */
function nameAlgorithm(ledger: Ledger, name: string | null, hasSeed: boolean): void {
  if (name !== null && name === ledger.algorithm) return
  const named = readAlgorithm(name)
  if (named !== null) ledger.algorithm = named
  else if (ledger.algorithm === null || ledger.algorithm === OLD) ledger.algorithm = hasSeed ? 'rx/0' : OLD
}

/** A share, whose object starts at `at`: gives the key of the job it belongs to, or null where this is no share. */
export function readShare(ledger: Ledger, message: Message, at: number): JobKey | null {
  const { data, found, to } = message
  findMembers(data, at, to, SHARE_MEMBERS, found)
  const nonceDigits = hexDigitsAt(data, found[0]!, to)
  if (nonceDigits < 8 || nonceDigits > 16 || hexDigitsAt(data, found[1]!, to) !== HASH_DIGITS) return null
  const key = keyAt(data, found[2]!, to)
  if (key === null) return null
  ledger.speak('cryptonote')
  ledger.tell(SHARE, 0.9)
  return key
}

export function readKeepalive(ledger: Ledger): boolean {
  ledger.tell('keepalived', 0.5)
  return true
}

/** Replies: a job in the answer to a login (or to `getjob`), or a keep-alive told back. */
export function readReply(ledger: Ledger, message: Message): boolean {
  const { data, found, result, to } = message
  findMembers(data, result, to, REPLY_MEMBERS, found)
  const [job, blob, status, extensions] = [found[0]!, found[1]!, found[2]!, found[3]!]
  if (extensions >= 0) readExtensions(ledger, valueAt(data, extensions, to))
  if (job >= 0) return readJob(ledger, message, job)
  if (blob >= 0) return readJob(ledger, message, result)
  if (status >= 0 && isName(data, status, status + KEEPALIVED.length, KEEPALIVED))
    ledger.tell('status KEEPALIVED', 0.5)
  return false
}

/** What a pool or a mining proxy can do beyond the plain dialogue (xmrig-proxy doc/STRATUM_EXT.md). */
function readExtensions(ledger: Ledger, extensions: unknown): void {
  if (!Array.isArray(extensions)) return
  if (extensions.includes('nicehash')) ledger.tell('offers extranonces as NiceHash does', 0.5)
  else if (extensions.includes('algo') || extensions.includes('keepalive'))
    ledger.tell('offers extensions of mining', 0.3)
}
