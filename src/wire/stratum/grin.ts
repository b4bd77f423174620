import { isHex } from './difficulty.ts'
import { findMember, stringAt, valueAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/** Grin's Stratum (mimblewimble/grin doc/stratum.md): the words of CryptoNote's dialogue with other contents. */

const MIN_PRE_POW_DIGITS = 200

export function readJob(ledger: Ledger, message: Message, at: number): boolean {
  const { data, to } = message
  const prePow = stringAt(data, findMember(data, at, to, 'pre_pow'), to)
  const jobId = valueAt(data, findMember(data, at, to, 'job_id'), to)
  if (prePow === null || prePow.length < MIN_PRE_POW_DIGITS || !isHex(prePow) || typeof jobId !== 'number')
    return false
  ledger.jobCoin ??= 'GRIN'
  ledger.tell('job: pre_pow and job_id', 0.9)
  ledger.jobs.add(String(jobId))
  return true
}

export function readShare(ledger: Ledger, message: Message): string | null {
  const { data, params, to } = message
  const pow = valueAt(data, findMember(data, params, to, 'pow'), to)
  const bits = valueAt(data, findMember(data, params, to, 'edge_bits'), to)
  const jobId = valueAt(data, findMember(data, params, to, 'job_id'), to)
  if (!Array.isArray(pow) || typeof bits !== 'number' || typeof jobId !== 'number') return null
  ledger.jobCoin ??= 'GRIN'
  ledger.algorithm ??= bits === 29 ? 'cuckaroo29' : 'cuckatoo32'
  ledger.tell('share with edge_bits and pow', 0.9)
  return String(jobId)
}
