import type { Finding, HostFacts, MiningFacts } from '../event/finding.ts'
import { formatNumber } from '../text/units.ts'

/** What several detectors saw of one act, told in one sentence. */
export interface Act {
  readonly text: string
  /** Epoch ms. */
  readonly time: number
  /** The first is the one that tells most. */
  readonly findings: readonly Finding[]
}

type HostFinding = Finding & { readonly facts: HostFacts }
type MiningFinding = Finding & { readonly facts: MiningFacts }

/** Steps this close to each other, of one kind, are one act. */
const TOGETHER_MS = 60_000
/** A miner takes so long at most from its start to its first words on the wire. */
const MINER_START_MS = 5 * 60_000
/** Clocks of two witnesses of one start may differ by so much. */
const CLOCK_MS = 5000
const MAX_PATHS = 6

/** Kinds that differ only in the file they touch, with the sentence for several files. */
const SEVERAL: Readonly<Record<string, string>> = {
  'log-wipe': 'Logs were wiped',
  'history-wipe': 'Shell histories were wiped',
  cron: 'Cron jobs were written',
  systemd: 'Systemd units were written by hand',
  'fetch-to-hiding-place': 'Files were fetched to hiding places',
}

/** Findings (in time order) as acts: each finding in one act, in time order. */
export function actsOf(findings: readonly Finding[]): Act[] {
  const left = new Set(findings)
  const acts: Act[] = []
  for (const finding of findings) {
    if (!left.has(finding)) continue
    const act =
      minerStart(finding, left, findings) ??
      keyChange(finding, left) ??
      several(finding, left) ??
      single(finding)
    for (const one of act.findings) left.delete(one)
    acts.push(act)
  }
  return acts.toSorted((a, b) => a.time - b.time)
}

function isHost(finding: Finding): finding is HostFinding {
  return finding.facts.type === 'host'
}

function isMining(finding: Finding): finding is MiningFinding {
  return finding.facts.type === 'mining'
}

function isStart(finding: Finding): finding is HostFinding {
  return isHost(finding) && ['dropper', 'fileless', 'miner-process'].includes(finding.facts.what)
}

function single(finding: Finding): Act {
  return {
    text: `${finding.title}${repeats(finding.count, finding)}`,
    time: timeOf(finding),
    findings: [finding],
  }
}

function timeOf(finding: Finding): number {
  return finding.stage === 'way-in' ? finding.lastSeen : finding.firstSeen
}

function repeats(count: number, finding: Finding): string {
  const isRepeated = count > 1 && isHost(finding) && finding.facts.what !== 'session'
  return isRepeated ? ` (${formatNumber(count)} times)` : ''
}

/** A program started, known for a miner by its command line, seen mining on the wire: one act, told by up to three detectors. */
function minerStart(finding: Finding, left: ReadonlySet<Finding>, all: readonly Finding[]): Act | null {
  if (!isStart(finding) && !isMining(finding)) return null
  const near = [...left].filter((one) => Math.abs(one.firstSeen - finding.firstSeen) <= MINER_START_MS)
  const miner = near
    .filter(isStart)
    .find((one) => one.facts.what === 'miner-process' && one.stage === 'mining')
  if (miner === undefined) return null
  const start = near.filter(isStart).find((one) => one !== miner && isSameStart(one, miner))
  const wire = near.filter(isMining).find((one) => isItsDialogue(one, miner))
  const connection = near
    .filter(isHost)
    .find(
      (one) => one.facts.what === 'pool-connection' && wire !== undefined && isPoolOf(wire, one.facts.remote),
    )
  const findings = [miner, start, wire, connection].filter((one) => one !== undefined)
  if (findings.length < 2 || !findings.includes(finding)) return null
  return {
    text: startText(miner, start, wire, all),
    time: Math.min(miner.firstSeen, start?.firstSeen ?? miner.firstSeen),
    findings: [wire, miner, start, connection].filter((one) => one !== undefined),
  }
}

function isSameStart(start: HostFinding, miner: HostFinding): boolean {
  const path = start.facts.path ?? start.facts.exe
  return (
    Math.abs(start.firstSeen - miner.firstSeen) <= CLOCK_MS &&
    path !== null &&
    (path === miner.facts.path || path === miner.facts.exe)
  )
}

function isItsDialogue(wire: MiningFinding, miner: HostFinding): boolean {
  const waited = wire.firstSeen - miner.firstSeen
  if (waited < -CLOCK_MS || waited > MINER_START_MS) return false
  return miner.facts.remote === null || isPoolOf(wire, miner.facts.remote)
}

/** Whether `host:port`, as a command line or a socket names it, is the pool of the dialogue. */
function isPoolOf(wire: MiningFinding, remote: string | null): boolean {
  if (remote === null) return false
  const { ip, port, name } = wire.facts.pool
  const bare = remote.replace(/^[a-z0-9+]+:\/\//iu, '')
  return (
    bare === `${ip}:${port}` || bare === `[${ip}]:${port}` || (name !== null && bare.startsWith(`${name}:`))
  )
}

function startText(
  miner: HostFinding,
  start: HostFinding | undefined,
  wire: MiningFinding | undefined,
  all: readonly Finding[],
): string {
  const program = start?.facts.path ?? miner.facts.path ?? miner.facts.exe ?? 'A program'
  const isFetchTold = all.some(
    (one) => isHost(one) && one.facts.what === 'fetch-to-hiding-place' && one.facts.path === program,
  )
  const source = isFetchTold ? null : (start?.facts.remote ?? null)
  const fetched = source === null ? '' : `, fetched from ${source},`
  const times = repeats(Math.max(miner.count, start?.count ?? 1), miner)
  if (wire === undefined) {
    const pool = miner.facts.remote === null ? '' : ` to ${miner.facts.remote}`
    return `${program}${fetched} was started as a miner${pool}${times}`
  }
  return `${program}${fetched} was started${times} and ${lower(wire.title)}`
}

function lower(title: string): string {
  return title === '' ? title : `${title[0]?.toLowerCase()}${title.slice(1)}`
}

/** Keys that were written, and the file locked behind them. */
function keyChange(finding: Finding, left: ReadonlySet<Finding>): Act | null {
  if (!isHost(finding) || finding.facts.what !== 'authorized-keys') return null
  const { path } = finding.facts
  const both = [...left]
    .filter(isHost)
    .filter(
      (one) => one.facts.what === 'authorized-keys' && one.facts.path === path && isTogether(one, finding),
    )
  const lock = both.find(isLock)
  const written = both.find((one) => !isLock(one))
  if (lock === undefined || written === undefined) return null
  const locked = LOCK.exec(lock.title)?.[1] ?? 'locked against changes'
  const [time, order] =
    lock.firstSeen < written.firstSeen ? [lock.firstSeen, 'before that'] : [written.firstSeen, 'then']
  return {
    text: `${written.title}; ${order} the file was ${locked}`,
    time,
    findings: [written, lock],
  }
}

/** `… was locked against changes`, `… was locked or unlocked against changes` where the trail does not tell which. */
const LOCK = / was ((?:un)?locked(?: or unlocked)? against changes)$/u

function isLock(finding: Finding): boolean {
  return LOCK.test(finding.title)
}

function isTogether(a: Finding, b: Finding): boolean {
  return Math.abs(a.firstSeen - b.firstSeen) <= TOGETHER_MS
}

/** The same done to several files, one after the other. */
function several(finding: Finding, left: ReadonlySet<Finding>): Act | null {
  if (!isHost(finding)) return null
  const { what } = finding.facts
  const sentence = SEVERAL[what]
  if (sentence === undefined || finding.facts.path === null) return null
  const group = [finding]
  for (const one of left) {
    if (one === finding || !isHost(one) || one.facts.what !== what || one.facts.path === null) continue
    const last = group.at(-1)
    if (
      one.stage === finding.stage &&
      last !== undefined &&
      one.firstSeen >= last.firstSeen &&
      isTogether(one, last)
    )
      group.push(one)
  }
  const paths = [...new Set(group.map((one) => one.facts.path ?? ''))]
  if (paths.length < 2) return null
  const more = paths.length - MAX_PATHS
  const named = paths.slice(0, MAX_PATHS).join(', ') + (more > 0 ? ` and ${formatNumber(more)} more` : '')
  return { text: `${sentence}: ${named}`, time: finding.firstSeen, findings: group }
}
