import { highest, lowest } from '../extremes.ts'
import type { Event, EventKind } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'

export type CoverageKind = 'network' | 'login' | 'process' | 'cloud' | 'snapshot' | 'load' | 'capture'

/** Null: what another judge says covers nothing. */
const KIND_OF: Readonly<Record<EventKind, CoverageKind | null>> = {
  flow: 'network',
  stratum: 'network',
  dns: 'network',
  auth: 'login',
  session: 'login',
  process: 'process',
  file: 'process',
  socket: 'process',
  account: 'process',
  service: 'process',
  http: 'network',
  tls: 'network',
  'cloud-api': 'cloud',
  alert: null,
  'rule-match': null,
  resource: null,
  cpu: 'load',
  metric: 'load',
  cost: null,
  mount: null,
  module: null,
}

const HOUR_MS = 3600_000
/** Machines remembered per kind; hours remembered per machine and kind (a bit over two years). */
const MAX_KEYS = 100_000
const MAX_HOURS = 20_000

interface Span {
  from: number
  to: number
  /** The hour that was noted last: most events fall into it. */
  hour: number
  readonly hours: Set<number>
}

/** From when to when, without a gap of an hour or more. */
export interface CoveredRange {
  readonly from: number
  readonly to: number
}

/** Which kinds of evidence there are for which machine and hour. */
export class Coverage {
  /** By identifier; of `network` by bare address, so that a flow needs no new text for its two ends. */
  private readonly spans: Readonly<Record<CoverageKind, Map<string, Span>>> = {
    network: new Map(),
    login: new Map(),
    process: new Map(),
    cloud: new Map(),
    snapshot: new Map(),
    load: new Map(),
    capture: new Map(),
  }

  observe(event: Event): void {
    if (event.kind === 'flow') {
      this.cover('network', event.srcIp, event.start, event.time)
      this.cover('network', event.dstIp, event.start, event.time)
      if (event.origin.source !== CAPTURE) return
      this.cover('capture', event.srcIp, event.start, event.time)
      this.cover('capture', event.dstIp, event.start, event.time)
      return
    }
    const kind = event.origin.source === LOOK ? 'snapshot' : KIND_OF[event.kind]
    if (kind === null || !isWatch(kind, event)) return
    const key = kind === 'network' ? addressOf(event.observer) : event.observer
    this.cover(kind, key, event.time, event.time)
  }

  /** Ranges for a machine known by several identifiers. */
  rangesOf(ids: readonly Identifier[], kind: CoverageKind): CoveredRange[] {
    const spans = ids
      .map((id) => this.spans[kind].get(isByAddress(kind) ? addressOf(id) : id))
      .filter((span) => span !== undefined)
    if (spans.length === 0) return []
    const hours = new Set(spans.flatMap((span) => [...span.hours]))
    const first = lowest(spans.map((span) => span.from))
    const last = highest(spans.map((span) => span.to))
    return ranges([...hours].toSorted((a, b) => a - b)).map(({ from, to }) => ({
      from: Math.max(from, first),
      to: Math.min(to, last),
    }))
  }

  /** Identifiers with network coverage that pass `isWanted`. */
  *addresses(isWanted: (ip: string) => boolean): Iterable<Identifier> {
    for (const ip of this.spans.network.keys()) if (isWanted(ip)) yield identifier('ip', ip)
  }

  private cover(kind: CoverageKind, key: string, from: number, to: number): void {
    const spans = this.spans[kind]
    let span = spans.get(key)
    if (span === undefined) {
      if (spans.size >= MAX_KEYS) return
      span = { from, to, hour: Number.NaN, hours: new Set() }
      spans.set(key, span)
    }
    if (from < span.from) span.from = from
    if (to > span.to) span.to = to
    const lastHour = Math.floor(to / HOUR_MS)
    let hour = Math.floor(from / HOUR_MS)
    if (hour === lastHour && hour === span.hour) return
    for (; hour <= lastHour && span.hours.size < MAX_HOURS; hour++) span.hours.add(hour)
    span.hour = lastHour
  }
}

/** The source whose flows come with what was said. */
export const CAPTURE = 'pcap'

function isByAddress(kind: CoverageKind): boolean {
  return kind === 'network' || kind === 'capture'
}

/** Who looks once and goes again: what it does not show may have been there before or after. */
const LOOK = 'host-state'

/** Sources of lines in which some programs tell what they started: cron, sudo. */
const LINE_SOURCES: ReadonlySet<string> = new Set(['syslog', 'journald'])

/** Whether it shows that somebody was watching: a server's own log is no capture, a line of cron no audit trail. */
function isWatch(kind: CoverageKind, event: Event): boolean {
  if (kind === 'network') return event.observer.startsWith('ip:')
  return kind !== 'process' || !LINE_SOURCES.has(event.origin.source)
}

/** `ip:10.0.3.17` as the bare address; what is no address stays as it is and is never asked for. */
function addressOf(id: Identifier): string {
  return id.startsWith('ip:') ? id.slice(3) : id
}

function ranges(hours: readonly number[]): CoveredRange[] {
  const found: { from: number; to: number }[] = []
  for (const hour of hours) {
    const last = found.at(-1)
    // A quiet hour between two busy ones is no gap in the evidence.
    if (last !== undefined && hour * HOUR_MS <= last.to + HOUR_MS) last.to = (hour + 1) * HOUR_MS
    else found.push({ from: hour * HOUR_MS, to: (hour + 1) * HOUR_MS })
  }
  return found
}
