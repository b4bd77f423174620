import type { LogEntry } from './log-entry.ts'

export const HOST = 'bench-1'
const MACHINE_ID = '5d3c8f10a2b44e6f9b7718c0de5ac0fe'
const BOOT_ID = 'a4be61f07c5d4f0d8a92e0cc11d3b7f2'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `May  5 07:00:01 bench-1 sshd[1234]: …` (RFC 3164, UTC) */
export function classicLine({ timeMs, program, pid, message }: LogEntry): string {
  const date = new Date(timeMs)
  const day = String(date.getUTCDate()).padStart(2, ' ')
  return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)} ${HOST} ${program}[${pid}]: ${message}\n`
}

/** `2026-05-05T07:00:01.123000+00:00 bench-1 sshd[1234]: …` (rsyslog's RFC 3339 format) */
export function isoLine({ timeMs, program, pid, message }: LogEntry): string {
  return `${new Date(timeMs).toISOString().slice(0, 23)}000+00:00 ${HOST} ${program}[${pid}]: ${message}\n`
}

/** `journalctl -o json` with the fields that an entry of a syslog client has; `index` numbers the entries. */
export function journalLine({ timeMs, program, pid, message }: LogEntry, index: number): string {
  const micros = `${timeMs}000`
  const unit = program === 'sshd' ? 'ssh.service' : `${program.toLowerCase()}.service`
  const entry = {
    __CURSOR: `s=0c2f7e5c9d1b4a7e8f60a1b2c3d4e5f6;i=${index.toString(16)};b=${BOOT_ID};m=${(timeMs % 1e9).toString(16)};t=${timeMs.toString(16)};x=${(index * 2654435761).toString(16)}`,
    __REALTIME_TIMESTAMP: micros,
    __MONOTONIC_TIMESTAMP: String((timeMs % 1e9) * 1000),
    _BOOT_ID: BOOT_ID,
    _TRANSPORT: 'syslog',
    PRIORITY: '6',
    SYSLOG_FACILITY: program === 'sshd' ? '4' : '3',
    SYSLOG_IDENTIFIER: program,
    SYSLOG_PID: String(pid),
    SYSLOG_TIMESTAMP: classicLine({ timeMs, program, pid, message }).slice(0, 16),
    MESSAGE: message,
    _PID: String(pid),
    _UID: '0',
    _GID: '0',
    _COMM: program,
    _EXE: `/usr/sbin/${program}`,
    _CMDLINE: `${program}: [listener]`,
    _CAP_EFFECTIVE: '1ffffffffff',
    _SELINUX_CONTEXT: 'unconfined\n',
    _SYSTEMD_CGROUP: `/system.slice/${unit}`,
    _SYSTEMD_UNIT: unit,
    _SYSTEMD_SLICE: 'system.slice',
    _SYSTEMD_INVOCATION_ID: '71d0cc3be5f84c1c9e3d0f2b8a6c4e17',
    _MACHINE_ID: MACHINE_ID,
    _HOSTNAME: HOST,
    _SOURCE_REALTIME_TIMESTAMP: micros,
  }
  return `${JSON.stringify(entry)}\n`
}
