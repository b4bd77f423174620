import { highest, lowest } from '../extremes.ts'
import type { Event, EventKind, EventOf } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'
import type { Sight, Sighting } from '../story/sight.ts'
import { Vantage } from './vantage.ts'

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
  /** The way of looking that was noted last: most events repeat it. */
  sight: Sight | null
  readonly sights: Set<Sight>
  ran: number
  unseen: number
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

  private readonly vantage = new Vantage()

  observe(event: Event): void {
    if (event.kind === 'flow') {
      const { srcIp, dstIp, start, time, origin } = event
      const isCapture = origin.source === CAPTURE
      const sight = isCapture ? 'capture-aside' : 'flows'
      note(this.cover('network', srcIp, start, time), sight)
      note(this.cover('network', dstIp, start, time), sight)
      if (!isCapture) return
      this.cover('capture', srcIp, start, time)
      this.cover('capture', dstIp, start, time)
      this.vantage.observe(srcIp, dstIp, origin.file)
      return
    }
    const isLook = event.origin.source === LOOK
    const kind = isLook ? 'snapshot' : KIND_OF[event.kind]
    if (kind === null || !isWatch(kind, event)) return
    const key = kind === 'network' ? addressOf(event.observer) : event.observer
    const span = this.cover(kind, key, event.time, event.time)
    note(span, isLook ? (isFromOutside(event) ? 'look-outside' : 'look') : sightOf(kind, event))
    if (span !== null && event.kind === 'process' && event.action === 'running') look(span, event)
  }

  /** What was seen of a machine known by several identifiers, and the captures taken where its traffic passes. */
  sightingOf(
    ids: readonly Identifier[],
  ): Omit<Sighting, 'capturedMs'> & { readonly files: readonly string[] } {
    const sights = new Set<Sight>()
    const files = new Set<string>()
    let ran = 0
    let unseen = 0
    for (const id of ids) {
      for (const kind of ['network', 'login', 'process', 'snapshot', 'load'] as const) {
        const span = this.spans[kind].get(kind === 'network' ? addressOf(id) : id)
        if (span === undefined) continue
        for (const sight of span.sights) sights.add(sight)
        ran += span.ran
        unseen += span.unseen
      }
      for (const file of this.vantage.filesOf(addressOf(id))) files.add(file)
    }
    if (files.size > 0) {
      sights.delete('capture-aside')
      sights.add('capture')
    }
    return { sights, ran, unseen, files: [...files] }
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

  private cover(kind: CoverageKind, key: string, from: number, to: number): Span | null {
    const spans = this.spans[kind]
    let span = spans.get(key)
    if (span === undefined) {
      if (spans.size >= MAX_KEYS) return null
      span = {
        from,
        to,
        hour: Number.NaN,
        hours: new Set(),
        sight: null,
        sights: new Set(),
        ran: 0,
        unseen: 0,
      }
      spans.set(key, span)
    }
    if (from < span.from) span.from = from
    if (to > span.to) span.to = to
    const lastHour = Math.floor(to / HOUR_MS)
    let hour = Math.floor(from / HOUR_MS)
    if (hour === lastHour && hour === span.hour) return span
    for (; hour <= lastHour && span.hours.size < MAX_HOURS; hour++) span.hours.add(hour)
    span.hour = lastHour
    return span
  }
}

/** The source whose flows come with what was said. */
export const CAPTURE = 'pcap'

function isByAddress(kind: CoverageKind): boolean {
  return kind === 'network' || kind === 'capture'
}

function note(span: Span | null, sight: Sight | null): void {
  if (span === null || sight === null || span.sight === sight) return
  span.sight = sight
  span.sights.add(sight)
}

/** By what an event shows of the machine; of a capture its flows tell, since they show where it was taken. */
function sightOf(kind: CoverageKind, event: Event): Sight | null {
  switch (kind) {
    case 'network':
      return event.origin.source === CAPTURE ? null : 'names'
    case 'login':
    case 'load':
      return kind
    case 'process':
      if (event.kind !== 'process') return 'changes'
      // Where nobody knows its number somebody has typed it, or a program has said so.
      if (event.actor.pid === null) return 'typed'
      return event.action === 'running' ? 'look' : event.action === 'exec' ? 'starts' : 'changes'
    default:
      return null
  }
}

/** Who looked was shown the processes of one user alone. */
function isFromOutside(event: Event): boolean {
  return event.kind === 'resource' && event.attributes['areOthersHidden'] === true
}

/** Counts a program that runs; threads of the kernel have none. */
function look(span: Span, { running, paths, commandLine }: EventOf<'process'>): void {
  if (running?.isKernelThread === true) return
  // Of other sources: a program that has arguments has a file.
  const isUnseen = running === undefined ? paths.length === 0 : running.exeState === 'unseen'
  if (running === undefined && isUnseen && commandLine === '') return
  span.ran++
  if (isUnseen) span.unseen++
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
