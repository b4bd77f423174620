import type { LogSource } from '../../event/log-record.ts'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { SourceEnv } from '../source.ts'
import { eventBase, type ProgramLine } from './program-line.ts'

/** Programs that log people in or change who they are: `auth.log`. */
const AUTH_PROGRAMS: ReadonlySet<string> = new Set([
  'sshd',
  'sudo',
  'su',
  'login',
  'systemd-logind',
  'useradd',
  'userdel',
  'usermod',
  'groupadd',
  'groupdel',
  'passwd',
  'chpasswd',
  'chage',
  'polkitd',
  'pkexec',
  'gdm-password',
  'lightdm',
  'vsftpd',
])

/** Programs whose lines have a service of their own in Sigma. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['sshd', 'sshd'],
  ['sshd-session', 'sshd'],
  ['sshd-auth', 'sshd'],
  ['sudo', 'sudo'],
  ['cron', 'cron'],
  ['crond', 'cron'],
  ['crontab', 'cron'],
  ['anacron', 'cron'],
  ['clamd', 'clamav'],
  ['freshclam', 'clamav'],
  ['clamscan', 'clamav'],
  ['vsftpd', 'vsftpd'],
  ['guacd', 'guacamole'],
])

/** What a line of a syslog or journal is to rules, by the program that wrote it. */
export function lineLogSources(program: string): LogSource[] {
  const name = nameOf(program)
  const service = SERVICES.get(name)
  const services = [
    ...(service === undefined ? [] : [service]),
    ...(AUTH_PROGRAMS.has(name) || service === 'sshd' ? ['auth'] : []),
    'syslog',
  ]
  return services.map((one) => ({ product: 'linux', service: one }))
}

/** `/usr/sbin/CRON` → `cron`, `sshd(pam_unix)` → `sshd`. */
function nameOf(program: string): string {
  const open = program.indexOf('(')
  const name = open > 0 ? program.slice(0, open) : program
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase()
}

/** Programs sign as they like: no more are remembered. */
const MAX_PROGRAMS = 1000

/** Rules on lines, which see `{message, host, program, pid}`. Costs a look at the program where no rule asks for it. */
export class LineRules {
  readonly #env: Pick<SourceEnv, 'matchesOf' | 'isAsked'>
  readonly #asked = new Map<string, readonly LogSource[] | null>()

  constructor(env: Pick<SourceEnv, 'matchesOf' | 'isAsked'>) {
    this.#env = env
  }

  /** Of what a program's lines are to rules, what a rule asks for; null: nothing. The same list for the same program. */
  askedOf(program: string): readonly LogSource[] | null {
    let asked = this.#asked.get(program)
    if (asked === undefined) {
      const sources = lineLogSources(program).filter((source) => this.#env.isAsked(source))
      asked = sources.length === 0 ? null : sources
      if (this.#asked.size >= MAX_PROGRAMS) this.#asked.clear()
      this.#asked.set(program, asked)
    }
    return asked
  }

  matchesOf(line: ProgramLine, logSource: readonly LogSource[]): readonly RuleMatchEvent[] {
    const { program, message, pid } = line
    const host = line.observer.slice(line.observer.indexOf(':') + 1)
    const fields = pid === null ? { message, program, host } : { message, program, host, pid }
    return this.#env.matchesOf({ logSource, fields, ...eventBase(line) })
  }
}
