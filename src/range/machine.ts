import { CallAuditor } from './evidence/audit-calls.ts'
import { LoginAuditor } from './evidence/audit-logins.ts'
import type { AuditTrail } from './evidence/audit-trail.ts'
import type { AccessLog } from './evidence/access-log.ts'
import type { AuthLog } from './evidence/auth-log.ts'
import type { HostObservation, Watch } from './evidence/witness.ts'
import type { Tap } from './network/tap.ts'
import type { Random } from './random.ts'
import type { Schedule } from './schedule.ts'

const EPHEMERAL_PORTS = { first: 32768, last: 60999 }

/** What a machine is called and where it stands. */
export interface MachineFacts {
  readonly name: string
  readonly instanceId: string
  readonly instanceType: string
  readonly address: string
  readonly publicAddress: string
  readonly gateway: string
  readonly resolver: string
}

export interface User {
  readonly name: string
  readonly uid: number
  readonly home: string
}

export const ROOT: User = { name: 'root', uid: 0, home: '/root' }
export const MIRA: User = { name: 'mira', uid: 1000, home: '/home/mira' }
export const JONAS: User = { name: 'jonas', uid: 1001, home: '/home/jonas' }
export const DEPLOY: User = { name: 'deploy', uid: 1002, home: '/home/deploy' }
/** Daemons that intruders come through. */
export const WWW_DATA: User = { name: 'www-data', uid: 33, home: '/var/www' }
export const REDIS: User = { name: 'redis', uid: 110, home: '/var/lib/redis' }
export const TOMCAT: User = { name: 'tomcat', uid: 998, home: '/opt/tomcat' }
const USERS = [ROOT, MIRA, JONAS, DEPLOY, WWW_DATA, REDIS, TOMCAT]

/** A host with its counters and with what it writes down: its capture, its auth.log, its audit trail. */
export class Machine {
  readonly facts: MachineFacts
  readonly schedule: Schedule
  readonly tap: Tap
  readonly authLog: AuthLog
  /** What the audit rules see, and what programs tell the audit system. */
  readonly calls: CallAuditor
  readonly logins: LoginAuditor
  readonly logindPid: number
  /** Requests to its web server; null: it has none. */
  accessLog: AccessLog | null = null
  #watch: Watch | null = null
  readonly #random: Random
  readonly #terminals = new Set<number>()
  #pid: number
  #session: number

  constructor(
    facts: MachineFacts,
    written: { tap: Tap; authLog: AuthLog; auditTrail: AuditTrail },
    random: Random,
  ) {
    this.facts = facts
    this.schedule = written.tap.schedule
    this.tap = written.tap
    this.authLog = written.authLog
    this.calls = new CallAuditor(written.auditTrail, userName, random.fork('calls'))
    this.logins = new LoginAuditor(written.auditTrail, userName)
    this.#random = random
    this.logindPid = random.integer(520, 690)
    this.#pid = random.integer(1400, 2600)
    this.#session = random.integer(180, 420)
  }

  get nowMs(): number {
    return this.schedule.nowMs
  }

  /** From now on `watch` is told of all that happens here. */
  watchedBy(watch: Watch): void {
    this.#watch = watch
    this.tap.watch = watch
    // The log's clock may be wrong; observations go by the stage's.
    this.authLog.watch = (line) => {
      watch({ ...line, timeMs: this.nowMs })
    }
    this.calls.watch = (process, name) => {
      const unit =
        process.unit ?? (process.session === null ? 'init.scope' : `session-${process.session}.scope`)
      watch({ kind: 'process-started', timeMs: this.nowMs, process, userName: name, unit })
    }
    this.logins.watch = (unit, hasStarted) => {
      watch({ kind: 'unit-changed', timeMs: this.nowMs, unit, state: hasStarted ? 'started' : 'stopped' })
    }
  }

  tell(observation: HostObservation): void {
    this.#watch?.(observation)
  }

  /** Rises by one for this process and by what unseen ones took in between. */
  nextPid(): number {
    this.#pid += 1 + Math.floor(this.#random.exponential(0.7))
    return this.#pid
  }

  /** Audit session id, which systemd-logind takes for its own. */
  nextSession(): number {
    this.#session += 1
    return this.#session
  }

  nextPort(): number {
    return this.#random.integer(EPHEMERAL_PORTS.first, EPHEMERAL_PORTS.last)
  }

  /** The lowest free pseudo terminal, as the kernel gives them out. */
  takeTerminal(): number {
    let terminal = 0
    while (this.#terminals.has(terminal)) terminal += 1
    this.#terminals.add(terminal)
    return terminal
  }

  freeTerminal(terminal: number): void {
    this.#terminals.delete(terminal)
  }
}

function userName(uid: number | null): string {
  if (uid === null) return 'unset'
  return USERS.find((user) => user.uid === uid)?.name ?? `unknown(${uid})`
}
