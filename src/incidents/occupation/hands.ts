import { lowest } from '../../extremes.ts'
import type { Finding } from '../../event/finding.ts'
import { basename } from './names.ts'
import { type Join, joinsOf, SURE } from './joins.ts'
import { isMining, type Trace } from './trace.ts'

/** Traces of the same hands, and why they are taken for that. */
export interface Hands {
  readonly traces: Trace[]
  readonly whys: { readonly strength: number; readonly why: string }[]
}

/**
 * Traces that belong together. The surest joins count first; a weaker one does not join two who work for
 * different wallets, nor one with whom it turned against.
 */
export function handsOf(traces: readonly Trace[]): Hands[] {
  const ordered = traces.toSorted((a, b) => a.from - b.from || a.to - b.to)
  const groups = new Map<Trace, Hands>(ordered.map((trace) => [trace, { traces: [trace], whys: [] }]))
  for (const join of joinsOf(ordered)) unite(groups, join)
  for (const join of poolJoins(ordered)) unite(groups, join)
  joinWorks(groups)
  for (const join of jobsOf(new Set(groups.values()))) unite(groups, join)
  for (const join of entriesOf(new Set(groups.values()))) unite(groups, join)
  return [...new Set(groups.values())].toSorted((a, b) => startOf(a) - startOf(b))
}

/** Gives false where something speaks against it. */
function unite(groups: Map<Trace, Hands>, { a, b, strength, why }: Join): boolean {
  const [ours, theirs] = [groups.get(a), groups.get(b)]
  if (ours === undefined || theirs === undefined || ours === theirs) return false
  if (strength < SURE && (haveOtherWallets(ours, theirs) || areEnemies(ours, theirs))) return false
  if (strength < 1 && haveOtherWallets(ours, theirs) && areEnemies(ours, theirs)) return false
  ours.traces.push(...theirs.traces)
  ours.whys.push(...theirs.whys, { strength, why })
  for (const trace of theirs.traces) groups.set(trace, ours)
  return true
}

export function walletsOf({ traces }: Hands): string[] {
  return [...new Set(traces.map(({ wallet }) => wallet).filter((wallet) => wallet !== null))]
}

export function findingsOf({ traces }: Hands): Finding[] {
  return traces.map(({ finding }) => finding).filter((finding) => finding !== null)
}

/** Whether they are known to work for different wallets. */
export function haveOtherWallets(a: Hands, b: Hands): boolean {
  const [ours, theirs] = [walletsOf(a), walletsOf(b)]
  return ours.length > 0 && theirs.length > 0 && !ours.some((wallet) => theirs.includes(wallet))
}

export function areEnemies(a: Hands, b: Hands): boolean {
  return isAgainst(a, b) || isAgainst(b, a)
}

/** Whether one did something against a file or a program of the other's. */
export function isAgainst(one: Hands, other: Hands): boolean {
  const targets = new Set(one.traces.flatMap((trace) => trace.targets))
  if (targets.size === 0) return false
  return other.traces.some(({ files }) =>
    files.some((file) => targets.has(file.toLowerCase()) || targets.has(basename(file).toLowerCase())),
  )
}

function startOf({ traces }: Hands): number {
  return lowest(traces.map(({ from }) => from))
}

/** Who starts a miner for a pool and who is seen at that pool, where only one wallet mines there. */
function poolJoins(traces: readonly Trace[]): Join[] {
  const at = new Map<string, Trace[]>()
  for (const trace of traces) {
    for (const pool of trace.pools) at.set(pool, [...(at.get(pool) ?? []), trace])
  }
  return [...at].flatMap(([pool, found]) => {
    const wallets = new Set(found.map(({ wallet }) => wallet).filter((wallet) => wallet !== null))
    const [a, ...others] = found
    // Where several programs dialled, whose work is whose is told by the program.
    const dialled = found.filter(
      ({ doers, finding }) => finding !== null && isMining(finding) && doers.length > 0,
    )
    if (a === undefined || wallets.size > 1 || dialled.length > 1) return []
    return others.map((b) => ({ a, b, strength: 0.75, why: `both mine at ${pool}` }))
  })
}

/** A miner's first words on the wire come so soon after its start. */
const FIRST_WORDS_MS = 3 * 60_000
/** Clocks of two witnesses may differ by so much. */
const CLOCK_MS = 5000
/** Two witnesses of one beginning may be so far apart: a capture by the machine's clock, a flow log by another. */
const WITNESSES_MS = 60_000
/** What may start a miner. */
const STARTERS = new Set(['mining', 'foothold', 'persistence', 'takeover'])

/**
 * Dialogues on the wire know no process: they belong to whoever started something moments before they
 * began, again and again, and to one only.
 */
function joinWorks(groups: Map<Trace, Hands>): void {
  const all = [...new Set(groups.values())]
  const dialogues = all.filter(isOnWireOnly)
  const starters = all.filter((hands) => !isOnWireOnly(hands) && hands.traces.some(isStarter))
  const likely = dialogues.flatMap((wire) =>
    starters.flatMap((starter) => {
      const waits = waitsOf(wire, starter)
      const [a, b] = [starter.traces[0], wire.traces[0]]
      if (waits.length === 0 || a === undefined || b === undefined) return []
      const first = lowest(beginningsOf(wire))
      const startsIt = waits.some(({ at }) => at <= first + WITNESSES_MS)
      return [
        { wire, a, b, startsIt, count: waits.length, waitMs: lowest(waits.map(({ ms }) => Math.abs(ms))) },
      ]
    }),
  )
  // Whoever was there when it first began is the owner; others may have been at work when it came back.
  likely.sort((a, b) => Number(b.startsIt) - Number(a.startsIt) || b.count - a.count || a.waitMs - b.waitMs)
  const done = new Set<Hands>()
  for (const { wire, a, b, waitMs } of likely) {
    if (done.has(wire)) continue
    const why = `its mining began on the wire ${Math.round(waitMs / 1000)} s after it was started`
    if (unite(groups, { a, b, strength: 0.7, why })) done.add(wire)
  }
}

function isOnWireOnly({ traces }: Hands): boolean {
  return traces.every(({ finding }) => finding !== null && isMining(finding))
}

export function isStarter({ finding }: Trace): boolean {
  return finding !== null && STARTERS.has(finding.stage)
}

/** When it may have started something: a fight at its end, all else whenever it was seen. */
export function startsOf({ from, to, finding }: Trace): number[] {
  if (finding?.stage === 'takeover') return [to]
  // What folds the deeds of anybody is these hands' the first time only.
  if (finding?.rule !== undefined || finding?.stage === 'persistence') return [from]
  return [from, ...(finding?.evidence.map(({ time }) => time) ?? [])]
}

/** How long each dialogue began after something that may have started it, ms. */
function waitsOf(wire: Hands, starter: Hands): { readonly at: number; readonly ms: number }[] {
  const starts = starter.traces.filter(isStarter).flatMap(startsOf)
  return beginningsOf(wire).flatMap((at) => {
    const waits = starts
      .map((start) => at - start)
      .filter((wait) => wait >= -CLOCK_MS && wait <= FIRST_WORDS_MS)
    const nearest = waits.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0]
    return nearest === undefined ? [] : [{ at, ms: nearest }]
  })
}

function beginningsOf({ traces }: Hands): number[] {
  return traces.flatMap(({ finding, from }) => {
    if (finding === null || !isMining(finding)) return []
    const { spans = [] } = finding.facts
    return spans.length === 0 ? [from] : spans.map((span) => span.from)
  })
}

/** A job that was written runs within this. */
const JOB_MS = 65 * 60_000
const MINUTE_MS = 60_000
const JOBS = new Set(['cron', 'at-job', 'systemd'])

/** What begins in a session that no login opened is a job: of whoever wrote one last before. */
function jobsOf(groups: ReadonlySet<Hands>): Join[] {
  const writers = [...groups].flatMap((hands) =>
    hands.traces.filter(isJobWritten).map((trace) => ({ hands, trace })),
  )
  return [...groups].flatMap((hands) => {
    const first = hands.traces.find(({ finding }) => finding !== null && !isMining(finding))
    if (first === undefined || first.isUnattended || hands.traces.some(({ wayIn }) => wayIn !== null))
      return []
    const [writer] = writers
      .filter(
        ({ hands: other, trace }) =>
          other !== hands && trace.from < first.from && first.from - trace.from <= JOB_MS,
      )
      .toSorted((a, b) => b.trace.from - a.trace.from)
    if (writer === undefined) return []
    const minutes = Math.max(1, Math.round((first.from - writer.trace.from) / MINUTE_MS))
    return [
      {
        a: writer.trace,
        b: first,
        strength: 0.65,
        why: `began as a job, ${minutes} min after one was written`,
      },
    ]
  })
}

function isJobWritten({ finding, isUnattended }: Trace): boolean {
  if (finding === null || finding.facts.type !== 'host' || finding.stage !== 'persistence') return false
  return JOBS.has(finding.facts.what) || (finding.rule !== undefined && isUnattended)
}

/** A login comes so soon before what it was for. */
const ENTRY_MS = 10 * 60_000

/** A login that opened no session in evidence is whose steps follow it first. */
function entriesOf(groups: ReadonlySet<Hands>): Join[] {
  const logins = [...groups].filter(({ traces }) => traces.every(({ wayIn }) => wayIn !== null))
  const others = [...groups].filter((hands) => !logins.includes(hands))
  return logins.flatMap((login) => {
    const a = login.traces[0]
    if (a === undefined) return []
    const next = others
      .filter((hands) => startOf(hands) >= a.from - CLOCK_MS && startOf(hands) - a.from <= ENTRY_MS)
      .toSorted((one, other) => startOf(one) - startOf(other))[0]
    const b = next?.traces[0]
    const isAnotherNearer = logins.some(
      (other) => other !== login && startOf(other) > a.from && b !== undefined && startOf(other) <= b.from,
    )
    if (b === undefined || isAnotherNearer) return []
    return [{ a, b, strength: 0.6, why: `logged in shortly before` }]
  })
}
