import { type MachineTicks, type ProcessStat, readMachineTicks, readStat } from './process-files.ts'
import { textOf } from './proc.ts'
import { waitedMs } from './waiting.ts'

/** Everything that ran, at one moment. */
interface Sample {
  /** ms, of a clock that does not step. */
  readonly at: number
  readonly machine: MachineTicks | null
  readonly stats: ReadonlyMap<number, ProcessStat>
  /** How long the threads of each process that ever worked have waited for a processor, ms. */
  readonly waits: ReadonlyMap<number, number>
}

export interface CpuSampling {
  readonly intervalMs: number
  readonly first: Sample
  readonly last: Sample
  /** Cores that a process kept busy in each part of the interval, oldest first. */
  seriesOf(pid: number): number[]
  /** Cores over the whole interval; null where it was not there all the time. */
  coresOf(pid: number): number | null
  /** Threads of it that waited for a processor, on average, in each part of the interval. */
  waitSeriesOf(pid: number): number[]
  /** The same over the whole interval; null where the kernel does not tell. */
  waitedOf(pid: number): number | null
}

/** include/asm-generic/param.h: what user space counts in, on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100

/**
 * Looks at all processes `parts + 1` times in `intervalMs`. `pids` are asked for each time, so that new ones are seen.
 * Where this process is made to wait itself it takes longer: a part that is too short says nothing.
 */
export async function sampleCpu(
  pids: () => readonly number[],
  { intervalMs, parts }: { intervalMs: number; parts: number },
  clock: { now(): number; sleep(ms: number): Promise<void> },
): Promise<CpuSampling> {
  const samples: Sample[] = [takeSample(pids(), clock.now())]
  const started = clock.now()
  const partMs = intervalMs / parts
  for (let part = 1; part <= parts; part++) {
    const earliest = (samples.at(-1)?.at ?? started) + partMs * LEAST_PART
    await clock.sleep(Math.max(0, Math.max(started + partMs * part, earliest) - clock.now()))
    samples.push(takeSample(pids(), clock.now()))
  }
  const first = samples[0] ?? takeSample([], clock.now())
  const last = samples.at(-1) ?? first
  return {
    intervalMs: last.at - first.at,
    first,
    last,
    seriesOf: (pid) =>
      samples.slice(1).map((sample, index) => coresBetween(samples[index], sample, pid) ?? 0),
    coresOf: (pid) => coresBetween(first, last, pid),
    waitSeriesOf: (pid) =>
      samples.slice(1).map((sample, index) => waitedBetween(samples[index], sample, pid) ?? 0),
    waitedOf: (pid) => waitedBetween(first, last, pid),
  }
}

/** Of the length that a part should have. */
const LEAST_PART = 0.6

function coresBetween(before: Sample | undefined, after: Sample, pid: number): number | null {
  const from = before?.stats.get(pid)
  const to = after.stats.get(pid)
  if (before === undefined || from === undefined || to === undefined) return null
  const seconds = (after.at - before.at) / 1000
  if (from.startTicks !== to.startTicks || seconds <= 0) return null
  return rounded(Math.max(0, to.ticks - from.ticks) / TICKS_PER_SECOND / seconds)
}

function waitedBetween(before: Sample | undefined, after: Sample, pid: number): number | null {
  const [from, to] = [before?.waits.get(pid), after.waits.get(pid)]
  if (before === undefined || from === undefined || to === undefined) return null
  const passedMs = after.at - before.at
  if (before.stats.get(pid)?.startTicks !== after.stats.get(pid)?.startTicks || passedMs <= 0) return null
  return rounded(Math.max(0, to - from) / passedMs)
}

function takeSample(pids: readonly number[], at: number): Sample {
  const machineText = textOf('/proc/stat', 4 * 2 ** 20)
  const stats = new Map<number, ProcessStat>()
  const waits = new Map<number, number>()
  for (const pid of pids) {
    const text = textOf(`/proc/${pid}/stat`, 4096)
    const stat = text === null ? null : readStat(text)
    if (stat === null || stat.pid !== pid) continue
    stats.set(pid, stat)
    const waited = stat.isKernelThread || stat.ticks === 0 ? null : waitedMs(stat)
    if (waited !== null) waits.set(pid, waited)
  }
  return { at, machine: machineText === null ? null : readMachineTicks(machineText), stats, waits }
}

/** Cores by whom they were used, over an interval. */
export interface CpuAccounting {
  readonly intervalMs: number
  readonly cores: number
  readonly busyCores: number
  /** Of processes that were seen, and of children of theirs that ended. */
  readonly visibleCores: number
  /** Busy, and no process that was seen used it. */
  readonly unexplainedCores: number
  /** Processes that came and went may be missing from the books: so much of it they may have used. */
  readonly uncertainCores: number
  readonly stealShare: number
  readonly userShare: number
  readonly systemShare: number
  readonly waitShare: number
}

/** Null where the machine's own counters cannot be read. */
export function accountCpu({ first, last, intervalMs }: CpuSampling): CpuAccounting | null {
  const [from, to] = [first.machine, last.machine]
  if (from === null || to === null || intervalMs <= 0) return null
  const coreTicks = (intervalMs / 1000) * TICKS_PER_SECOND
  const user = to.user - from.user
  const system = to.system - from.system
  let visible = 0
  let reaped = 0
  for (const [pid, after] of last.stats) {
    const before = first.stats.get(pid)
    const isSame = before !== undefined && before.startTicks === after.startTicks
    visible += after.ticks - (isSame ? before.ticks : 0)
    reaped += after.childTicks - (isSame ? before.childTicks : 0)
  }
  for (const [pid, before] of first.stats) {
    const after = last.stats.get(pid)
    if (after !== undefined && after.startTicks === before.startTicks) continue
    // Its whole life is in its parent's books now; what it did before the interval is not of the interval.
    reaped -= Math.min(before.ticks + before.childTicks, Math.max(0, reaped))
  }
  const busy = Math.max(0, user + system)
  const total =
    busy +
    (to.idle - from.idle) +
    (to.wait - from.wait) +
    (to.interrupts - from.interrupts) +
    (to.steal - from.steal)
  const explained = visible + Math.max(0, reaped)
  const share = (ticks: number): number => (total <= 0 ? 0 : rounded(Math.max(0, ticks) / total))
  return {
    intervalMs,
    cores: to.cores,
    busyCores: rounded(busy / coreTicks),
    visibleCores: rounded(explained / coreTicks),
    unexplainedCores: rounded(Math.max(0, busy - explained) / coreTicks),
    uncertainCores: rounded(uncertainty(to.forks - from.forks, intervalMs, to.cores)),
    stealShare: share(to.steal - from.steal),
    userShare: share(user),
    systemShare: share(system),
    waitShare: share(to.wait - from.wait),
  }
}

/** Ticks are counted where they fall: a few hundredths are noise. Of a short process that nobody waits for nothing is left in the books. */
function uncertainty(forks: number, intervalMs: number, cores: number): number {
  const forksPerSecond = Math.max(0, forks) / (intervalMs / 1000)
  return NOISE * cores + Math.min(cores / 4, forksPerSecond * CORES_PER_FORK)
}

const NOISE = 0.03
/** A short process takes some milliseconds. */
const CORES_PER_FORK = 0.005

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
