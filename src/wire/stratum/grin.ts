import type { JobKey } from './jobs.ts'
import { findMembers, hexDigitsAt, keyAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/** Grin's Stratum (mimblewimble/grin doc/stratum.md): the words of CryptoNote's dialogue with other contents. */

const MIN_PRE_POW_DIGITS = 200
const OPEN_ARRAY = 0x5b
const JOB_MEMBERS = ['pre_pow', 'job_id', 'height']
const SHARE_MEMBERS = ['pow', 'job_id', 'edge_bits']

export function readJob(ledger: Ledger, message: Message, at: number): boolean {
  const { data, found, to } = message
  findMembers(data, at, to, JOB_MEMBERS, found)
  const key = keyAt(data, found[1]!, to)
  if (key === null || found[2]! < 0 || hexDigitsAt(data, found[0]!, to) < MIN_PRE_POW_DIGITS) return false
  ledger.jobCoin ??= 'GRIN'
  ledger.tell('job: pre_pow and job_id', 0.9)
  ledger.jobs.add(key)
  return true
}

export function readShare(ledger: Ledger, message: Message): JobKey | null {
  const { data, found, params, to } = message
  findMembers(data, params, to, SHARE_MEMBERS, found)
  const key = keyAt(data, found[1]!, to)
  if (key === null || data[found[0]!] !== OPEN_ARRAY || found[2]! < 0) return null
  ledger.jobCoin ??= 'GRIN'
  ledger.tell('share with edge_bits and pow', 0.9)
  return key
}
