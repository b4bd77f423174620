import { hashesOfTarget, isHex, networkDifficulty } from './difficulty.ts'
import { findElement, stringAt } from './json-bytes.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'

/**
 * Tells the relatives of Bitcoin's Stratum apart by what their `mining.notify` carries (Bitcoin 9 items,
 * EthereumStratum 3 to 5, KawPow 7, equihash 8, Zhash 10, Verus 9, Autolykos 9) and by what a share is.
 */

/** No other coin's network has come near this since 2018 (in units of 2^32 hashes). */
const BITCOIN_ALONE = 3e12
const HASH_DIGITS = 64
/** The proof of equihash 200,9 is 1,344 bytes. */
const EQUIHASH_SOLUTION_DIGITS = 2 * 1344
/** `target` stands fourth in a job of KawPow and of ethminer's flavour of Stratum, the bound of Autolykos seventh. */
const TARGET_AT = 3
const AUTOLYKOS_BOUND_AT = 6

const ALGORITHM_OF_COIN: Readonly<Record<string, string>> = {
  BTC: 'sha256d',
  BCH: 'sha256d',
  LTC: 'scrypt',
  DOGE: 'scrypt',
}

/** Gives true where the job has the shape of one that is known. */
export function nameByJob(ledger: Ledger, params: unknown): boolean {
  if (!Array.isArray(params)) return false
  const items: readonly unknown[] = params
  const [, first, second, third, fourth] = items
  if (isHash(first) && isText(second) && isText(third) && Array.isArray(fourth)) nameBitcoin(ledger, items)
  else if (isHash(second) && isHash(third) && isHash(fourth)) nameEquihash(ledger, items)
  else if (items.length >= 6 && isHash(first) && isHash(second) && isHash(third))
    name(ledger, 'bitcoin', 'kawpow')
  else if (isHash(first) && isHash(second)) name(ledger, 'ethereum-stratum', 'ethash')
  else if (typeof first === 'number' && isHash(second) && items.length > AUTOLYKOS_BOUND_AT)
    name(ledger, 'bitcoin', 'autolykos2')
  else if (ledger.walletCoin === 'KAS' || isKaspaHeader(first)) name(ledger, 'bitcoin', 'kheavyhash')
  else if (ledger.dialect === 'ethereum-stratum' && items.length <= 4)
    name(ledger, 'ethereum-stratum', 'ethash')
  else return false
  return true
}

function name(ledger: Ledger, dialect: 'bitcoin' | 'ethereum-stratum', algorithm: string): void {
  ledger.speak(dialect)
  ledger.algorithm ??= algorithm
}

function nameBitcoin(ledger: Ledger, items: readonly unknown[]): void {
  ledger.speak('bitcoin')
  const nbits = items[6]
  const network = typeof nbits === 'string' ? networkDifficulty(nbits) : null
  // XMRig has one hash function that comes with Bitcoin's jobs
  if (ledger.agent?.startsWith('XMRig') === true) ledger.setAlgorithm('ghostrider')
  else if (network === null || !nameByNetwork(ledger, network)) nameByWallet(ledger)
}

/** `difficulty` of the network in units of 2^32 hashes; gives true where only one coin has such a one. */
export function nameByNetwork(ledger: Ledger, difficulty: number): boolean {
  if (difficulty < BITCOIN_ALONE) return false
  ledger.jobCoin ??= 'BTC'
  ledger.setAlgorithm('sha256d')
  return true
}

/** NiceHash pays in Bitcoin whatever is mined: there the wallet tells nothing. */
export function nameByWallet(ledger: Ledger): void {
  const coin = ledger.walletCoin
  if (
    coin === null ||
    !Object.hasOwn(ALGORITHM_OF_COIN, coin) ||
    ledger.agent?.startsWith('NiceHash') === true
  )
    return
  ledger.setAlgorithm(ALGORITHM_OF_COIN[coin]!)
}

function nameEquihash(ledger: Ledger, items: readonly unknown[]): void {
  ledger.speak('equihash')
  const [variant, person] = [items[8], items[9]]
  if (typeof variant === 'string' && /^\d{2,3}_\d$/u.test(variant)) ledger.algorithm ??= `equihash${variant}`
  else if (typeof variant === 'string' && variant.length > HASH_DIGITS && isHex(variant))
    ledger.algorithm ??= 'verushash'
  ledger.algorithm ??= 'equihash'
  if (person === 'BgoldPoW') ledger.jobCoin ??= 'BTG'
}

/** Jobs that carry their own target. */
export function readOwnTarget(ledger: Ledger, message: Message): void {
  const { data, params, to } = message
  let hashes: number | null = null
  if (ledger.algorithm === 'kawpow' || ledger.dialect === 'ethereum-stratum') {
    const target = stringAt(data, findElement(data, params, to, TARGET_AT), to)
    if (isHash(target)) hashes = hashesOfTarget(target)
  } else if (ledger.algorithm === 'autolykos2') {
    const bound = stringAt(data, findElement(data, params, to, AUTOLYKOS_BOUND_AT), to)
    if (bound !== null && /^[1-9]\d{0,77}$/u.test(bound)) hashes = 2 ** 256 / Number(bound)
  }
  if (hashes !== null) ledger.jobs.hashesPerShare = hashes
}

/** Joined in the middle, with no job seen yet. */
export function nameByShare(ledger: Ledger, message: Message): void {
  const { data, params, to } = message
  const fourth = stringAt(data, findElement(data, params, to, 3), to)
  const fifth = stringAt(data, findElement(data, params, to, 4), to)
  if (fourth === null) name(ledger, 'ethereum-stratum', 'ethash')
  else if (fifth === null) return
  else if (fifth.length >= EQUIHASH_SOLUTION_DIGITS) {
    ledger.speak('equihash')
    ledger.algorithm ??= 'equihash'
  } else if (isHash(fourth) && isHash(fifth)) name(ledger, 'bitcoin', 'kawpow')
  else if (fifth.length === 8) {
    ledger.speak('bitcoin')
    nameByWallet(ledger)
  }
}

/** Kaspa's stratum bridge writes the header's hash as four numbers of 64 bits. */
function isKaspaHeader(value: unknown): boolean {
  return Array.isArray(value) && value.length === 4 && value.every((part) => typeof part === 'number')
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isHash(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const digits = value.startsWith('0x') ? value.slice(2) : value
  return digits.length === HASH_DIGITS && isHex(digits)
}
