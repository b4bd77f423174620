import { lowest } from '../../extremes.ts'
import type { Connector } from '../connectors.ts'
import { isOwnFile, ownFolder } from './places.ts'
import { spansOf } from './tenures.ts'
import { isMining, type Trace } from './trace.ts'

/** A connection's first words come so soon after it was made; clocks of two witnesses may differ by as much. */
const NEAR_MS = 5000
/** Two connections to one pool that began so close together cannot be told apart. */
const APART_MS = 250

export type ConnectorsTo = (ip: string, port: number) => readonly Connector[]

/** The traces, those of mining on the wire with the processes whose connections they are. */
export function withMiners(traces: readonly Trace[], connectorsTo: ConnectorsTo): Trace[] {
  const owners = new Map<Trace, Connector[]>()
  const atPool = Map.groupBy(traces.filter(isOnWire), poolOf)
  for (const mining of atPool.values()) {
    const facts = mining[0]?.finding?.facts
    if (facts?.type !== 'mining') continue
    for (const connector of connectorsTo(facts.pool.ip, facts.pool.port)) {
      const owner = ownerOf(connector, mining)
      if (owner !== null) owners.set(owner, [...(owners.get(owner) ?? []), connector])
    }
  }
  return traces.map((trace) => withConnectors(trace, owners.get(trace) ?? []))
}

function isOnWire({ finding }: Trace): boolean {
  return finding !== null && isMining(finding)
}

function poolOf({ finding }: Trace): string {
  return finding?.facts.type === 'mining' ? `${finding.facts.pool.ip} ${finding.facts.pool.port}` : ''
}

/** Whose work began when it connected; null where that could be several's, or nobody's. */
function ownerOf({ time }: Connector, mining: readonly Trace[]): Trace | null {
  const [nearest, next] = mining
    .map((trace) => ({ trace, ms: waitOf(trace, time) }))
    .toSorted((a, b) => a.ms - b.ms)
  if (nearest === undefined || nearest.ms > NEAR_MS) return null
  return next !== undefined && next.ms - nearest.ms < APART_MS ? null : nearest.trace
}

function waitOf({ finding }: Trace, time: number): number {
  if (finding === null) return Number.POSITIVE_INFINITY
  return lowest(spansOf(finding).map(({ from }) => Math.abs(from - time)))
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
