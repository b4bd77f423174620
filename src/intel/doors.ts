import { readFileSync } from 'node:fs'

/** Low, middle and high of a number nobody knows exactly, and who says so. */
export interface Estimate {
  readonly low: number
  readonly mid: number
  readonly high: number
  readonly source: EstimateSource
}

export interface EstimateSource {
  readonly name: string
  /** ISO date of the source. */
  readonly date: string
  /** Nobody measured it: the project's own judgement. */
  readonly isJudgement: boolean
}

/** What stands behind an open port: a product or a kind of service that gangs of miners look for. */
export interface Door {
  readonly id: string
  readonly title: string
  /**
   * `open-control` runs what a stranger asks for, `open-data` gives him data, both without a password unless
   * somebody set one; `exploited` has holes that are used in the wild; `login` is guessed at; `service` is none of these.
   */
  readonly kind: 'open-control' | 'open-data' | 'exploited' | 'login' | 'service'
  /** What it is, in plain words. */
  readonly what: string
  readonly fix: string
  readonly ports: readonly { readonly port: number; readonly protocol: 'tcp' | 'udp' }[]
  /** Names of its processes, as `ss` shows them. */
  readonly processes: readonly string[]
  /** Parts of names of its container images. */
  readonly images: readonly string[]
  /** Names of its packages. */
  readonly packages: readonly string[]
  readonly gangs: readonly { readonly name: string; readonly source: string }[]
  /** Exploited in the wild, the one that became known last first, with the ISO date on which that was known. */
  readonly cves: readonly { readonly id: string; readonly known: string }[]
  /** How fast exposed ones were taken. */
  readonly taken: { readonly text: string; readonly source: string; readonly date: string } | null
  /** Chance that somebody comes in within 30 days where the whole internet reaches it, it listens and it is that product. */
  readonly chance: Estimate
}

/** Something else than an open port that lets somebody in, or makes it dearer. */
export interface CheckEntry {
  readonly id: string
  /** `chance`: of a way in within 30 days; `share`: of the money at risk in the same account. */
  readonly kind: 'chance' | 'share'
  readonly value: Estimate
  readonly severity: 'info' | 'low' | 'medium' | 'high' | 'critical'
}

export interface DoorCatalogue {
  readonly doors: readonly Door[]
  /** The entry for what no other describes. */
  readonly other: Door
  door(id: string): Door | null
  /** Doors whose product uses this port by default. */
  byPort(port: number, protocol: string): readonly Door[]
  /** Doors whose process is called so. */
  byProcess(name: string): readonly Door[]
  /** Doors whose container image is called so. */
  byImage(image: string): readonly Door[]
  /** Throws on an id that the table does not hold: a slip in the program. */
  factor(id: string): Estimate
  check(id: string): CheckEntry
}

type EstimateRow = readonly [low: number, mid: number, high: number, source: number]

interface DoorTable {
  readonly sources: readonly { id: string; source: string; licence: string; date: string; how: string }[]
  readonly doors: readonly {
    id: string
    title: string
    kind: Door['kind']
    what: string
    fix: string
    ports: readonly [number, 'tcp' | 'udp'][]
    processes: readonly string[]
    images: readonly string[]
    packages: readonly string[]
    gangs: readonly [name: string, source: number][]
    cves: readonly [id: string, known: string][]
    taken: readonly [text: string, source: number] | null
    chance: EstimateRow
  }[]
  readonly factors: Readonly<Record<string, EstimateRow>>
  readonly checks: readonly {
    id: string
    kind: CheckEntry['kind']
    value: EstimateRow
    severity: CheckEntry['severity']
  }[]
}

/** Whose estimates are judgement. */
const OWN = 'project'
/** Of which every vulnerability is. */
const EXPLOITED = 'kev'

/** The catalogue that ships with Davylamp. */
export function loadDoors(): DoorCatalogue {
  const table = readTable()
  const sourceName = (index: number): string => table.sources[index]?.source ?? ''
  const estimate = ([low, mid, high, source]: EstimateRow): Estimate => ({
    low,
    mid,
    high,
    source: {
      name: sourceName(source),
      date: table.sources[source]?.date ?? '',
      isJudgement: table.sources[source]?.id === OWN,
    },
  })
  const doors: Door[] = table.doors.map((row) => ({
    ...row,
    ports: row.ports.map(([port, protocol]) => ({ port, protocol })),
    gangs: row.gangs.map(([name, source]) => ({ name, source: sourceName(source) })),
    cves: row.cves.map(([id, known]) => ({ id, known })),
    taken:
      row.taken === null
        ? null
        : {
            text: row.taken[0],
            source: sourceName(row.taken[1]),
            date: table.sources[row.taken[1]]?.date ?? '',
          },
    chance: estimate(row.chance),
  }))
  const byId = new Map(doors.map((door) => [door.id, door]))
  const checks = new Map(table.checks.map((row) => [row.id, { ...row, value: estimate(row.value) }]))
  const factors = new Map(Object.entries(table.factors).map(([id, row]) => [id, estimate(row)]))
  const byPort = grouped(doors, (door) => door.ports.map(({ port, protocol }) => `${port}/${protocol}`))
  const byProcess = grouped(doors, (door) => door.processes.map((name) => name.toLowerCase()))
  return {
    doors,
    other: known(byId, 'other'),
    door: (id) => byId.get(id) ?? null,
    byPort: (port, protocol) => byPort.get(`${port}/${protocol}`) ?? NONE,
    byProcess: (name) => byProcess.get(name.toLowerCase()) ?? NONE,
    byImage: (image) => doors.filter((door) => isImageOf(image, door)),
    factor: (id) => known(factors, id),
    check: (id) => known(checks, id),
  }
}

/**
 * For `docs/data-sources.md`: the list of exploited vulnerabilities, and the project's own table of facts out of
 * public reports, each named beside its row, and of judgement.
 */
export function doorSources(): {
  source: string
  licence: string
  date: string
  how: string
  entries: number
}[] {
  const { sources, doors, factors, checks } = readTable()
  const list = known(new Map(sources.map((one) => [one.id, one])), EXPLOITED)
  const own = known(new Map(sources.map((one) => [one.id, one])), OWN)
  const exploited = doors.reduce((so, { cves }) => so + cves.length, 0)
  const reports = `${sources.length - 2} public reports, named in each row, and the project's judgement where there is none`
  return [
    { source: list.source, licence: list.licence, date: list.date, how: list.how, entries: exploited },
    {
      source: reports,
      licence: own.licence,
      date: own.date,
      how: own.how,
      entries: doors.length + Object.keys(factors).length + checks.length,
    },
  ]
}

const NONE: readonly Door[] = Object.freeze([])

function readTable(): DoorTable {
  return JSON.parse(readFileSync(new URL('./data/doors.json', import.meta.url), 'utf8'))
}

function known<T>(table: ReadonlyMap<string, T>, id: string): T {
  const entry = table.get(id)
  if (entry === undefined) throw new Error(`doors.json has no ${id}`)
  return entry
}

function grouped(doors: readonly Door[], keysOf: (door: Door) => string[]): ReadonlyMap<string, Door[]> {
  const groups = new Map<string, Door[]>()
  for (const door of doors) {
    for (const key of new Set(keysOf(door))) groups.set(key, [...(groups.get(key) ?? []), door])
  }
  return groups
}

const MAX_IMAGE = 512

/** `registry/team/redis:7` is an image of `redis`: a part of the path, or its beginning up to `-`, `:` or `@`. */
function isImageOf(image: string, door: Door): boolean {
  if (image.length > MAX_IMAGE) return false
  const path = `/${image.toLowerCase()}`
  return door.images.some((name) => {
    const at = path.indexOf(`/${name}`)
    return at >= 0 && /^(?:$|[-:@/_.])/u.test(path.slice(at + 1 + name.length))
  })
}
