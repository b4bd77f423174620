import { readFileSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import type { Event } from '../event/event.ts'
import { systemReason } from '../inputs/system-error.ts'
import { loadDoors } from '../intel/doors.ts'
import type { Intel } from '../intel/intel.ts'
import { readEvents } from '../pipeline/read-events.ts'
import type { Destination } from '../plan/control.ts'
import { buildSurface } from '../surface/build-surface.ts'
import { Surface, SURFACE_SCHEMA } from '../surface/document.ts'
import { addressSet } from '../policy/address-set.ts'
import { RecentMap } from '../recent-map.ts'
import type { Composition } from './composition.ts'
import type { CaseKeeper } from './keep-case.ts'
import { openEvidence, type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'
import { documentOf } from './surface.ts'
import { knownIncidents, SurfaceReading } from './surface-reading.ts'

/** What a plan is made from. */
export interface PlanBasis {
  readonly surface: Surface
  /** What machines were seen talking to, by asset. */
  readonly egress: ReadonlyMap<string, readonly Destination[]>
}

const MAX_DOCUMENT_BYTES = 512 * 1024 * 1024

/** One path that is the JSON of `davylamp surface`, or null. Throws `document-invalid` where it says it is and is not. */
export function surfaceDocument(paths: readonly string[]): Surface | null {
  const [file] = paths
  if (paths.length !== 1 || file === undefined || !/\.json$/iu.test(file)) return null
  const text = readText(file)
  if (!text.slice(0, 4096).includes(SURFACE_SCHEMA)) return null
  const read = Surface.safeParse(parsed(text, file))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new DavylampError(
    'document-invalid',
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    {
      hint: 'davylamp surface PATH… --format json --out surface.json makes one',
    },
  )
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file)
    return bytes.length > MAX_DOCUMENT_BYTES ? '' : bytes.toString('utf8')
  } catch (cause) {
    throw new DavylampError('document-invalid', `cannot read ${file}: ${systemReason(cause)}`, { cause })
  }
}

function parsed(text: string, file: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch (cause) {
    throw new DavylampError('document-invalid', `${file} is cut off or no JSON`, { cause })
  }
}

/** Reads a dump the way `davylamp surface` does, and beside it what machines talk to. */
export async function readDump(
  paths: readonly string[],
  options: ReadingOptions,
  composition: Composition,
  keeper: CaseKeeper | null,
): Promise<PlanBasis> {
  const now = Date.now()
  const evidence = await openEvidence(paths, options, composition, now)
  try {
    const reading = new SurfaceReading(null)
    const traffic = new Traffic(composition.intel)
    for await (const { events } of readEvents(evidence.reading)) {
      reading.add(events)
      traffic.add(events)
    }
    tellSkipped(evidence.skipped)
    tellProblems(evidence.reading.reports)
    const conclusion = buildSurface({
      ...reading.conclude(),
      incidents: keeper === null ? [] : await knownIncidents(keeper),
      catalogue: loadDoors(),
      intel: composition.intel,
      now,
    })
    const surface = documentOf(conclusion, evidence, null, now)
    return { surface, egress: traffic.byAsset(surface) }
  } finally {
    evidence.opened.close()
  }
}

const PRIVATE = addressSet(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'])
const MAX_SOURCES = 20_000
const MAX_DESTINATIONS = 2_000

/** Where connections went that machines opened; pools of miners and what talked Stratum are left out. */
class Traffic {
  readonly #intel: Intel
  readonly #seen = new RecentMap<Map<string, Destination>>(MAX_SOURCES)
  readonly #pools = new Set<string>()

  constructor(intel: Intel) {
    this.#intel = intel
  }

  add(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'stratum') this.#pools.add(`${event.dstIp} ${event.dstPort}`)
      if (event.kind !== 'flow' || event.isRejected === true || !PRIVATE(event.srcIp)) continue
      if (event.transport !== 'tcp' && event.transport !== 'udp') continue
      if ((event.behaviour?.miningProbability ?? 0) >= 0.5) continue
      const list = this.#seen.get(event.srcIp) ?? new Map<string, Destination>()
      if (list.size >= MAX_DESTINATIONS) continue
      list.set(`${event.transport} ${event.dstIp} ${event.dstPort}`, {
        address: event.dstIp,
        port: event.dstPort,
        protocol: event.transport,
      })
      this.#seen.set(event.srcIp, list)
    }
  }

  byAsset({ assets }: Surface): Map<string, Destination[]> {
    const egress = new Map<string, Destination[]>()
    for (const { id, addresses } of assets) {
      const list = addresses.flatMap((address) => [...(this.#seen.get(address)?.values() ?? [])])
      const own = list.filter(
        ({ address, port }) =>
          !this.#pools.has(`${address} ${port}`) && this.#intel.poolByAddress(address, port) === null,
      )
      if (own.length > 0) egress.set(id, own)
    }
    return egress
  }
}
