import { AuditLog } from './audit-log.ts'
import { SECOND } from './case.ts'
import type { EvidenceFile } from './investigate.ts'
import { SshdLog } from './sshd-log.ts'

/** How a session of an administrator is written down. */
export const TRACES = ['auditd', 'auth.log', 'journald', 'history'] as const
export type Traced = (typeof TRACES)[number]

interface Session {
  readonly host: string
  readonly time: number
  readonly ip: string
  readonly commands: readonly string[]
}

const USER = 'maria'
const STEP_MS = 20 * SECOND

/** What one kind of evidence keeps of a session with sudo, in the folder of its host. */
export function session(kind: Traced, fields: Session): EvidenceFile {
  if (kind === 'auditd') return audited(fields)
  return kind === 'history' ? remembered(fields) : logged(fields, kind)
}

/** Words of a command line as a shell hands them on; quotes hold one together. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}

/** The commands of a session, as children of its shell. */
export function audit(log: AuditLog, { time, ip, commands }: Session, number = 12): void {
  log.loggedIn(time, USER, ip, 7100, number, true)
  const doer = { uid: 0, auid: 1000, ses: number, cwd: '/home/maria' }
  const shell = log.run(time + SECOND, ['-bash'], { ...doer, uid: 1000, exe: '/usr/bin/bash', ppid: 7100 })
  for (const [at, command] of commands.entries()) {
    const start = time + (at + 1) * STEP_MS
    const sudo = log.run(start, ['sudo', ...wordsOf(command)], { ...doer, ppid: shell })
    log.run(start + 100, wordsOf(command), { ...doer, ppid: sudo })
  }
}

function audited(fields: Session): EvidenceFile {
  const log = new AuditLog({ path: `${fields.host}/audit.log`, node: fields.host })
  audit(log, fields)
  return log.written()
}

function logged({ host, time, ip, commands }: Session, kind: 'auth.log' | 'journald'): EvidenceFile {
  const log = new SshdLog(kind === 'journald' ? { host, dialect: 'journal' } : { host })
  log.login(time, { user: USER, ip }, { by: 'publickey' })
  for (const [at, command] of commands.entries()) {
    const start = time + (at + 1) * STEP_MS
    const [program = '', ...args] = wordsOf(command)
    const line = [`/usr/bin/${program}`, ...args].join(' ')
    log.other(start, 'sudo', `   ${USER} : TTY=pts/0 ; PWD=/home/${USER} ; USER=root ; COMMAND=${line}`)
    log.other(start, 'sudo', 'pam_unix(sudo:session): session opened for user root(uid=0) by maria(uid=1000)')
    log.other(start + SECOND, 'sudo', 'pam_unix(sudo:session): session closed for user root')
  }
  return log.file()
}

function remembered({ host, time, commands }: Session): EvidenceFile {
  const lines = commands.map((command, at) => `#${(time + (at + 1) * STEP_MS) / 1000}\nsudo ${command}\n`)
  return { path: `${host}/home/${USER}/.bash_history`, content: lines.join('') }
}
