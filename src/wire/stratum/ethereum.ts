import { hashesOfTarget } from './difficulty.ts'
import type { JobKey } from './jobs.ts'
import {
  endOfHash,
  endOfValue,
  findElement,
  findMember,
  hexDigitsAt,
  keyAt,
  skipSpace,
} from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/**
 * Ethereum's getwork over a plain stream (eth-proxy): `eth_submitLogin`, `eth_getWork`, `eth_submitWork`,
 * `eth_submitHashrate`; work comes as a result of three or four hex strings, asked for or not.
 */

const HASH_DIGITS = 64
const COMMA = 0x2c
/** A target always has a row of leading zeros; a hash hardly ever. */
const TARGET_ZEROS = '0x000000'

export function readLoginRequest(ledger: Ledger, message: Message, method: string): boolean {
  speak(ledger, method)
  ledger.tell(method === 'eth_login' ? 'eth_submitLogin' : method, 0.9)
  ledger.setLogin(message.stringAt(findElement(message.data, message.params, message.to, 0)))
  readWorker(ledger, message)
  return true
}

export function readWorkRequest(ledger: Ledger, method: string): boolean {
  speak(ledger, method)
  ledger.tell(method, 0.8)
  return true
}

export function readHashrate(ledger: Ledger, method: string): boolean {
  speak(ledger, method)
  ledger.tell(method, 0.8)
  return true
}

/** `eth_submitWork [nonce, header, mix]`: the header names the job; null where it is no share. */
export function readShare(ledger: Ledger, message: Message, method: string): JobKey | null {
  const { data, params, to } = message
  if (hexDigitsAt(data, findElement(data, params, to, 0), to) < 0) return null
  const header = keyAt(data, findElement(data, params, to, 1), to)
  if (header === null) return null
  speak(ledger, method)
  ledger.tell(method, 0.9)
  readWorker(ledger, message)
  return header
}

/** `[header, seed, target, height?]`; gives false where the result is something else. */
export function readWork(ledger: Ledger, message: Message): boolean {
  const { data, result, to } = message
  const isKnown = ledger.jobs.count > 0
  const header = skipSpace(data, result + 1, to)
  const seed = behindHash(data, header, to, isKnown)
  const target = behindHash(data, seed, to, isKnown)
  if (target < 0 || !readTarget(ledger, message, target)) return false
  if (ledger.dialect === 'unknown') speak(ledger, 'eth_getWork')
  ledger.tell('job: header, seed and target', 0.9)
  const height = behind(data, endOfValue(data, target, to), to)
  if (height >= 0) ledger.setHeight(heightAt(message, height))
  ledger.jobs.add(keyAt(data, header, to)!)
  return true
}

/** Where the element behind a hash at `at` starts; -1 where there stands no hash, or nothing behind it. */
function behindHash(data: Uint8Array, at: number, to: number, isTrusted: boolean): number {
  const end = endOfHash(data, at, to, HASH_DIGITS, isTrusted)
  return end < 0 ? -1 : behind(data, end, to)
}

function behind(data: Uint8Array, end: number, to: number): number {
  const comma = skipSpace(data, end, to)
  return comma < to && data[comma] === COMMA ? skipSpace(data, comma + 1, to) : -1
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

function heightAt(message: Message, at: number): number | null {
  const text = message.stringAt(at)
  return text !== null && /^0x[0-9a-f]{1,12}$/iu.test(text) ? Number(text) : null
}

/** Relatives of Ethereum have hash functions of their own. */
function speak(ledger: Ledger, method: string): void {
  ledger.speak('ethereum')
  if (method.startsWith('eth_')) ledger.algorithm ??= 'ethash'
}
