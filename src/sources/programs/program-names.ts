import { isSshd } from './sshd.ts'

/** Which dialect a program's lines are in; `pam` also for modules that speak for a program nobody knows. */
export type DialectId =
  | 'sshd'
  | 'dropbear'
  | 'pam'
  | 'sudo'
  | 'su'
  | 'login'
  | 'cron'
  | 'accounts'
  | 'systemd'
  | 'kernel'
  | 'dnsmasq'
  | 'unbound'
  | 'named'
  | 'falco'

const ACCOUNT_PROGRAMS =
  'useradd userdel usermod groupadd groupdel groupmod gpasswd passwd chpasswd chage chsh chfn newusers adduser deluser'
const CRON_PROGRAMS =
  'cron crond crontab CRON CROND /usr/sbin/cron /usr/sbin/crond /USR/SBIN/CRON /usr/sbin/CRON'

const DIALECTS: ReadonlyMap<string, DialectId> = new Map<string, DialectId>([
  ['dropbear', 'dropbear'],
  ['sudo', 'sudo'],
  ['su', 'su'],
  ['login', 'login'],
  ['systemd', 'systemd'],
  ['kernel', 'kernel'],
  ['dnsmasq', 'dnsmasq'],
  ['unbound', 'unbound'],
  ['named', 'named'],
  ['falco', 'falco'],
  ...ACCOUNT_PROGRAMS.split(' ').map((name) => [name, 'accounts'] as const),
  ...CRON_PROGRAMS.split(' ').map((name) => [name, 'cron'] as const),
])

/** Null for a program that only PAM modules may speak for. */
export function dialectOfProgram(program: string): DialectId | null {
  if (isSshd(program)) return 'sshd'
  if (program.endsWith(')') && program.includes('(pam_')) return 'pam'
  return DIALECTS.get(program) ?? null
}
