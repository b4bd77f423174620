import { hashesOfTarget, isHex } from './difficulty.ts'
import { findElement, stringAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/**
 * Ethereum's getwork over a plain stream (eth-proxy): `eth_submitLogin`, `eth_getWork`, `eth_submitWork`,
 * `eth_submitHashrate`; work comes as a result of three or four hex strings, asked for or not.
 */

const HASH_LENGTH = 66
/** A target always has a row of leading zeros; a hash hardly ever. */
const TARGET_ZEROS = '0x000000'

export function readLoginRequest(ledger: Ledger, message: Message): boolean {
  speak(ledger)
  ledger.tell('eth_submitLogin', 0.9)
  ledger.setLogin(message.stringAt(findElement(message.data, message.params, message.to, 0)))
  ledger.setWorker(message.stringAt(message.worker))
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
export function readShare(ledger: Ledger, message: Message): string | null {
  const { data, params, to } = message
  const nonce = stringAt(data, findElement(data, params, to, 0), to)
  const header = stringAt(data, findElement(data, params, to, 1), to)
  if (nonce === null || header === null || !isHex(nonce.slice(2))) return null
  speak(ledger)
  ledger.tell('eth_submitWork', 0.9)
  ledger.setWorker(message.stringAt(message.worker))
  return header
}

/** `[header, seed, target, height?]`; gives false where the result is something else. */
export function readWork(ledger: Ledger, message: Message): boolean {
  const { data, result, to } = message
  const header = stringAt(data, findElement(data, result, to, 0), to)
  const seed = stringAt(data, findElement(data, result, to, 1), to)
  const target = stringAt(data, findElement(data, result, to, 2), to)
  if (header === null || seed === null || target === null) return false
  if (header.length !== HASH_LENGTH || seed.length !== HASH_LENGTH || !target.startsWith('0x')) return false
  if (ledger.dialect !== 'ethereum' && !target.startsWith(TARGET_ZEROS)) return false
  const hashes = hashesOfTarget(target)
  if (hashes === null) return false
  speak(ledger)
  ledger.tell('job: header, seed and target', 0.9)
  ledger.shares.creditBlind(hashes)
  ledger.jobs.hashesPerShare = hashes
  ledger.jobs.add(header)
  return true
}

function speak(ledger: Ledger): void {
  ledger.speak('ethereum')
  ledger.algorithm ??= 'ethash'
}
