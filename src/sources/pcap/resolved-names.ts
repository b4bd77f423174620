import { RecentMap } from '../../recent-map.ts'
import type { DnsNews } from '../../wire/flow/news.ts'

/** Addresses and aliases remembered, over all clients; beyond it the ones looked up longest ago go. */
const MAX_NAMES = 65_536
/** Programs hold on to an address beyond its time to live, and miners reconnect to it: so long it still counts. */
const HELD_BEYOND_MS = 3_600_000
/** Packets of one instant may be a little out of order. */
const DISORDER_MS = 1_000

interface Lookup {
  readonly name: string
  /** Epoch ms: from the first answer of an unbroken row of them, to when the last has lost its meaning. */
  readonly since: number
  readonly until: number
}

/**
 * By which name a client had looked an address up, as its own DNS answers on the wire say. Passive: nothing is
 * asked for. A chain of names, in one answer or over several, leads back to the name that was asked for first.
 */
export class ResolvedNames {
  private readonly lookups: RecentMap<Lookup>

  constructor(limit: number = MAX_NAMES) {
    this.lookups = new RecentMap(limit)
  }

  observe({ message, clientIp, timeMs }: DnsNews): void {
    if (!message.isResponse || !isAddressQuery(message.queryType) || message.answers.length === 0) return
    const asked = message.query
    const name = this.lookup(clientIp, asked, timeMs)?.name ?? asked
    const until = timeMs + (message.ttlSeconds ?? 0) * 1000 + HELD_BEYOND_MS
    for (const answer of message.answers) {
      if (answer === asked || answer === name) continue
      const known = this.lookups.get(key(clientIp, answer))
      const isSame = known !== undefined && known.name === name && known.until >= timeMs
      this.lookups.set(key(clientIp, answer), { name, since: isSame ? known.since : timeMs, until })
    }
  }

  /** The name `clientIp` knew `address` by at that time (epoch ms); null where no lookup was seen. */
  nameOf(clientIp: string, address: string, timeMs: number): string | null {
    return this.lookup(clientIp, address, timeMs)?.name ?? null
  }

  private lookup(clientIp: string, value: string, timeMs: number): Lookup | null {
    const lookup = this.lookups.get(key(clientIp, value))
    if (lookup === undefined) return null
    return timeMs >= lookup.since - DISORDER_MS && timeMs <= lookup.until ? lookup : null
  }
}

function isAddressQuery(queryType: string): boolean {
  return queryType === 'A' || queryType === 'AAAA' || queryType === 'ANY' || queryType === 'CNAME'
}

function key(client: string, value: string): string {
  return `${client} ${value}`
}
