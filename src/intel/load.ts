import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { type DoorCatalogue, doorSources, loadDoors } from './doors.ts'
import { familyBook, type FamilyTable, familyOf } from './families.ts'
import type { Intel, PoolEntry } from './intel.ts'

/** Where the rows of a table come from. */
export interface DataSource {
  readonly table: string
  readonly source: string
  readonly licence: string
  /** ISO date of the source. */
  readonly date: string
  readonly how: string
  /** Rows taken from it. */
  readonly entries: number
}

type SourceNote = Omit<DataSource, 'table' | 'entries'>

/** The tables as `scripts/intel/import.ts` writes them. Last columns of a pool: name, coin, 1 = confirmed, source. */
interface PoolTable {
  readonly sources: readonly SourceNote[]
  readonly hosts: readonly [
    host: string,
    isShared: 0 | 1,
    ports: readonly number[],
    name: string,
    coin: string | null,
    isConfirmed: 0 | 1,
    source: number,
  ][]
  readonly addresses: readonly [
    ip: string,
    port: number,
    name: string | null,
    coin: string | null,
    isConfirmed: 0 | 1,
    source: number,
  ][]
}

interface SharedAddressTable {
  readonly sources: readonly [SourceNote]
  readonly networks: readonly [network: string, owner: string][]
}

interface PriceTable {
  readonly sources: readonly [SourceNote]
  readonly region: string
  readonly prices: readonly [instanceType: string, usdPerHour: number][]
}

interface AttackTable {
  readonly sources: readonly [SourceNote]
  readonly tactics: readonly string[]
  readonly techniques: readonly [id: string, name: string, tactics: readonly number[], v18: string | null][]
}

/** RFC 1035 §2.3.4, in text without the root's dot; one more for it. */
const MAX_HOST_LENGTH = 254

type Pools = ReadonlyMap<string, PoolEntry>

/** The tables that ship with Davylamp. Each is read from disk when it is first asked for. */
export function loadIntel(): Intel {
  const pools = lazy(readPools)
  const shared = lazy(readSharedAddresses)
  const prices = lazy(readPrices)
  const techniques = lazy(readTechniques)
  const families = lazy(() => familyBook(readFamilies()))
  const doors = lazy(loadDoors)
  return {
    poolByHost: (host) => poolByHost(pools().byHost, host),
    poolHosts: () => confirmedHosts(pools().byHost),
    poolByAddress: (ip, port) => pools().byAddress.get(`${ip} ${port}`) ?? null,
    isSharedAddress: (ip) => isIn(shared(), ip),
    priceOf: (instanceType) => prices().get(instanceType.trim().toLowerCase()) ?? null,
    serviceOn: (port) => serviceOn(doors(), port),
    technique: (id) => techniques().get(id) ?? null,
    familyOf: (artefacts, acts, at) => familyOf(families(), artefacts, acts, at),
  }
}

/** What half the web listens on says nothing about what listens there. */
const WEB_PORTS = new Set([80, 443, 3000, 5000, 8000, 8008, 8080, 8443, 9000, 9090])
const OPEN_TO_ABUSE = new Set(['open-control', 'open-data', 'exploited'])

function serviceOn(doors: DoorCatalogue, port: number): string | null {
  if (WEB_PORTS.has(port)) return null
  return doors.byPort(port, 'tcp').find(({ kind }) => OPEN_TO_ABUSE.has(kind))?.id ?? null
}

/** For `docs/data-sources.md`. */
export function dataSources(): DataSource[] {
  const pools: PoolTable = JSON.parse(text('pools.json'))
  const prices: PriceTable = JSON.parse(text('prices.json'))
  const attack: AttackTable = JSON.parse(text('attack.json'))
  const shared: SharedAddressTable = JSON.parse(text('shared-addresses.json'))
  const model: { sources: [SourceNote]; trees: unknown[] } = JSON.parse(text('flow-model.json'))
  const rows = [...pools.hosts, ...pools.addresses]
  return [
    noted('attack', attack.sources[0], attack.techniques.length),
    ...doorSources().map((source) => ({ table: 'doors', ...source })),
    ...familySources(),
    noted('flow-model', model.sources[0], model.trees.length),
    ...pools.sources.map((note, source) =>
      noted('pools', note, rows.filter((row) => row.at(-1) === source).length),
    ),
    noted('prices', prices.sources[0], prices.prices.length),
    noted('shared-addresses', shared.sources[0], shared.networks.length),
  ]
}

function noted(table: string, note: SourceNote, entries: number): DataSource {
  return { table, ...note, entries }
}

/** The host, then its parents. The table holds no public suffix and no domain that strangers share, so no parent is too much. */
function confirmedHosts(byHost: Pools): readonly string[] {
  return [...byHost].flatMap(([host, { confidence, isShared }]) =>
    confidence === 'confirmed' && !isShared ? [host] : [],
  )
}

function poolByHost(byHost: Pools, host: string): PoolEntry | null {
  if (host.length > MAX_HOST_LENGTH) return null
  let name = host.toLowerCase().replace(/\.$/u, '')
  for (;;) {
    const entry = byHost.get(name)
    if (entry !== undefined) return entry
    const dot = name.indexOf('.')
    if (dot < 0) return null
    name = name.slice(dot + 1)
  }
}

function readPools(): { byHost: Pools; byAddress: Pools } {
  const { sources, hosts, addresses }: PoolTable = JSON.parse(text('pools.json'))
  const entryOf = (
    listed: string,
    isShared: boolean,
    ports: readonly number[],
    [name, coin, isConfirmed, source]: readonly [string | null, string | null, 0 | 1, number],
  ): PoolEntry => ({
    listed,
    name,
    coin,
    confidence: isConfirmed === 1 && !isShared ? 'confirmed' : 'candidate',
    ports,
    isShared,
    source: sources[source]?.source ?? '',
    date: sources[source]?.date ?? '',
  })
  return {
    byHost: new Map(
      hosts.map(([host, isShared, ports, ...row]) => [host, entryOf(host, isShared === 1, ports, row)]),
    ),
    byAddress: new Map(
      addresses.map(([ip, port, ...row]) => [`${ip} ${port}`, entryOf(ip, false, [port], row)]),
    ),
  }
}

function readSharedAddresses(): BlockList {
  const { networks }: SharedAddressTable = JSON.parse(text('shared-addresses.json'))
  const set = new BlockList()
  for (const [network] of networks) {
    const [ip = '', bits] = network.split('/')
    set.addSubnet(ip, Number(bits), addressFamilyOf(ip))
  }
  return set
}

function isIn(set: BlockList, ip: string): boolean {
  return isIP(ip) !== 0 && set.check(ip, addressFamilyOf(ip))
}

function addressFamilyOf(ip: string): 'ipv4' | 'ipv6' {
  return ip.includes(':') ? 'ipv6' : 'ipv4'
}

type Price = NonNullable<ReturnType<Intel['priceOf']>>

function readPrices(): ReadonlyMap<string, Price> {
  const { sources, region, prices }: PriceTable = JSON.parse(text('prices.json'))
  const { source, date } = sources[0]
  return new Map(prices.map(([type, usdPerHour]) => [type, { usdPerHour, region, source, date }]))
}

type Technique = NonNullable<ReturnType<Intel['technique']>>

function readTechniques(): ReadonlyMap<string, Technique> {
  const { tactics, techniques }: AttackTable = JSON.parse(text('attack.json'))
  return new Map(
    techniques.map(([id, name, of, v18]) => [
      id,
      { id, name, tactics: of.map((at) => tactics[at] ?? ''), v18 },
    ]),
  )
}

/** The list, and all reports together: each is named beside its rows. */
function familySources(): DataSource[] {
  const { sources, marks } = readFamilies()
  const [list, ...reports] = sources
  const latest = reports.toSorted((a, b) => (a.date < b.date ? 1 : -1))[0]
  if (list === undefined || latest === undefined) return []
  const ofList = marks.filter(([, , , , source]) => source === 0).length
  const note = { ...latest, source: `${reports.length} public reports, named in each row` }
  return [noted('families', list, ofList), noted('families', note, marks.length - ofList)]
}

function readFamilies(): FamilyTable {
  return JSON.parse(text('families.json'))
}

function text(name: string): string {
  return readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8')
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}
