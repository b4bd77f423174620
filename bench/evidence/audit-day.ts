import { CallAuditor, type Process } from '../../src/range/evidence/audit-calls.ts'
import { LoginAuditor, type Speaker } from '../../src/range/evidence/audit-logins.ts'
import { AuditTrail } from '../../src/range/evidence/audit-trail.ts'
import { type ByteSink, EvidenceFile } from '../../src/range/evidence/evidence-file.ts'
import type { Random } from '../../src/range/random.ts'

export interface AuditOptions {
  /** Epoch ms: the first record, and about where the last one comes. */
  readonly fromMs: number
  readonly toMs: number
  /** At least so many records; the last event is written whole. */
  readonly records: number
}

const RECORDS_PER_TASK = 22
const USERS = ['root', 'mira', 'jonas', 'deploy']
const TOOLS = [
  ['ls', '-la', '/var/www'],
  ['grep', '-rn', 'TODO list', '/home/mira/notes'],
  ['/bin/sh', '-c', 'test -x /usr/local/bin/rotate_sessions && /usr/local/bin/rotate_sessions'],
  ['systemctl', 'status', 'nginx'],
  ['git', 'pull', '--rebase'],
  ['tar', '-czf', '/var/backups/www.tar.gz', '/var/www'],
  ['python3', '/opt/app/manage.py', 'clearsessions'],
] as const
const WRITTEN = [
  '/var/log/app/worker.log',
  '/home/mira/notes/plan.txt',
  '/var/lib/app/cache.db',
  '/tmp/report.csv',
] as const

/** A working host's trail: cron jobs, people at work, a service that connects out. Gives the number of records written. */
export function writeAuditDay(
  random: Random,
  { fromMs, toMs, records }: AuditOptions,
  sink: ByteSink,
): number {
  const day = new AuditDay(random, fromMs, sink)
  const meanMs = ((toMs - fromMs) / records) * RECORDS_PER_TASK
  while (day.records < records) day.task(meanMs)
  day.end()
  return day.records
}

class AuditDay {
  readonly #random: Random
  readonly #trail: AuditTrail
  readonly #calls: CallAuditor
  readonly #logins: LoginAuditor
  #records = 0
  #nowMs: number
  #pid = 2000
  #session = 300

  constructor(random: Random, fromMs: number, sink: ByteSink) {
    this.#random = random
    this.#nowMs = fromMs
    const counted: ByteSink = (chunk) => {
      for (const byte of chunk) if (byte === 10) this.#records++
      sink(chunk)
    }
    this.#trail = new AuditTrail(new EvidenceFile(counted), 7000, () => this.#nowMs)
    this.#calls = new CallAuditor(this.#trail, nameOf, random.fork('calls'))
    this.#logins = new LoginAuditor(this.#trail, nameOf)
  }

  /** Records in the chunks that were handed on. */
  get records(): number {
    return this.#records
  }

  task(meanMs: number): void {
    const random = this.#random
    this.#nowMs += random.exponential(meanMs)
    const which = random.fraction()
    if (which < 0.5) this.#visit(0, 'cron', null, 2)
    else if (which < 0.8) this.#visit(1000 + random.integer(0, 2), 'ssh', '192.0.2.25', 4)
    else this.#service()
  }

  end(): void {
    this.#trail.end()
  }

  #visit(uid: number, terminal: string, address: string | null, programs: number): void {
    const random = this.#random
    const pid = this.#nextPid()
    const session = ++this.#session
    const exe = terminal === 'ssh' ? '/usr/sbin/sshd' : '/usr/sbin/cron'
    const nobody: Speaker = { pid, uid: 0, loginUid: null, session: null, exe, address, terminal }
    const account = USERS[uid === 0 ? 0 : uid - 999] ?? 'root'
    this.#logins.pam(nobody, 'USER_ACCT', 'accounting', account, 'pam_permit')
    this.#logins.pam(nobody, 'CRED_ACQ', 'setcred', account, 'pam_permit')
    this.#logins.sessionAssigned(pid, uid, session)
    const speaker = { ...nobody, loginUid: uid, session }
    this.#logins.pam(speaker, 'USER_START', 'session_open', account, 'pam_unix,pam_limits')
    for (let i = random.integer(1, programs); i > 0; i--) {
      this.#nowMs += random.integer(1, 400)
      this.#program(pid, uid, session, terminal === 'ssh' ? 'pts0' : null)
    }
    this.#logins.pam(speaker, 'CRED_DISP', 'setcred', account, 'pam_permit')
    this.#logins.pam(speaker, 'USER_END', 'session_close', account, 'pam_unix,pam_limits')
  }

  #program(ppid: number, uid: number, session: number, tty: string | null): void {
    const random = this.#random
    const args = random.pick(TOOLS)
    const comm = args[0].slice(args[0].lastIndexOf('/') + 1)
    const process: Process = {
      pid: this.#nextPid(),
      ppid,
      comm,
      exe: `/usr/bin/${comm}`,
      args,
      cwd: uid === 0 ? '/root' : '/home/mira',
      uid,
      loginUid: uid,
      session,
      tty,
    }
    this.#calls.executed(process)
    if (random.chance(0.5))
      this.#calls.opened(process, random.pick(WRITTEN), 'write', { isNew: random.chance(0.2) })
    if (random.chance(0.1)) this.#calls.changedMode(process, random.pick(WRITTEN), 0o640)
  }

  /** A daemon without login: connects to its database, writes its log. */
  #service(): void {
    const random = this.#random
    const process: Process = {
      pid: 870,
      ppid: 1,
      comm: 'worker',
      exe: '/opt/app/bin/worker',
      args: ['/opt/app/bin/worker', '--queue', 'mail'],
      cwd: '/opt/app',
      uid: 1002,
      loginUid: null,
      session: null,
      tty: null,
    }
    for (let i = random.integer(2, 12); i > 0; i--) {
      this.#nowMs += random.integer(1, 50)
      if (random.chance(0.7)) this.#calls.connected(process, `10.0.3.${random.integer(2, 60)}`, 5432, true)
      else this.#calls.opened(process, '/var/log/app/worker.log', 'write')
    }
  }

  #nextPid(): number {
    this.#pid = this.#pid > 4_000_000 ? 2000 : this.#pid + this.#random.integer(1, 3)
    return this.#pid
  }
}

function nameOf(uid: number | null): string {
  return uid === null ? 'unset' : (USERS[uid === 0 ? 0 : uid - 999] ?? 'nobody')
}
