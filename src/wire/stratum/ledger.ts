import type { StratumEvent } from '../../event/stratum.ts'
import { coinOfAlgorithm } from './algorithm.ts'
import { hashesOfDifficulty, unitOf } from './difficulty.ts'
import { Jobs } from './jobs.ts'
import { Shares } from './shares.ts'
import { isPaidAs, type Login, readLogin } from './wallet.ts'

export type Dialect = StratumEvent['dialect']

/** From here on the dialogue counts as mining. */
const MINING = 0.7
const MOST_SURE = 0.99
const MAX_TEXT = 200
const MAX_LOGIN = 400
const HOST = /^(?=.{4,253}$)[\w-]+(?:\.[\w-]+)+$/u

/** What a dialogue has told so far. The first to name a thing is believed, unless said otherwise. */
export class Ledger {
  dialect: Dialect = 'unknown'
  agent: string | null = null
  account: string | null = null
  worker: string | null = null
  algorithm: string | null = null
  /** `host:port` by which the miner says it has asked for the pool. */
  poolName: string | null = null
  /** The work comes from a node itself; how often it was asked for. */
  isNode = false
  workRequests = 0
  /** Of the blockchain, as a job told it. */
  private height: number | null = null
  /** Named by the shape of the wallet. */
  walletCoin: string | null = null
  /** Named by a job. */
  jobCoin: string | null = null
  readonly jobs = new Jobs()
  readonly shares = new Shares()
  /** The first thing the miner said was how such a dialogue begins; null = it has said nothing. */
  startsWithGreeting: boolean | null = null
  /** The difficulty came as a number of units, whose size depends on the hash function. */
  private isInUnits = false
  private doubt = 1
  /** A dozen at most: a set would cost more. */
  private readonly told: string[] = []
  private initiatorVotes = 0

  /** How sure it is that this is mining, 0 to 1. */
  get confidence(): number {
    return Math.min(MOST_SURE, 1 - this.doubt)
  }

  get isMining(): boolean {
    return this.confidence >= MINING
  }

  get minerIsInitiator(): boolean {
    return this.initiatorVotes >= 0
  }

  get reasons(): string[] {
    const reasons = [...this.told]
    const { submitted, accepted } = this.shares
    if (accepted > 0) reasons.push(`${accepted} ${accepted === 1 ? 'share' : 'shares'} accepted`)
    else if (submitted > 0) reasons.push(`${submitted} ${submitted === 1 ? 'share' : 'shares'} handed in`)
    return reasons.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
  }

  /** A wallet has the last word, unless it is one that pools pay to for mining something else. */
  get coin(): string | null {
    const { algorithm, dialect, walletCoin } = this
    if (walletCoin !== null && isPaidAs(walletCoin, dialect, algorithm)) return walletCoin
    if (this.jobCoin !== null || algorithm === null) return this.jobCoin
    return coinOfAlgorithm(algorithm, this.height)
  }

  /** Evidence of mining; each reason counts once. `weight` is how sure it makes by itself, 0 to 1. */
  tell(reason: string, weight: number): void {
    if (this.told.includes(reason)) return
    this.told.push(reason)
    this.doubt *= 1 - weight
  }

  /** A sender spoke as miners do (or, with `isMiner` false, as pools do). */
  vote(fromInitiator: boolean, isMiner: boolean): void {
    this.initiatorVotes += fromInitiator === isMiner ? 1 : -1
  }

  speak(dialect: Dialect): void {
    if (this.dialect === 'unknown') this.dialect = dialect
  }

  /** Takes a text from a message; anything else is no agent. */
  setAgent(agent: unknown): void {
    this.agent ??= bounded(agent, MAX_TEXT)
  }

  setWorker(worker: unknown): void {
    this.worker ??= bounded(worker, MAX_TEXT)
  }

  setHeight(height: unknown): void {
    if (typeof height === 'number' && Number.isSafeInteger(height) && height > 0) this.height = height
  }

  /** Where the miner says it has connected to; anything but a host's name is none. */
  setPoolName(host: unknown, port: unknown): void {
    if (typeof host !== 'string' || !HOST.test(host)) return
    const number = Number(port ?? NaN)
    this.poolName ??= Number.isInteger(number) && number > 0 && number < 65_536 ? `${host}:${number}` : host
  }

  setLogin(value: unknown): Login | null {
    const text = bounded(value, MAX_LOGIN)
    if (text === null) return null
    const login = readLogin(text)
    this.account ??= login.account
    this.worker ??= login.worker
    this.walletCoin ??= login.coin
    return login
  }

  /** `mining.set_difficulty`; false where it is no difficulty. */
  setDifficulty(difficulty: number): boolean {
    const hashes = hashesOfDifficulty(difficulty, this.algorithm)
    if (hashes === null) return false
    this.isInUnits = true
    this.jobs.hashesPerShare = hashes
    return true
  }

  /** The hash function became known: difficulties told before it count in its unit. */
  setAlgorithm(algorithm: string): void {
    if (this.algorithm !== null) return
    if (this.isInUnits) this.jobs.scale(unitOf(algorithm) / unitOf(null))
    this.algorithm = algorithm
  }
}

function bounded(value: unknown, length: number): string | null {
  if (typeof value !== 'string') return null
  const text = value.slice(0, length).trim()
  return text === '' ? null : text
}
