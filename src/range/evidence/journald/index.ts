import { EvidenceFile } from '../evidence-file.ts'
import type {
  CpuSampled,
  CronRun,
  HostObservation,
  HostWitnessKind,
  HostWitnessPlace,
  ProcessStarted,
  StartedWitness,
  SystemLine,
  WitnessedFile,
} from '../witness.ts'
import { ContainerLines } from './containers.ts'
import { FACILITY, Journal, PRIORITY } from './journal.ts'
import { isSessionTool, senderOf } from './known-senders.ts'
import { tellLogind } from './logind.ts'
import type { JournalProcess } from './sender.ts'
import { UnitLines } from './units.ts'

const PATH = 'journal.json'
const DAY_MS = 86_400_000
const SERVICE = '.service'

/** `journalctl -o json` of the whole time. */
export const JOURNALD: HostWitnessKind = {
  kind: 'journald',
  sees: ['system-line', 'unit-changed', 'cron-run', 'process-started', 'process-ended', 'cpu-sampled'],
  start: (place) => new JournalWitness(place),
}

class JournalWitness implements StartedWitness<HostObservation> {
  readonly #path: string
  readonly #journal: Journal
  readonly #units: UnitLines
  readonly #containers: ContainerLines
  /** Last one of each tool whose lines carry no process id of their own. */
  readonly #tools = new Map<string, JournalProcess>()
  /** Service of each process that has one, while it runs, and what each service has taken of the CPU. */
  readonly #unitOf = new Map<number, string>()
  readonly #cpuMs = new Map<string, number>()
  readonly #clockSkewMs: number
  #timeMs = 0

  constructor({ folder, open, machine, random, startMs, clockSkewMs }: HostWitnessPlace) {
    this.#path = folder + PATH
    this.#clockSkewMs = clockSkewMs
    const host = {
      name: machine.name,
      machineId: random.hex(32),
      bootId: random.hex(32),
      bootedMs: startMs + clockSkewMs - random.between(1, 60) * DAY_MS,
    }
    const now = (): number => this.#timeMs + clockSkewMs
    this.#journal = new Journal(new EvidenceFile(open(this.#path)), host, now, random.fork('journal'))
    this.#units = new UnitLines(this.#journal)
    this.#containers = new ContainerLines(this.#journal, this.#units, random.fork('containers'))
  }

  observe(observation: HostObservation): void {
    this.#timeMs = observation.timeMs
    switch (observation.kind) {
      case 'system-line':
        this.#told(observation)
        break
      case 'cron-run':
        this.#cronRan(observation)
        break
      case 'unit-changed':
        this.#unitChanged(observation.unit, observation.state)
        break
      case 'process-started':
        this.#started(observation)
        break
      case 'process-ended':
        this.#unitOf.delete(observation.process.pid)
        break
      case 'cpu-sampled':
        this.#counted(observation)
        break
      default:
    }
  }

  end(): void {
    this.#journal.end()
  }

  files(): readonly WitnessedFile[] {
    return [{ path: this.#path, period: null }]
  }

  #told({ identifier, pid, severity, facility, message }: SystemLine): void {
    if (facility === FACILITY.kern) {
      this.#journal.kernel(severity, message)
      return
    }
    if (identifier === 'systemd-logind') {
      tellLogind(this.#journal, pid ?? 1, message)
      return
    }
    const sender = this.#tools.get(identifier) ?? senderOf(identifier, pid ?? 1)
    const isCommand = identifier === 'sudo' && message.includes(' COMMAND=')
    this.#journal.syslog(pid === null ? sender : { ...sender, pid }, {
      facility,
      priority: isCommand ? PRIORITY.notice : severity,
      identifier,
      message,
    })
  }

  #cronRan({ pid, userName, line }: CronRun): void {
    this.#journal.syslog(senderOf('CRON', pid), {
      facility: FACILITY.cron,
      priority: PRIORITY.info,
      identifier: 'CRON',
      message: `(${userName}) CMD (${line})`,
    })
  }

  #unitChanged(name: string, state: 'started' | 'stopped' | 'failed'): void {
    if (state === 'started') {
      this.#cpuMs.delete(name)
      this.#units.started(name)
      return
    }
    const cpuMs = this.#cpuMs.get(name) ?? 0
    if (state === 'stopped') this.#units.stopped(name, cpuMs)
    else this.#units.killed(name, cpuMs)
  }

  #started({ process, unit, timeMs }: ProcessStarted): void {
    this.#containers.running(unit, timeMs + this.#clockSkewMs)
    const { comm, pid, exe, args, session, loginUid } = process
    if (comm === 'insmod') this.#kernelTaints(args)
    if (unit.endsWith(SERVICE) && session === null) this.#unitOf.set(pid, unit.slice(0, -SERVICE.length))
    if (!isSessionTool(comm)) return
    const login = session === null || loginUid === null ? {} : { session, loginUid, ownerUid: loginUid }
    this.#tools.set(comm, { pid, uid: 0, comm, exe, commandLine: args.join(' '), unit, ...login })
  }

  #counted({ processes, cores, periodMs }: CpuSampled): void {
    for (const { pid, share } of processes) {
      const unit = this.#unitOf.get(pid)
      if (unit === undefined) continue
      this.#cpuMs.set(unit, (this.#cpuMs.get(unit) ?? 0) + share * cores * periodMs)
    }
  }

  /** A module from outside the kernel's tree leaves its mark. */
  #kernelTaints(args: readonly string[]): void {
    const path = args.find((arg) => arg.endsWith('.ko'))
    if (path === undefined) return
    const module = path.slice(path.lastIndexOf('/') + 1, -'.ko'.length).replaceAll('-', '_')
    this.#journal.kernel(PRIORITY.warning, `${module}: loading out-of-tree module taints kernel.`)
    this.#journal.kernel(
      PRIORITY.notice,
      `${module}: module verification failed: signature and/or required key missing - tainting kernel`,
    )
  }
}
