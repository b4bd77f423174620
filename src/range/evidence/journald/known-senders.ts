import type { JournalProcess } from './sender.ts'

type Sender = Omit<JournalProcess, 'pid' | 'uid'>

const DAEMONS: Readonly<Record<string, Sender>> = {
  sshd: { exe: '/usr/sbin/sshd', comm: 'sshd', unit: 'ssh.service', commandLine: 'sshd: [accepted]' },
  CRON: { exe: '/usr/sbin/cron', comm: 'cron', unit: 'cron.service', commandLine: '/usr/sbin/CRON -f' },
  cron: { exe: '/usr/sbin/cron', comm: 'cron', unit: 'cron.service', commandLine: '/usr/sbin/cron -f' },
  systemd: {
    exe: '/usr/lib/systemd/systemd',
    comm: 'systemd',
    unit: 'init.scope',
    commandLine: '/sbin/init',
  },
  'systemd-logind': daemon('/usr/lib/systemd/systemd-logind', 'systemd-logind.service'),
  dockerd: daemon('/usr/bin/dockerd', 'docker.service'),
  atd: daemon('/usr/sbin/atd', 'atd.service'),
  nginx: daemon('/usr/sbin/nginx', 'nginx.service'),
}

/** Programs whose lines in the log stand in the session of whoever runs them. */
const SESSION_TOOLS = new Set([
  'sudo',
  'su',
  'crontab',
  'useradd',
  'usermod',
  'userdel',
  'groupadd',
  'passwd',
  'chpasswd',
  'chage',
])

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ssh: 'OpenBSD Secure Shell server',
  cron: 'Regular background program processing daemon',
  nginx: 'A high performance web server and a reverse proxy server',
  docker: 'Docker Application Container Engine',
  postgresql: 'PostgreSQL RDBMS',
  'redis-server': 'Advanced key-value store',
  rsyslog: 'System Logging Service',
  logrotate: 'Rotate log files',
  'apt-daily': 'Daily apt download activities',
  'apt-daily-upgrade': 'Daily apt upgrade and clean activities',
  fstrim: 'Discard unused blocks on filesystems from /etc/fstab',
  'man-db': 'Daily man-db regeneration',
}

export function isSessionTool(comm: string): boolean {
  return SESSION_TOOLS.has(comm)
}

/** What journald would find behind a syslog identifier that is no session's. */
export function senderOf(identifier: string, pid: number): JournalProcess {
  const known = DAEMONS[identifier] ?? daemon(`/usr/sbin/${identifier}`, `${identifier}.service`)
  return { pid, uid: 0, ...known }
}

/** `Description=` of a unit file; most of what people write themselves has its name for one. */
export function unitDescription(name: string): string {
  const [template, uid] = name.split('@')
  if (template === 'user') return `User Manager for UID ${uid}`
  if (template === 'user-runtime-dir') return `User Runtime Directory /run/user/${uid}`
  return DESCRIPTIONS[name] ?? name
}

function daemon(exe: string, unit: string): Sender {
  return { exe, comm: exe.slice(exe.lastIndexOf('/') + 1).slice(0, 15), commandLine: exe, unit }
}
