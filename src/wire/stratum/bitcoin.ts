import { readAlgorithm } from './algorithm.ts'
import { hashesOfTarget } from './difficulty.ts'
import type { JobKey } from './jobs.ts'
import { findElement, findMember, hexDigitsAt, keyAt, stringAt, valueAt } from './json-bytes.ts'
import { isRecord } from './json-value.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'
import { nameByJob, nameByShare, nameByWallet, readOwnTarget } from './relatives.ts'

/** The `mining.*` methods: Bitcoin's Stratum v1 and what grew from it. Each gives false where it has not the shape. */

/** `mining.subscribe` and `mining.hello`: who the miner says it is. */
export function readSubscribe(ledger: Ledger, message: Message): boolean {
  const params = message.paramsValue()
  if (isRecord(params)) {
    ledger.setAgent(params['agent'])
    ledger.setPoolName(params['host'], hexPort(params['port']))
    if (isEthereumStratum(params['proto'])) ledger.speak('ethereum-stratum')
  } else if (Array.isArray(params)) {
    ledger.setAgent(params[0])
    ledger.setPoolName(params[2], params[3])
    if (params.some(isEthereumStratum)) ledger.speak('ethereum-stratum')
  } else return false
  ledger.tell('mining.subscribe', 0.9)
  return true
}

/** EthereumStratum/2.0.0 (EIP 1571) writes numbers in hex. */
function hexPort(port: unknown): unknown {
  return typeof port === 'string' && /^[0-9a-f]{1,4}$/iu.test(port) ? Number.parseInt(port, 16) : port
}

/** The answer: `[[["mining.notify", …], …], extranonce1, size]`, or NiceHash's `[["mining.notify", id, "EthereumStratum/1.0.0"], extranonce]`. */
export function readSubscribeReply(ledger: Ledger, message: Message): boolean {
  const result = message.resultValue()
  if (!Array.isArray(result) || !Array.isArray(result[0])) return false
  const names = result[0].slice(0, 10).flat(1)
  if (!names.includes('mining.notify')) return false
  ledger.tell('mining.notify granted', 0.9)
  if (names.some(isEthereumStratum)) ledger.speak('ethereum-stratum')
  return true
}

function isEthereumStratum(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('EthereumStratum/')
}

export function readAuthorize(ledger: Ledger, message: Message): boolean {
  const login = ledger.setLogin(message.stringAt(findElement(message.data, message.params, message.to, 0)))
  if (login === null) return false
  ledger.tell('mining.authorize', 0.9)
  if (ledger.dialect === 'bitcoin') nameByWallet(ledger)
  return true
}

export function readDifficulty(ledger: Ledger, message: Message): boolean {
  const { data, params, to } = message
  // Some pools write it as a string.
  const value = Number(valueAt(data, findElement(data, params, to, 0), to) ?? NaN)
  if (!ledger.setDifficulty(value)) return false
  ledger.tell('mining.set_difficulty', 0.9)
  return true
}

export function readTarget(ledger: Ledger, message: Message): boolean {
  const { data, params, to } = message
  if (!setTarget(ledger, stringAt(data, findElement(data, params, to, 0), to))) return false
  ledger.tell('mining.set_target', 0.9)
  return true
}

/** `mining.set` of EthereumStratum/2.0.0 (EIP 1571): `{epoch, target, algo, extranonce}`, each where it changes. */
export function readSet(ledger: Ledger, message: Message): boolean {
  const { data, params, to } = message
  const algorithm = readAlgorithm(stringAt(data, findMember(data, params, to, 'algo'), to))
  const isTarget = setTarget(ledger, stringAt(data, findMember(data, params, to, 'target'), to))
  const isNonce = findMember(data, params, to, 'extranonce') >= 0
  if (!isTarget && !isNonce) return false
  ledger.algorithm ??= algorithm
  ledger.speak('ethereum-stratum')
  ledger.tell('mining.set', 0.8)
  return true
}

function setTarget(ledger: Ledger, target: string | null): boolean {
  const hashes = target === null ? null : hashesOfTarget(target)
  if (hashes === null) return false
  ledger.jobs.hashesPerShare = hashes
  return true
}

export function readNotify(ledger: Ledger, message: Message): boolean {
  const { data, params, to } = message
  const key = keyAt(data, findElement(data, params, to, 0), to)
  if (key === null || findElement(data, params, to, 1) < 0) return false
  if (ledger.jobs.count === 0) {
    const isKnown = nameByJob(ledger, message.paramsValue())
    ledger.tell('job: mining.notify', isKnown ? 0.9 : 0.5)
  }
  readOwnTarget(ledger, message)
  ledger.jobs.add(key)
  return true
}

/** `mining.submit [worker, job, nonce, …]`: gives the key of the job, or null where it is no share. */
export function readShare(ledger: Ledger, message: Message): JobKey | null {
  const { data, params, to } = message
  const first = findElement(data, params, to, 0)
  const second = findElement(data, params, to, 1)
  const firstKey = keyAt(data, first, to)
  const secondKey = keyAt(data, second, to)
  if (firstKey === null || secondKey === null) return null
  const isWorkerFirst = hexDigitsAt(data, findElement(data, params, to, 2), to) >= 0
  // EthereumStratum/2.0.0 (EIP 1571): [job, nonce, worker]
  const isWorkerLast = ledger.dialect === 'ethereum-stratum' && hexDigitsAt(data, second, to) > 0
  if (!isWorkerFirst && !isWorkerLast) return null
  ledger.tell('mining.submit', 0.9)
  if (!isWorkerFirst) return firstKey
  const isNamed = ledger.account !== null
  if (!isNamed) ledger.setLogin(stringAt(data, first, to))
  if (ledger.dialect === 'unknown') nameByShare(ledger, message)
  else if (!isNamed && ledger.dialect === 'bitcoin') nameByWallet(ledger)
  return secondKey
}
