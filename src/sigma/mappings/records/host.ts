import type { Mapping } from '../mapping.ts'

/** Arguments of EXECVE records; of SYSCALL records the first four, in hexadecimal. */
const ARGUMENTS = Object.fromEntries(
  Array.from({ length: 64 }, (_, at) => [`a${at}`, `argument ${at} (EXECVE decoded, SYSCALL hexadecimal)`]),
)

/** linux-audit/audit-documentation, "field dictionary"; names in capitals are those of the enriched format. */
const auditd: Mapping = {
  id: 'linux-auditd',
  title: 'Linux audit records',
  logSources: [{ product: 'linux', service: 'auditd' }],
  extent: 'open',
  fields: {
    type: 'SYSCALL, EXECVE, PATH, USER_LOGIN …',
    ...ARGUMENTS,
    argc: 'number of arguments',
    arch: 'c000003e …',
    syscall: 'number of the call',
    SYSCALL: 'name of the call',
    success: 'yes or no',
    exit: 'what the call returned',
    pid: 'process id',
    ppid: 'process id of the parent',
    auid: 'who logged in, as a number',
    uid: 'user, as a number',
    euid: 'effective user, as a number',
    gid: 'group, as a number',
    egid: 'effective group, as a number',
    AUID: 'who logged in',
    UID: 'user',
    EUID: 'effective user',
    tty: 'terminal',
    ses: 'session',
    comm: 'name of the program',
    exe: 'path of the program',
    key: 'key of the audit rule',
    name: 'path (PATH)',
    nametype: 'NORMAL, CREATE, DELETE, PARENT (PATH)',
    mode: 'mode, octal (PATH)',
    cwd: 'working directory (CWD)',
    proctitle: 'command line (PROCTITLE)',
    saddr: 'socket address, hexadecimal (SOCKADDR)',
    unit: 'systemd unit (SERVICE_START, SERVICE_STOP)',
    op: 'what was done',
    acct: 'account',
    hostname: 'where from',
    addr: 'address where from',
    terminal: 'terminal',
    res: 'success or failed',
  },
}

const LINE_FIELDS = {
  message: 'what the line says behind its header',
  host: 'machine that wrote it',
  program: 'program that wrote it',
  pid: 'its process id',
}

const line = (service: string, title: string): Mapping => ({
  id: `linux-${service}`,
  title,
  logSources: [{ product: 'linux', service }],
  extent: 'listed',
  fields: LINE_FIELDS,
})

/** osquery: "Logging", results; rows of all three forms are asked as those of a single one. */
const osquery: Mapping = {
  id: 'osquery-results',
  title: 'Answers to scheduled queries of osqueryd',
  logSources: [{ product: 'osquery', service: 'results' }],
  extent: 'nested',
  fields: {
    name: 'name of the query, with its pack: pack_incident-response_crontab',
    action: 'added, removed, snapshot',
    columns: 'the row, by the columns of its table',
    snapshot: 'all rows, of snapshots',
    diffResults: 'added and removed rows, of answers that are logged together',
    hostIdentifier: 'machine, or its UUID',
    calendarTime: 'when it was logged, in words',
    unixTime: 'when it was logged, in seconds',
    epoch: 'of the schedule',
    counter: '0 for the first answer',
    numerics: 'true where numbers are no texts',
    decorations: 'what the operator has every answer say: platform, hostname …',
    log_type: 'result, snapshot (Fleet, Kolide)',
  },
  renames: {
    'columns.command': ['columns.command', 'snapshot.command', 'diffResults.added.command'],
    'columns.minute': ['columns.minute', 'snapshot.minute', 'diffResults.added.minute'],
    'columns.history_file': [
      'columns.history_file',
      'columns.directory',
      'snapshot.history_file',
      'diffResults.added.history_file',
    ],
    'columns.path': ['columns.path', 'snapshot.path', 'diffResults.added.path'],
  },
}

export const HOST_RECORDS: readonly Mapping[] = [
  auditd,
  line('auth', 'lines of programs that log people in'),
  line('clamav', 'lines of ClamAV'),
  line('cron', 'lines of cron'),
  line('guacamole', 'lines of Guacamole'),
  osquery,
  line('sshd', 'lines of the SSH server'),
  line('sudo', 'lines of sudo'),
  line('syslog', 'lines of any program'),
  line('vsftpd', 'lines of vsftpd'),
]
