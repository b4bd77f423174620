import type { Process } from '../evidence/audit-calls.ts'
import { type Machine, ROOT } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'

const CRON_MODULES = 'pam_loginuid,pam_env,pam_permit,pam_unix,pam_limits'

/** A line of a crontab, run by root every `everyMs` from now on: a login of its own each time. */
export function* cronRuns(machine: Machine, commandLine: string, random: Random, everyMs: number): Act {
  for (;;) {
    yield (Math.floor(machine.nowMs / everyMs) + 1) * everyMs + random.between(10, 900)
    yield* cronJob(machine, commandLine, random)
  }
}

function* cronJob(machine: Machine, commandLine: string, random: Random): Act {
  const { logins } = machine
  const pid = machine.nextPid()
  const session = machine.nextSession()
  const before = {
    pid,
    uid: ROOT.uid,
    loginUid: null,
    session: null,
    exe: '/usr/sbin/cron',
    address: null,
    terminal: 'cron',
  }
  const speaker = { ...before, loginUid: ROOT.uid, session }
  const log = (message: string): void => {
    machine.authLog.write(`CRON[${pid}]`, message)
  }
  logins.pam(before, 'USER_ACCT', 'accounting', ROOT.name, 'pam_permit')
  logins.pam(before, 'CRED_ACQ', 'setcred', ROOT.name, 'pam_permit')
  logins.sessionAssigned(pid, ROOT.uid, session)
  log('pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)')
  logins.pam(speaker, 'USER_START', 'session_open', ROOT.name, CRON_MODULES)
  machine.calls.executed(shell(machine, pid, session, commandLine))
  yield machine.nowMs + random.between(30, 2500)
  logins.pam(speaker, 'CRED_DISP', 'setcred', ROOT.name, 'pam_permit')
  log('pam_unix(cron:session): session closed for user root')
  logins.pam(speaker, 'USER_END', 'session_close', ROOT.name, CRON_MODULES)
}

function shell(machine: Machine, cronPid: number, session: number, commandLine: string): Process {
  return {
    pid: machine.nextPid(),
    ppid: cronPid,
    comm: 'sh',
    exe: '/usr/bin/dash',
    args: ['/bin/sh', '-c', commandLine],
    cwd: ROOT.home,
    uid: ROOT.uid,
    loginUid: ROOT.uid,
    session,
    tty: null,
  }
}
