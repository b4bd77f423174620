import { readdirSync, statSync } from 'node:fs'
import { plural } from '../../text/plural.ts'
import { maskArguments } from '../../text/secrets.ts'
import type { Fact } from '../fact.ts'
import { AS_ROOT, type Gaps } from '../gaps.ts'
import { type CpuSampling, rounded, TICKS_PER_SECOND } from './cpu-sampling.ts'
import type { ExeHashes } from './exe-hashes.ts'
import type { FoundPids } from './pids.ts'
import type { Mounts } from './mounts.ts'
import { isDenied, linkOf, readProc, textOf } from './proc.ts'
import {
  countCpus,
  environmentNames,
  kibBytes,
  oddLibraries,
  type ProcessStat,
  readArguments,
  readCgroup,
  readStatus,
} from './process-files.ts'

const MAX_ARGUMENT_BYTES = 8192
const MAX_ENVIRONMENT_BYTES = 64 * 1024
const MAX_MAPS_BYTES = 256 * 1024
const MAX_THREADS = 512
const DELETED = ' (deleted)'
/** From so many cores on a process is looked at thread by thread. */
const BUSY_CORES = 0.02

export interface ProcessView {
  readonly found: FoundPids
  readonly sampling: CpuSampling
  /** Epoch ms at the end of the interval. */
  readonly now: number
  readonly userOf: (uid: number) => string | null
  readonly hashes: ExeHashes
  /** The collector itself. */
  readonly own: number
  readonly mounts: Mounts
  readonly gaps: Gaps
}

/** What is known of every process that was found, one fact each. */
export function* processFacts(view: ProcessView): Generator<Fact> {
  const ownMounts = linkOf('/proc/self/ns/mnt').target
  let unseen = 0
  for (const [pid, missingFrom] of view.found.pids) {
    const stat = view.sampling.last.stats.get(pid) ?? null
    const fact = processFact(pid, stat, missingFrom, view, ownMounts)
    if (fact === null) continue
    if (fact.attributes['exeState'] === 'unseen') unseen++
    yield fact
  }
  if (unseen > 0)
    view.gaps.add(
      `the programs behind ${plural(unseen, 'process', 'processes')}, their environment, sockets and libraries`,
      ...asOthers(),
    )
}

/** Why somebody's process cannot be looked into, and what would help. */
export function asOthers(): [why: string, command: string | null] {
  return process.getuid?.() === 0
    ? ['they are protected even from root (another security module or namespace)', null]
    : ['they belong to other users', AS_ROOT]
}

function processFact(
  pid: number,
  stat: ProcessStat | null,
  missingFrom: readonly string[],
  view: ProcessView,
  ownMounts: string | null,
): Fact | null {
  const place = `/proc/${pid}`
  const status = readStatus(textOf(`${place}/status`, 16 * 1024) ?? '')
  if (stat === null && status.size === 0 && missingFrom.length === 0) return null
  const cores = view.sampling.coresOf(pid)
  const isKernelThread = stat?.isKernelThread ?? false
  const argumentBytes = readProc(`${place}/cmdline`, MAX_ARGUMENT_BYTES)
  const args = isDenied(argumentBytes) ? [] : maskArguments(readArguments(argumentBytes))
  const cgroup = readCgroup(textOf(`${place}/cgroup`, 4096) ?? '')
  const exe = exeOf(pid, isKernelThread, ownMounts, view.mounts)
  const uid = Number(status.get('Uid')?.split('\t')[1] ?? Number.NaN)
  const startedAt = startOf(stat, view)
  const isBusy = (cores ?? 0) >= BUSY_CORES
  const maps = isKernelThread ? null : textOf(`${place}/maps`, MAX_MAPS_BYTES)
  const environment = isKernelThread ? 'gone' : readProc(`${place}/environ`, MAX_ENVIRONMENT_BYTES)
  return {
    type: 'process',
    id: `${pid}@${stat?.startTicks ?? 0}`,
    name: stat?.name ?? status.get('Name') ?? null,
    attributes: {
      pid,
      ppid: stat?.ppid ?? null,
      parentName: view.sampling.last.stats.get(stat?.ppid ?? -1)?.name ?? null,
      args,
      cwd: withoutMark(linkOf(`${place}/cwd`).target),
      exe: exe.path,
      exeState: exe.state,
      exeSha256: exe.path === null ? null : view.hashes.of(pid, exe.path, isBusy || exe.state !== 'file'),
      uid: Number.isInteger(uid) ? uid : null,
      user: Number.isInteger(uid) ? view.userOf(uid) : null,
      state: stat?.state ?? '?',
      isKernelThread,
      startedAt,
      unit: cgroup?.unit ?? null,
      cgroup: cgroup?.path ?? null,
      container: cgroup?.container ?? null,
      intervalMs: Math.round(view.sampling.intervalMs),
      cpuCores: cores,
      cpuSeries: isBusy ? view.sampling.seriesOf(pid) : [],
      waitedCores: view.sampling.waitedOf(pid),
      waitedSeries: isBusy ? view.sampling.waitSeriesOf(pid) : [],
      lifetimeCores: lifetimeCores(stat, startedAt, view.now),
      threads: stat?.threads ?? 0,
      ...(isBusy ? threadsOf(pid) : { pinnedThreads: null, threadNames: [] }),
      allowedCpus: status.get('Cpus_allowed_list') ?? null,
      residentBytes: kibBytes(status.get('VmRSS')),
      hugePageBytes: kibBytes(status.get('HugetlbPages')),
      niceness: stat?.niceness ?? null,
      environmentNames: isDenied(environment) ? [] : environmentNames(environment),
      oddLibraries: maps === null ? [] : oddLibraries(maps, exe.mapped),
      missingFrom: [...missingFrom],
      isOwn: pid === view.own,
    },
  }
}

interface Exe {
  readonly path: string | null
  readonly state: 'file' | 'deleted' | 'replaced' | 'memfd' | 'none' | 'unseen'
  /** As /proc/PID/maps writes it. */
  readonly mapped: string | null
}

function exeOf(pid: number, isKernelThread: boolean, ownMounts: string | null, mounts: Mounts): Exe {
  if (isKernelThread) return { path: null, state: 'none', mapped: null }
  const { target: link, why } = linkOf(`/proc/${pid}/exe`)
  if (link === null) return { path: null, state: why === 'denied' ? 'unseen' : 'none', mapped: null }
  if (link.startsWith('/memfd:')) return { path: withoutMark(link), state: 'memfd', mapped: link }
  const path = withoutMark(link)
  if (path === null || path === link) return { path: link, state: 'file', mapped: link }
  const isHere = linkOf(`/proc/${pid}/ns/mnt`).target === ownMounts
  return {
    path,
    state: isHere && !mounts.isRemote(path) && isFile(path) ? 'replaced' : 'deleted',
    mapped: link,
  }
}

/** Without what the kernel puts behind the path of a file that has none any more. */
function withoutMark(link: string | null): string | null {
  if (link === null) return null
  return link.endsWith(DELETED) ? link.slice(0, -DELETED.length) : link
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}

function startOf(stat: ProcessStat | null, { sampling }: ProcessView): number | null {
  const boot = sampling.last.machine?.bootTime
  if (stat === null || boot === undefined || !Number.isFinite(boot)) return null
  return Math.round((boot + stat.startTicks / TICKS_PER_SECOND) * 1000)
}

function lifetimeCores(stat: ProcessStat | null, startedAt: number | null, now: number): number | null {
  if (stat === null || startedAt === null) return null
  const seconds = Math.max(1, (now - startedAt) / 1000)
  return rounded(stat.ticks / TICKS_PER_SECOND / seconds)
}

/** Threads that may run on one processor only, of those that have worked; and what they are called. */
function threadsOf(pid: number): { pinnedThreads: number | null; threadNames: string[] } {
  let pinnedThreads = 0
  const names = new Set<string>()
  const ids = threadIds(pid)
  if (ids === null) return { pinnedThreads: null, threadNames: [] }
  for (const id of ids) {
    const status = readStatus(textOf(`/proc/${pid}/task/${id}/status`, 16 * 1024) ?? '')
    if (countCpus(status.get('Cpus_allowed_list') ?? '') === 1) pinnedThreads++
    const name = status.get('Name')
    if (name !== undefined && names.size < 16) names.add(name)
  }
  return { pinnedThreads, threadNames: [...names] }
}

function threadIds(pid: number): string[] | null {
  try {
    return readdirSync(`/proc/${pid}/task`).slice(0, MAX_THREADS)
  } catch {
    return null
  }
}
