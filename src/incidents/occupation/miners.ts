import { highest, lowest } from '../../extremes.ts'
import type { Connector } from '../connectors.ts'
import { isOwnFile, ownFolder } from './places.ts'
import { spansOf, type Stretch } from './tenures.ts'
import { isMining, type Trace } from './trace.ts'

/** A connection's first words come so soon after it was made; clocks of two witnesses may differ by as much. */
const NEAR_MS = 5000
/** Two connections to one pool that began so close together cannot be told apart. */
const APART_MS = 250

export type ConnectorsTo = (ip: string, port: number) => readonly Connector[]

/**
 * The traces, those of mining on the wire with the processes whose connections they are. What nobody can read goes to one
 * endpoint and is told as one; where several programs dialled it, it becomes a trace of each.
 */
export function withMiners(traces: readonly Trace[], connectorsTo: ConnectorsTo): Trace[] {
  const owners = new Map<Trace, Connector[]>()
  const atPool = Map.groupBy(traces.filter(isOnWire), poolOf)
  for (const mining of atPool.values()) {
    const facts = mining[0]?.finding?.facts
    if (facts?.type !== 'mining') continue
    const works = [...Map.groupBy(mining, ({ wallet }) => wallet).values()]
    for (const connector of connectorsTo(facts.pool.ip, facts.pool.port))
      for (const trace of ownersOf(connector, works))
        owners.set(trace, [...(owners.get(trace) ?? []), connector])
  }
  return traces.flatMap((trace) => byProgram(trace, owners.get(trace) ?? []))
}

function isOnWire({ finding }: Trace): boolean {
  return finding !== null && isMining(finding)
}

function poolOf({ finding }: Trace): string {
  return finding?.facts.type === 'mining' ? `${finding.facts.pool.ip} ${finding.facts.pool.port}` : ''
}

/** Of works for one wallet each, the one that began when it connected; none where that could be several's, or nobody's. */
function ownersOf({ time }: Connector, works: readonly (readonly Trace[])[]): readonly Trace[] {
  const [nearest, next] = works
    .map((traces) => ({ traces, ms: lowest(traces.map((trace) => waitOf(trace, time))) }))
    .toSorted((a, b) => a.ms - b.ms)
  if (nearest === undefined || nearest.ms > NEAR_MS) return []
  return next !== undefined && next.ms - nearest.ms < APART_MS ? [] : nearest.traces
}

function waitOf({ finding }: Trace, time: number): number {
  if (finding === null) return Number.POSITIVE_INFINITY
  return lowest(spansOf(finding).map(({ from }) => Math.abs(from - time)))
}

function byProgram(trace: Trace, connectors: readonly Connector[]): Trace[] {
  const programs = Map.groupBy(connectors, ({ exe }) => exe)
  const { finding } = trace
  if (finding === null || trace.wallet !== null || programs.size < 2)
    return [withConnectors(trace, connectors)]
  const spans = Map.groupBy(spansOf(finding), (span) => dialledBy(span, connectors).exe)
  return [...programs].flatMap(([exe, theirs]) => {
    const own = spans.get(exe) ?? []
    return own.length === 0 ? [] : [withConnectors(during(trace, own), theirs)]
  })
}

/** Who connected when it began; else, for one that dials again, who had last. */
function dialledBy({ from }: Stretch, connectors: readonly Connector[]): Connector {
  const cost = ({ time }: Connector): number => {
    const ms = from - time
    return Math.abs(ms) <= NEAR_MS ? Math.abs(ms) : ms > 0 ? ms : Number.MAX_SAFE_INTEGER
  }
  return connectors.reduce((best, connector) => (cost(connector) < cost(best) ? connector : best))
}

/** Of that work only these times. */
function during(trace: Trace, spans: readonly Stretch[]): Trace {
  const { finding } = trace
  if (finding === null || !isMining(finding)) return trace
  const from = lowest(spans.map((span) => span.from))
  const to = highest(spans.map((span) => span.to))
  const told = spans.map((span) => ({ ...span, sharesAccepted: span.sharesAccepted ?? 0 }))
  const facts = { ...finding.facts, spans: told }
  const evidence = finding.evidence.filter(({ time }) =>
    spans.some((span) => time >= span.from - NEAR_MS && time <= span.to + NEAR_MS),
  )
  return { ...trace, from, to, finding: { ...finding, firstSeen: from, lastSeen: to, evidence, facts } }
}

function withConnectors(trace: Trace, connectors: readonly Connector[]): Trace {
  if (connectors.length === 0) return trace
  const files = connectors.flatMap(({ exe }) => (exe !== null && isOwnFile(exe) ? [exe] : []))
  const sessions = connectors.map(({ session }) => session).filter((session) => session !== null)
  return {
    ...trace,
    sessions: [...new Set([...trace.sessions, ...sessions])],
    doers: [
      ...trace.doers,
      ...connectors.map(({ pid, ppid, time }) => ({
        pid,
        parent: ppid === null || ppid <= 1 ? null : ppid,
        from: time,
        to: time,
      })),
    ],
    files: [...new Set([...trace.files, ...files])],
    folders: [...new Set([...trace.folders, ...files.map(ownFolder).filter((folder) => folder !== null)])],
  }
}
