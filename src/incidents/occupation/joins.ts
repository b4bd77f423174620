import { shortWallet } from './wallet.ts'
import type { Doer, Trace } from './trace.ts'

/** Why two traces are taken for the same hands. */
export interface Join {
  readonly a: Trace
  readonly b: Trace
  /** 0 to 1: how surely. */
  readonly strength: number
  /** In plain words. */
  readonly why: string
}

/** Proof of this strength holds even between two who work for different wallets. */
export const SURE = 0.9
/** A process number means the same hands for so long at most: a server's works for whoever speaks to it. */
const PID_MS = 10 * 60_000
/** What one process starts belongs together when it starts it within this: a server is everybody's parent. */
const SIBLINGS_MS = 60_000

/** All that joins traces, the surest first. */
export function joinsOf(traces: readonly Trace[]): Join[] {
  const joins = [
    ...byKey(
      traces,
      1,
      ({ wallet }) => one(wallet),
      (wallet) => `both work for ${shortWallet(wallet)}`,
    ),
    ...byKey(
      traces,
      0.95,
      ({ sessions }) => sessions,
      (session) => `done in one login session (${session})`,
    ),
    ...families(traces),
    ...byKey(
      traces,
      0.85,
      ({ files }) => files,
      (file) => `both use ${file}`,
    ),
    ...byKey(
      traces,
      0.8,
      ({ folders }) => folders,
      (folder) => `both use the folder ${folder}`,
    ),
    ...byKey(
      traces,
      0.8,
      ({ hosts }) => hosts,
      (host) => `both come from ${host}`,
    ),
  ]
  return joins.toSorted((a, b) => b.strength - a.strength || a.a.from - b.a.from || a.b.from - b.b.from)
}

function one<T>(value: T | null): T[] {
  return value === null ? [] : [value]
}

/** Chains: each trace with the one before that has the same key. */
function byKey(
  traces: readonly Trace[],
  strength: number,
  keysOf: (trace: Trace) => readonly string[],
  why: (key: string) => string,
): Join[] {
  const last = new Map<string, Trace>()
  const joins: Join[] = []
  for (const trace of traces) {
    for (const key of keysOf(trace)) {
      const before = last.get(key)
      if (before !== undefined && before !== trace)
        joins.push({ a: before, b: trace, strength, why: why(key) })
      last.set(key, trace)
    }
  }
  return joins
}

/** One process, or one that started the other, or two that one process started. */
function families(traces: readonly Trace[]): Join[] {
  const joins: Join[] = []
  const byPid = new Map<number, Deed[]>()
  const byParent = new Map<number, Deed>()
  const deeds = traces
    .flatMap((trace) => trace.doers.map((doer) => ({ trace, doer })))
    .toSorted((a, b) => a.doer.from - b.doer.from)
  for (const deed of deeds) {
    const { trace, doer } = deed
    const known = byPid.get(doer.pid) ?? []
    byPid.set(doer.pid, known)
    const same = known.findLast((other) => isNear(other.doer, doer, PID_MS))?.trace
    if (same !== undefined && same !== trace)
      joins.push({ a: same, b: trace, strength: 0.9, why: `done by process ${doer.pid}` })
    known.push(deed)
  }
  for (const deed of deeds) {
    const { trace, doer } = deed
    const { parent } = doer
    if (parent === null) continue
    const starter = byPid
      .get(parent)
      ?.find((other) => other.trace !== trace && isNear(other.doer, doer, PID_MS))
    if (starter !== undefined)
      joins.push({ a: starter.trace, b: trace, strength: 0.9, why: `started by process ${parent}` })
    const sibling = byParent.get(parent)
    if (
      sibling !== undefined &&
      sibling.trace !== trace &&
      Math.abs(sibling.doer.from - doer.from) <= SIBLINGS_MS
    )
      joins.push({ a: sibling.trace, b: trace, strength: 0.85, why: `both started by process ${parent}` })
    byParent.set(parent, deed)
  }
  return joins
}

interface Deed {
  readonly trace: Trace
  readonly doer: Doer
}

function isNear(a: Doer, b: Doer, withinMs: number): boolean {
  return a.from - b.to <= withinMs && b.from - a.to <= withinMs
}
