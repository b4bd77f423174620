import type { Gang, WayInKind } from '../gangs/gang.ts'
import { Ledger } from '../ledger.ts'
import type { Machine } from '../machine.ts'
import type { TrueWayIn } from '../truth.ts'
import { BurstLoss } from './burst-loss.ts'
import { Occupation } from './occupation.ts'
import type { RunningMiner } from './running-miner.ts'

export type { RunningMiner } from './running-miner.ts'

/** A line of a crontab that an intruder put there. */
export interface CronEntry {
  readonly owner: Gang
  readonly place: string
  readonly line: string
  isGone: boolean
}

export interface Hardware {
  readonly cores: number
  /** RandomX with every core, H/s. */
  readonly fullHashrate: number
}

/** What a gang or an administrator finds on a machine, and what they make of it. */
export class Host {
  readonly machine: Machine
  readonly hardware: Hardware
  readonly ledger = new Ledger()
  readonly occupation: Occupation
  readonly burstLoss: BurstLoss
  readonly doors: Set<WayInKind>
  /** First come first. */
  readonly waysIn: TrueWayIn[] = []
  readonly cron: CronEntry[] = []
  readonly units = new Map<string, Gang>()
  /** Path → whose it is; the owner's own files are not listed. */
  readonly files = new Map<string, Gang | 'owner'>()
  readonly immutable = new Set<string>()
  readonly blockedPorts = new Set<number>()
  readonly sunkNames = new Set<string>()
  /** Addresses that packets no longer reach from here. */
  readonly blackholes = new Set<string>()
  /** Gangs whose key is in root's authorized_keys. */
  readonly keys = new Set<Gang>()
  /** Who knows root's password; null: the owner, and whoever guesses well. */
  passwordKeeper: Gang | null = null
  /** What curl and wget are called here by now. */
  readonly tools = { curl: 'curl', wget: 'wget' }
  readonly toolKeepers = new Map<'curl' | 'wget', Gang>()
  /** Private addresses in root's known_hosts. */
  readonly knownHosts: string[] = []
  /** Whether the keys of other hosts open this one. */
  trustsNeighbours = true
  /** Share of the CPU that everyday work takes, 0 to 1. */
  everydayLoad = 0.08

  constructor(machine: Machine, hardware: Hardware, doors: readonly WayInKind[]) {
    this.machine = machine
    this.hardware = hardware
    this.doors = new Set(doors)
    this.occupation = new Occupation(() => machine.nowMs)
    this.burstLoss = new BurstLoss(machine.facts.instanceType)
  }

  get miners(): readonly RunningMiner[] {
    return this.occupation.miners
  }

  /** H/s that a miner gets at this moment: what it asks for, unless all together ask for more than there is. */
  hashrateOf(miner: Pick<RunningMiner, 'cpuShare' | 'life'>): number {
    const wanted = this.miners.reduce((sum, one) => sum + one.cpuShare, this.everydayLoad)
    return this.hardware.fullHashrate * miner.cpuShare * Math.min(1, 1 / wanted)
  }

  /** The kernel closes what a killed process had open. `by` null: an administrator, or its own end. */
  endMiner(miner: RunningMiner, by: Gang | null, signal: number | null): void {
    if (miner.life.isOver) return
    miner.life.isOver = true
    miner.life.line?.close('local', this.machine.nowMs)
    this.machine.tell({
      kind: 'process-ended',
      timeMs: this.machine.nowMs,
      process: miner.process,
      signal,
    })
    this.settleWork()
    this.occupation.ended(miner, by)
    this.restartWork()
  }

  beginMiner(miner: RunningMiner): void {
    this.settleWork()
    this.occupation.began(miner)
    this.restartWork()
  }

  /** Its packets go nowhere any more: the connection times out, and the process waits. */
  starveMiner(miner: RunningMiner, by: Gang | null): void {
    if (miner.life.isOver) return
    miner.life.isOver = true
    miner.life.line?.reset('remote', this.machine.nowMs)
    this.settleWork()
    this.occupation.ended(miner, by)
    this.restartWork()
  }

  /** Adds what each miner has done since the last change of company. */
  settleWork(): void {
    for (const miner of this.miners) {
      miner.work.hashMs += this.hashrateOf(miner) * (this.machine.nowMs - miner.work.sinceMs)
      miner.work.sinceMs = this.machine.nowMs
    }
  }

  restartWork(): void {
    for (const miner of this.miners) miner.work.sinceMs = this.machine.nowMs
  }

  /** A tool that was renamed serves only who renamed it. */
  mayUse(tool: 'curl' | 'wget', gang: Gang): boolean {
    return this.tools[tool] === tool || this.toolKeepers.get(tool) === gang
  }
}

/** Audit rules of these hosts: who writes below here is asked for by this key; null: not watched. */
export function auditKeyOf(path: string): string | null {
  return WATCHED.find(([prefix]) => path.startsWith(prefix))?.[1] ?? null
}

const WATCHED: readonly (readonly [string, string])[] = [
  ['/etc/cron', 'cron'],
  ['/var/spool/cron', 'cron'],
  ['/etc/systemd/', 'systemd'],
  ['/lib/systemd/', 'systemd'],
  ['/usr/lib/systemd/', 'systemd'],
  ['/root/.ssh', 'ssh_keys'],
  ['/home/', 'ssh_keys'],
  ['/var/log/', 'logs'],
  ['/dev/shm/', 'shm'],
  ['/tmp/', 'tmp'],
  ['/var/tmp/', 'tmp'],
  ['/usr/bin/', 'bin'],
  ['/bin/', 'bin'],
  ['/usr/local/', 'bin'],
  ['/usr/sbin/', 'bin'],
  ['/etc/hosts', 'etcwatch'],
  ['/etc/resolv.conf', 'etcwatch'],
  ['/etc/ld.so.preload', 'etcwatch'],
  ['/etc/passwd', 'identity'],
  ['/etc/shadow', 'identity'],
  ['/etc/sudoers', 'identity'],
  ['/etc/ssh', 'sshd'],
  ['/etc/', 'etcwatch'],
  ['/opt/', 'opt'],
  ['/var/lib/', 'varlib'],
  ['/root/', 'root_home'],
]
