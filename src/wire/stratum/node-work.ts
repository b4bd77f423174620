import { hashesOfTarget, networkDifficulty } from './difficulty.ts'
import type { JobKey } from './jobs.ts'
import { findElement, findMembers, hexDigitsAt, keyAt, stringAt, valueAt } from './json-bytes.ts'
import { isRecord } from './json-value.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'
import { nameByNetwork } from './relatives.ts'
import { isCryptonoteWallet } from './wallet.ts'

/**
 * Work that a node gives out itself, over HTTP: `getwork` (Bitcoin wiki), `getblocktemplate` (BIP 22, BIP 23)
 * and the daemon RPC of CryptoNote's coins (docs.getmonero.org). The owner of a node may ask for a template
 * once to look at it; a miner goes on asking, waits for the next one, and hands blocks in.
 */

/** A block hands in work for no job that is known. */
const NO_JOB: JobKey = -1
/** So many requests for work in one connection, and nothing else asked for, are no curiosity. */
const REQUESTS_BELIEVED = 3
/** Eighty bytes of a header, padded for SHA-256; scrypt's miners leave the padding out. */
const MIN_HEADER_DIGITS = 160
const HASH_DIGITS = 64
const MIN_TEMPLATE_DIGITS = 152
/** Capabilities that only who builds blocks has a use for (BIP 22, BIP 23). */
const BUILDS: ReadonlySet<unknown> = new Set([
  'coinbasetxn',
  'workid',
  'coinbase/append',
  'coinbasevalue',
  'longpoll',
])

const WORK_MEMBERS = ['data', 'target', 'midstate']
const TEMPLATE_MEMBERS = ['previousblockhash', 'bits', 'target', 'coinbasevalue', 'coinbasetxn']
const DAEMON_MEMBERS = ['blocktemplate_blob', 'difficulty', 'seed_hash', 'height', 'blockhashing_blob']
const START_MEMBERS = ['miner_address', 'threads_count']

export function readTemplateRequest(ledger: Ledger, message: Message, method: string): boolean {
  const params = message.paramsValue()
  if (isRecord(params)) return readDaemonRequest(ledger, params, method)
  const request: unknown = Array.isArray(params) ? params[0] : null
  ledger.speak('bitcoin')
  ledger.tell(method, 0.5)
  if (isRecord(request)) {
    const { capabilities, longpollid } = request
    if (Array.isArray(capabilities) && capabilities.some((one) => BUILDS.has(one)))
      ledger.tell('builds blocks', 0.6)
    if (typeof longpollid === 'string') ledger.tell('waits for the next block', 0.6)
  }
  tellRepeated(ledger)
  return true
}

/** With a wallet to pay. */
function readDaemonRequest(ledger: Ledger, params: Record<string, unknown>, method: string): boolean {
  const wallet = params['wallet_address']
  if (typeof wallet !== 'string') return false
  ledger.speak('cryptonote')
  ledger.setLogin(wallet)
  ledger.tell(method, isCryptonoteWallet(wallet) ? 0.75 : 0.5)
  tellRepeated(ledger)
  return true
}

/** `getwork`: without parameters it asks for work; gives false where it hands in something that is none. */
export function readWorkRequest(ledger: Ledger, message: Message): boolean {
  const { data, params, to } = message
  const solution = params < 0 ? -1 : findElement(data, params, to, 0)
  if (solution < 0) {
    ledger.speak('bitcoin')
    ledger.tell('getwork', 0.4)
    tellRepeated(ledger)
    return true
  }
  if (hexDigitsAt(data, solution, to) < MIN_HEADER_DIGITS) return false
  ledger.speak('bitcoin')
  ledger.tell('getwork with a solution', 0.9)
  ledger.shares.submit(message.messageId(), ledger.jobs.hashesPerShare)
  return true
}

function tellRepeated(ledger: Ledger): void {
  ledger.isNode = true
  ledger.workRequests++
  if (ledger.workRequests >= REQUESTS_BELIEVED) ledger.tell('asks for work again and again', 0.45)
}

/** `submitblock`: a whole block in hex. */
export function readBlock(ledger: Ledger, message: Message, method: string): JobKey | null {
  const { data, params, to } = message
  if (hexDigitsAt(data, findElement(data, params, to, 0), to) < MIN_TEMPLATE_DIGITS) return null
  ledger.tell(method, 0.75)
  return NO_JOB
}

/** Work in the answer to a request; gives false where it is something else. */
export function readReply(ledger: Ledger, message: Message): boolean {
  const isWork =
    readWork(ledger, message) || readTemplate(ledger, message) || readDaemonTemplate(ledger, message)
  if (isWork) ledger.isNode = true
  return isWork
}

/** `{data, target, midstate, hash1}`: the target is little-endian. */
function readWork(ledger: Ledger, message: Message): boolean {
  const { data, found, result, to } = message
  findMembers(data, result, to, WORK_MEMBERS, found)
  const [work, targetAt] = [found[0]!, found[1]!]
  if (hexDigitsAt(data, work, to) < MIN_HEADER_DIGITS || hexDigitsAt(data, targetAt, to) !== HASH_DIGITS)
    return false
  ledger.speak('bitcoin')
  ledger.tell('job: data and target', 0.9)
  const hashes = hashesOfTarget(reversed(stringAt(data, targetAt, to)!))
  if (hashes !== null) ledger.jobs.hashesPerShare = hashes
  ledger.jobs.add(keyAt(data, work, to)!)
  return true
}

function readTemplate(ledger: Ledger, message: Message): boolean {
  const { data, found, result, to } = message
  findMembers(data, result, to, TEMPLATE_MEMBERS, found)
  const [previous, bits, target, value, coinbase] = found
  if (hexDigitsAt(data, previous!, to) !== HASH_DIGITS || hexDigitsAt(data, target!, to) !== HASH_DIGITS)
    return false
  if (value! < 0 && coinbase! < 0) return false
  ledger.speak('bitcoin')
  ledger.tell('job: a block template', 0.2)
  const nbits = stringAt(data, bits!, to)
  const difficulty = nbits === null ? null : networkDifficulty(nbits)
  if (difficulty !== null) nameByNetwork(ledger, difficulty)
  ledger.jobs.hashesPerShare = hashesOfTarget(stringAt(data, target!, to)!)
  ledger.jobs.add(keyAt(data, previous!, to)!)
  return true
}

function readDaemonTemplate(ledger: Ledger, message: Message): boolean {
  const { data, found, result, to } = message
  findMembers(data, result, to, DAEMON_MEMBERS, found)
  const [template, difficultyAt, seed, heightAt, blob] = found
  if (
    hexDigitsAt(data, template!, to) < MIN_TEMPLATE_DIGITS &&
    hexDigitsAt(data, blob!, to) < MIN_TEMPLATE_DIGITS
  )
    return false
  const difficulty = valueAt(data, difficultyAt!, to)
  if (typeof difficulty !== 'number' || difficulty <= 0) return false
  ledger.speak('cryptonote')
  ledger.tell('job: a block template', 0.75)
  ledger.setHeight(valueAt(data, heightAt!, to))
  if (hexDigitsAt(data, seed!, to) === HASH_DIGITS) ledger.algorithm ??= 'rx/0'
  ledger.jobs.hashesPerShare = difficulty
  ledger.jobs.add(keyAt(data, template! >= 0 ? template! : blob!, to)!)
  return true
}

/** Body of a daemon's `/start_mining`: it is told to mine by itself. */
export function readStartMining(ledger: Ledger, message: Message): boolean {
  const { at, data, found, to } = message
  findMembers(data, at, to, START_MEMBERS, found)
  const wallet = found[0]! < 0 || found[1]! < 0 ? null : stringAt(data, found[0]!, to)
  if (wallet === null || !isCryptonoteWallet(wallet)) return false
  ledger.speak('cryptonote')
  ledger.setLogin(wallet)
  ledger.tell('start_mining', 0.9)
  return true
}

function reversed(hex: string): string {
  return (hex.match(/../gu) ?? []).toReversed().join('')
}
