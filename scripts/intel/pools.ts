import ipaddr from 'ipaddr.js'
import { getDomain, getPublicSuffix, parse } from 'tldts'
import { addressSetOf } from './shared-addresses.ts'

interface Lists {
  /** AdamYoung71/mining-pool-domain-intel, CSV. */
  readonly domains: string
  /** stamparm/maltrail, one trail a line. */
  readonly maltrail: string
  readonly famous: string
  readonly shared: string
  readonly sharedAddresses: string
}

interface Famous {
  readonly source: string
  readonly licence: string
  readonly date: string
  readonly how: string
  readonly pools: [domain: string, name: string, coin: string | null, ports?: number[]][]
}

interface Pool {
  /** Null where a list names an address and nothing more. */
  name: string | null
  coin: string | null
  isConfirmed: boolean
  source: number
  /** That the list names; none where it names none. */
  ports: readonly number[]
}

const SOURCES = [
  {
    source: 'AdamYoung71/mining-pool-domain-intel data/mining_pool_domains.csv',
    licence: 'Apache-2.0',
    date: '2026-04-21',
    how: 'host, port, pool name, coin, confidence; a domain with two or more listed hosts is added itself as a candidate',
  },
  {
    source: 'stamparm/maltrail trails/static/suspicious/crypto_mining.txt',
    licence: 'MIT',
    date: '2026-08-23',
    how: 'host names, and addresses where a port is named; the coin only where the host name says it (xmr, monero)',
  },
] as const
const FROM_DOMAINS = 0
const FROM_MALTRAIL = 1
const FROM_FAMOUS = 2

const PSL = { allowPrivateDomains: true }
const NO_COIN = new Set(['UNKNOWN', 'AUTO', 'ANONYMOUS', 'COIN', ''])

export function poolTable(lists: Lists): Record<string, unknown> {
  const famous: Famous = JSON.parse(lists.famous)
  const shared: { domains: string[] } = JSON.parse(lists.shared)
  const names = new Map(famous.pools.map(([domain, name]) => [domain, name]))
  const isSharedAddress = addressSetOf(lists.sharedAddresses)
  const hosts = new Map<string, Pool>()
  const endpoints = new Map<string, Pool>()

  /** The first to name a host wins, except that a confirmation beats a candidate. */
  const add = (table: Map<string, Pool>, key: string, pool: Pool): void => {
    const known = table.get(key)
    const ports = [...new Set([...(known?.ports ?? []), ...pool.ports])].toSorted((a, b) => a - b)
    if (known === undefined || (pool.isConfirmed && !known.isConfirmed)) table.set(key, { ...pool, ports })
    else {
      if (known.source === pool.source && known.coin !== pool.coin) known.coin = null
      known.ports = ports
    }
  }
  const addHost = (host: string, pool: Pool): void => {
    const domain = getDomain(host, PSL)
    if (domain === null || getPublicSuffix(host, PSL) === host || shared.domains.includes(host)) return
    add(hosts, host, { ...pool, name: names.get(domain) ?? pool.name })
  }
  const addEndpoint = (ip: string, port: number, pool: Pool): void => {
    const isPublic = ipaddr.isValid(ip) && ipaddr.parse(ip).range() === 'unicast'
    // What a content network answers at one of its addresses says nothing about who is behind it.
    if (isPublic && !isSharedAddress(ip) && port > 0 && port < 65_536) add(endpoints, `${ip} ${port}`, pool)
  }

  for (const [domain, name, coin, ports = []] of famous.pools) {
    addHost(domain, { name, coin, isConfirmed: false, source: FROM_FAMOUS, ports })
  }
  for (const row of csvRows(lists.domains)) {
    const host = (row['domain'] ?? '').toLowerCase()
    const coin = (row['coin'] ?? '').toUpperCase()
    const pool = {
      name: row['pool_name'] ?? host,
      coin: NO_COIN.has(coin) || coin.includes('/') ? null : coin,
      isConfirmed: row['confidence'] === 'confirmed',
      source: FROM_DOMAINS,
      ports: [Number(row['port'])].filter((port) => port > 0 && port < 65_536),
    }
    if (ipaddr.isValid(host)) addEndpoint(host, Number(row['port']), { ...pool, name: null })
    else addHost(host, pool)
  }
  for (const [domain, name] of sharedByHosts(hosts, shared.domains)) {
    addHost(domain, { name, coin: null, isConfirmed: false, source: FROM_DOMAINS, ports: [] })
  }
  for (const trail of lists.maltrail.split('\n').map((line) => line.trim().toLowerCase())) {
    const endpoint = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/u.exec(trail)
    if (endpoint !== null) {
      const pool = { name: null, coin: null, isConfirmed: false, source: FROM_MALTRAIL, ports: [] }
      addEndpoint(endpoint[1] ?? '', Number(endpoint[2]), pool)
    } else if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u.test(trail) && !ipaddr.isValid(trail)) {
      const coin = /xmr|monero/u.test(trail) ? 'XMR' : null
      addHost(trail, {
        name: isBelowShared(trail, shared.domains) ? trail : (getDomain(trail, PSL) ?? trail),
        coin,
        isConfirmed: false,
        source: FROM_MALTRAIL,
        ports: [],
      })
    }
  }
  return {
    sources: [
      ...SOURCES,
      { source: famous.source, licence: famous.licence, date: famous.date, how: famous.how },
    ],
    hosts: sorted(hosts).map(([host, pool]) =>
      rowOf([host, isBelowShared(host, shared.domains) ? 1 : 0, pool.ports], pool),
    ),
    addresses: sorted(endpoints).map(([key, pool]) => rowOf(endpointOf(key), pool)),
  }
}

/** Whether strangers get names beside this one: a dynamic DNS or cloud suffix (of the Public Suffix List's private part), or a domain of our own list. */
function isBelowShared(host: string, shared: readonly string[]): boolean {
  return parse(host, PSL).isPrivate === true || shared.some((domain) => host.endsWith(`.${domain}`))
}

type Cell = string | number | null | readonly number[]

/** The columns of the key, then name, coin, 1 = confirmed, index of the source. */
function rowOf(key: readonly Cell[], pool: Pool): Cell[] {
  return [...key, pool.name, pool.coin, pool.isConfirmed ? 1 : 0, pool.source]
}

function endpointOf(key: string): Cell[] {
  const at = key.indexOf(' ')
  return [key.slice(0, at), Number(key.slice(at + 1))]
}

function sorted(table: Map<string, Pool>): [string, Pool][] {
  return [...table].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Registrable domains with two or more pool hosts: pools open new hosts faster than lists name them. */
function sharedByHosts(
  hosts: ReadonlyMap<string, Pool>,
  shared: readonly string[],
): [domain: string, name: string][] {
  const byDomain = Map.groupBy(hosts, ([host]) => getDomain(host, PSL) ?? '')
  return [...byDomain].flatMap(([domain, entries]) => {
    const name = entries[0]?.[1].name
    return entries.length < 2 || name === undefined || shared.includes(domain)
      ? []
      : [[domain, name] as [string, string]]
  })
}

/** RFC 4180 as far as the list uses it: no line breaks in fields. */
function* csvRows(text: string): Generator<Record<string, string>> {
  const [header, ...lines] = text.split(/\r?\n/u).filter((line) => line !== '')
  const names = csvFields(header ?? '')
  for (const line of lines) {
    const fields = csvFields(line)
    yield Object.fromEntries(names.map((name, at) => [name, fields[at] ?? '']))
  }
}

function csvFields(line: string): string[] {
  const fields = line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/gu)
  return [...fields].map(([, field = '']) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  )
}
