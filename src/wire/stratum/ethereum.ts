import { hashesOfTarget } from './difficulty.ts'
import type { JobKey } from './jobs.ts'
import { findElement, findMember, hexDigitsAt, keyAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/**
 * Ethereum's getwork over a plain stream (eth-proxy): `eth_submitLogin`, `eth_getWork`, `eth_submitWork`,
 * `eth_submitHashrate`; work comes as a result of three or four hex strings, asked for or not.
 */

const HASH_DIGITS = 64
/** A target always has a row of leading zeros; a hash hardly ever. */
const TARGET_ZEROS = '0x000000'

export function readLoginRequest(ledger: Ledger, message: Message): boolean {
  speak(ledger)
  ledger.tell('eth_submitLogin', 0.9)
  ledger.setLogin(message.stringAt(findElement(message.data, message.params, message.to, 0)))
  readWorker(ledger, message)
  return true
}

export function readWorkRequest(ledger: Ledger): boolean {
  speak(ledger)
  ledger.tell('eth_getWork', 0.8)
  return true
}

export function readHashrate(ledger: Ledger): boolean {
  speak(ledger)
  ledger.tell('eth_submitHashrate', 0.8)
  return true
}

/** `eth_submitWork [nonce, header, mix]`: the header names the job; null where it is no share. */
export function readShare(ledger: Ledger, message: Message): JobKey | null {
  const { data, params, to } = message
  if (hexDigitsAt(data, findElement(data, params, to, 0), to) < 0) return null
  const header = keyAt(data, findElement(data, params, to, 1), to)
  if (header === null) return null
  speak(ledger)
  ledger.tell('eth_submitWork', 0.9)
  readWorker(ledger, message)
  return header
}

/** `[header, seed, target, height?]`; gives false where the result is something else. */
export function readWork(ledger: Ledger, message: Message): boolean {
  const { data, result, to } = message
  const header = findElement(data, result, to, 0)
  if (hexDigitsAt(data, header, to) !== HASH_DIGITS) return false
  if (hexDigitsAt(data, findElement(data, result, to, 1), to) !== HASH_DIGITS) return false
  if (!readTarget(ledger, message, findElement(data, result, to, 2))) return false
  speak(ledger)
  ledger.tell('job: header, seed and target', 0.9)
  ledger.jobs.add(keyAt(data, header, to)!)
  return true
}

function readTarget({ dialect, jobs, shares }: Ledger, message: Message, at: number): boolean {
  const key = keyAt(message.data, at, message.to)
  if (key !== null && key === jobs.targetKey) return true
  const target = message.stringAt(at)
  if (target?.startsWith(dialect === 'ethereum' ? '0x' : TARGET_ZEROS) !== true) return false
  const hashes = hashesOfTarget(target)
  if (hashes === null) return false
  shares.creditBlind(hashes)
  jobs.hashesPerShare = hashes
  jobs.targetKey = key
  return true
}

/** It stands beside the parameters, not among them. */
function readWorker(ledger: Ledger, message: Message): void {
  if (ledger.worker !== null) return
  ledger.setWorker(message.stringAt(findMember(message.data, message.at, message.to, 'worker')))
}

function speak(ledger: Ledger): void {
  ledger.speak('ethereum')
  ledger.algorithm ??= 'ethash'
}
