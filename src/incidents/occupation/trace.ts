import type { FightFacts, Finding, HostFacts, MiningFacts } from '../../event/finding.ts'
import type { WayIn } from '../incident.ts'
import { filesIn, isOwnFile, ownFolder, ownHost } from './places.ts'
import { walletInCommand, walletOf } from './wallet.ts'

/** A process that did it, and when (epoch ms): numbers come again. */
export interface Doer {
  readonly pid: number
  /** Null where it has none, or init for one. */
  readonly parent: number | null
  readonly from: number
  readonly to: number
}

/** Something that one occupant did, with all that it says about who that is. */
export interface Trace {
  /** Null for a login. */
  readonly finding: Finding | null
  readonly wayIn: WayIn | null
  /** Epoch ms. */
  readonly from: number
  readonly to: number
  readonly wallet: string | null
  /** Audit sessions it was done in. */
  readonly sessions: readonly string[]
  /** Whether it was done outside of every session, the first time. */
  readonly isUnattended: boolean
  readonly doers: readonly Doer[]
  readonly files: readonly string[]
  readonly folders: readonly string[]
  /** Hosts it came from or fetched from, in lower case; pools are nobody's own. */
  readonly hosts: readonly string[]
  /** Pools it mines at, `host:port` in lower case. */
  readonly pools: readonly string[]
  /** What it was done against: names of processes, files, pools. */
  readonly targets: readonly string[]
}

type Told<Facts> = Finding & { readonly facts: Facts }

export function isHost(finding: Finding): finding is Told<HostFacts> {
  return finding.facts.type === 'host'
}

export function isMining(finding: Finding): finding is Told<MiningFacts> {
  return finding.facts.type === 'mining'
}

export function isFight(finding: Finding): finding is Told<FightFacts> {
  return finding.facts.type === 'fight'
}

/** Audit sessions that a finding tells of deeds in. */
export function sessionsOf({ facts }: Finding): string[] {
  if (facts.type === 'fight')
    return unique(facts.acts.map(({ session }) => session).filter((one) => one !== null))
  if (facts.type !== 'host') return []
  return unique([facts.session, ...(facts.otherSessions ?? [])].filter((one) => one !== null))
}

function isUnattended({ facts }: Finding): boolean {
  if (facts.type === 'fight') return facts.acts[0]?.session === null
  return facts.type === 'host' && facts.session === null
}

export function walletOfFinding(finding: Finding): string | null {
  const { facts } = finding
  if (facts.type === 'mining') return facts.login === null ? null : walletOf(facts.login)
  if (facts.type === 'host' && facts.commandLine !== null) return walletInCommand(facts.commandLine)
  return null
}

export function traceOfWayIn(wayIn: WayIn): Trace {
  return {
    ...NOTHING,
    wayIn,
    from: wayIn.time,
    to: wayIn.time,
    sessions: wayIn.session === null ? [] : [wayIn.session],
    doers: wayIn.pid === null ? [] : [{ pid: wayIn.pid, parent: null, from: wayIn.time, to: wayIn.time }],
    hosts: wayIn.srcIp === null ? [] : [wayIn.srcIp.toLowerCase()],
  }
}

export function traceOf(finding: Finding): Trace {
  const basis = {
    ...NOTHING,
    finding,
    from: finding.firstSeen,
    to: isAnybodys(finding) ? finding.firstSeen : finding.lastSeen,
    sessions: isAnybodys(finding) ? sessionsOf(finding).slice(0, 1) : sessionsOf(finding),
    isUnattended: isUnattended(finding),
  }
  if (isFight(finding)) return { ...basis, ...ofFight(finding.facts) }
  const wallet = walletOfFinding(finding)
  if (isHost(finding))
    return { ...basis, wallet, doers: doersOf(finding.facts, basis), ...ofHost(finding.facts) }
  return { ...basis, wallet, pools: isMining(finding) ? poolsOf(finding.facts) : [] }
}

function poolsOf({ pool: { ip, port, name } }: MiningFacts): string[] {
  const address = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
  return name === null ? [address] : [address, `${name.toLowerCase()}:${port}`]
}

const NOTHING: Trace = {
  finding: null,
  wayIn: null,
  from: 0,
  to: 0,
  wallet: null,
  sessions: [],
  isUnattended: false,
  doers: [],
  files: [],
  folders: [],
  hosts: [],
  pools: [],
  targets: [],
}

/** Kinds that tell of what was there before, or of everything at once. */
const NOT_OWN = new Set(['cron-removed', 'keys-removed', 'ld-preload-removed', 'log-wipe', 'session'])

/** What every gang does to the same files or in the same way: told once for all of them, it is these hands' the first time only. */
function isAnybodys({ facts, rule }: Finding): boolean {
  if (rule !== undefined) return true
  return (
    facts.type === 'host' &&
    (NOT_OWN.has(facts.what) || (facts.otherSessions !== undefined && !isNamed(facts)))
  )
}

/** Whether it tells of a file or a host that is somebody's own. */
function isNamed(facts: HostFacts): boolean {
  const { files = [], hosts = [] } = ofHost(facts)
  return files.length > 0 || hosts.length > 0
}

function ofHost(facts: HostFacts): Partial<Trace> {
  const isOwn = !NOT_OWN.has(facts.what)
  const named = isOwn ? [facts.path, facts.exe].filter((path) => path !== null) : []
  const files = unique([
    ...named.filter(isOwnFile),
    ...(isOwn && facts.commandLine !== null ? filesIn(facts.commandLine) : []),
  ])
  const isPool = facts.what === 'miner-process' || facts.what === 'pool-connection'
  const host = facts.remote === null || isPool ? null : ownHost(facts.remote)
  return {
    files,
    folders: foldersOf(files),
    hosts: host === null ? [] : [host],
    pools:
      isPool && facts.remote !== null ? [facts.remote.replace(/^[a-z0-9+.-]+:\/\//iu, '').toLowerCase()] : [],
  }
}

function ofFight({ acts }: FightFacts): Partial<Trace> {
  const own = acts.flatMap(({ targets }) => targets.filter(({ type }) => type === 'self'))
  const files = unique(own.map(({ value }) => value).filter(isOwnFile))
  return {
    doers: acts.flatMap(({ pid, ppid, time }) =>
      pid === null ? [] : [{ pid, parent: parentOf(ppid), from: time, to: time }],
    ),
    files,
    folders: foldersOf(files),
    targets: unique(
      acts.flatMap(({ targets }) =>
        targets.filter(({ type }) => type !== 'self').map(({ value }) => value.toLowerCase()),
      ),
    ),
  }
}

/** Where others did it again, the first did it once. */
function doersOf(
  { pid, ppid = null, otherProcesses = [] }: HostFacts,
  { from, to }: { readonly from: number; readonly to: number },
): Doer[] {
  const others = otherProcesses.map((one) => ({
    pid: one.pid,
    parent: parentOf(one.ppid),
    from: one.time,
    to: one.time,
  }))
  if (pid === null) return others
  return [{ pid, parent: parentOf(ppid), from, to: others.length === 0 ? to : from }, ...others]
}

/** Whatever loses its parent gets init for one. */
function parentOf(ppid: number | null): number | null {
  return ppid === null || ppid <= 1 ? null : ppid
}

function foldersOf(files: readonly string[]): string[] {
  return unique(files.map(ownFolder).filter((folder) => folder !== null))
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
