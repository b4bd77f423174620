import type { Event } from '../event/event.ts'
import type { Finding } from '../event/finding.ts'

/** Addresses remembered with the name they were last looked up by. */
const MAX_ADDRESSES = 100_000

/** Names that machines looked addresses up by, as their own DNS answers say. Passive: nothing is asked for. */
export class PoolNames {
  private readonly names = new Map<string, string>()

  observe(event: Event): void {
    if (event.kind !== 'dns' || !event.isResponse) return
    for (const answer of event.answers) {
      if (this.names.size >= MAX_ADDRESSES && !this.names.has(key(event.srcIp, answer))) continue
      this.names.set(key(event.srcIp, answer), event.query)
    }
  }

  /** The finding with the pool's name, where the miner had looked it up. */
  apply(finding: Finding): Finding {
    if (finding.facts.type !== 'mining' || finding.facts.pool.name !== null) return finding
    const { pool, minerIp } = finding.facts
    const name = this.names.get(key(minerIp, pool.ip))
    if (name === undefined) return finding
    const address = pool.ip.includes(':') ? `[${pool.ip}]:${pool.port}` : `${pool.ip}:${pool.port}`
    return {
      ...finding,
      title: finding.title.replace(address, () => `${name} (${address})`),
      facts: { ...finding.facts, pool: { ...pool, name } },
    }
  }
}

function key(client: string, address: string): string {
  return `${client} ${address}`
}
