import type { MachineFacts } from '../../machine.ts'
import type { Random } from '../../random.ts'
import { dayPath, objectTime, secondTime } from '../clock-text.ts'
import type { NameLookedUp, OpenEvidence, WitnessedFile } from '../witness.ts'
import { Delivery } from './delivery.ts'

const DELIVERY_MS = 15 * 60_000
const TTL_MS = { from: 30_000, to: 300_000 } as const
/** Names kept in mind at once; a resolver forgets too. */
const CACHED_NAMES = 2000

export interface ResolverLogSettings {
  readonly account: string
  readonly region: string
  readonly vpcId: string
  readonly folder: string
}

/**
 * Route 53 Resolver query logging as S3 holds it: JSON lines, gzipped. Answers out of the resolver's cache are
 * not logged, so a name that is asked for again within its TTL is missing.
 */
export class ResolverLog {
  readonly #settings: ResolverLogSettings
  readonly #random: Random
  readonly #delivery: Delivery
  readonly #cachedUntilMs = new Map<string, number>()

  constructor(open: OpenEvidence, settings: ResolverLogSettings, random: Random) {
    this.#settings = settings
    this.#random = random
    const { account, vpcId, folder } = settings
    this.#delivery = new Delivery(open, {
      periodMs: DELIVERY_MS,
      opening: '',
      between: '',
      closing: '',
      path: (startMs) => {
        const name = `${vpcId}_vpcdnsquerylogs_${account}_${objectTime(startMs)}_${random.hex(8)}.log.gz`
        return `${folder}AWSLogs/${account}/vpcdnsquerylogs/${vpcId}/${dayPath(startMs)}/${name}`
      },
    })
  }

  lookedUp(machine: MachineFacts, lookup: NameLookedUp): void {
    if (this.#isCached(lookup)) return
    const { account, region, vpcId } = this.#settings
    const record = {
      version: '1.100000',
      account_id: account,
      region,
      vpc_id: vpcId,
      query_timestamp: secondTime(lookup.timeMs),
      query_name: `${lookup.name}.`,
      query_type: lookup.type,
      query_class: 'IN',
      rcode: lookup.rcode,
      answers: lookup.answers.map((Rdata) => ({ Rdata, Type: lookup.type, Class: 'IN' })),
      srcaddr: machine.address,
      srcport: String(lookup.srcPort),
      transport: 'UDP',
      srcids: { instance: machine.instanceId },
    }
    this.#delivery.write(`${JSON.stringify(record)}\n`, lookup.timeMs)
  }

  end(): void {
    this.#delivery.end()
  }

  files(): readonly WitnessedFile[] {
    return this.#delivery.files()
  }

  #isCached({ name, type, timeMs }: NameLookedUp): boolean {
    const key = `${type} ${name}`
    if (timeMs < (this.#cachedUntilMs.get(key) ?? 0)) return true
    this.#cachedUntilMs.delete(key)
    this.#cachedUntilMs.set(key, timeMs + this.#random.between(TTL_MS.from, TTL_MS.to))
    if (this.#cachedUntilMs.size > CACHED_NAMES) {
      const [oldest] = this.#cachedUntilMs.keys()
      if (oldest !== undefined) this.#cachedUntilMs.delete(oldest)
    }
    return false
  }
}
