import type { Event, EventKind } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'

export type CoverageKind = 'network' | 'login' | 'process'

const KIND_OF: Readonly<Record<EventKind, CoverageKind>> = {
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
}

const HOUR_MS = 3600_000
/** Machines remembered; hours remembered per machine and kind (a bit over two years). */
const MAX_KEYS = 100_000
const MAX_HOURS = 20_000

interface Span {
  from: number
  to: number
  readonly hours: Set<number>
}

/** From when to when, without a gap of an hour or more. */
export interface CoveredRange {
  readonly from: number
  readonly to: number
}

/** Which kinds of evidence there are for which machine and hour. */
export class Coverage {
  private readonly spans = new Map<string, Span>()

  observe(event: Event): void {
    const kind = KIND_OF[event.kind]
    if (event.kind === 'flow') {
      this.cover(identifier('ip', event.srcIp), kind, event.start, event.time)
      this.cover(identifier('ip', event.dstIp), kind, event.start, event.time)
    } else {
      this.cover(event.observer, kind, event.time, event.time)
    }
  }

  /** Ranges for a machine known by several identifiers. */
  rangesOf(ids: readonly Identifier[], kind: CoverageKind): CoveredRange[] {
    const spans = ids.map((id) => this.spans.get(`${kind}|${id}`)).filter((span) => span !== undefined)
    if (spans.length === 0) return []
    const hours = new Set(spans.flatMap((span) => [...span.hours]))
    const first = Math.min(...spans.map((span) => span.from))
    const last = Math.max(...spans.map((span) => span.to))
    return ranges([...hours].toSorted((a, b) => a - b)).map(({ from, to }) => ({
      from: Math.max(from, first),
      to: Math.min(to, last),
    }))
  }

  /** Identifiers with network coverage that pass `isWanted`. */
  *addresses(isWanted: (ip: string) => boolean): Iterable<Identifier> {
    for (const key of this.spans.keys()) {
      if (!key.startsWith('network|ip:')) continue
      const ip = key.slice('network|ip:'.length)
      if (isWanted(ip)) yield identifier('ip', ip)
    }
  }

  private cover(id: Identifier, kind: CoverageKind, from: number, to: number): void {
    const key = `${kind}|${id}`
    let span = this.spans.get(key)
    if (span === undefined) {
      if (this.spans.size >= MAX_KEYS) return
      span = { from, to, hours: new Set() }
      this.spans.set(key, span)
    }
    if (from < span.from) span.from = from
    if (to > span.to) span.to = to
    const lastHour = Math.floor(to / HOUR_MS)
    for (let hour = Math.floor(from / HOUR_MS); hour <= lastHour && span.hours.size < MAX_HOURS; hour++)
      span.hours.add(hour)
  }
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
