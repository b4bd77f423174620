import type { Process } from '../evidence/audit-calls.ts'
import { type Machine, ROOT, type User } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'

const CRON_MODULES = 'pam_loginuid,pam_env,pam_permit,pam_unix,pam_limits'

/** A line of a crontab, run by root every `everyMs` from now on: a login of its own each time. */
export function* cronRuns(machine: Machine, commandLine: string, random: Random, everyMs: number): Act {
  for (;;) {
    yield nextRunMs(machine.nowMs, everyMs, random)
    yield* cronJob(machine, commandLine, random)
  }
}

/** Cron looks once a minute, and takes a moment. */
export function nextRunMs(nowMs: number, everyMs: number, random: Random): number {
  return (Math.floor(nowMs / everyMs) + 1) * everyMs + random.between(10, 900)
}

/** One run. `work` is what the line does besides, by the shell that runs it. */
export function* cronJob(
  machine: Machine,
  commandLine: string,
  random: Random,
  { user = ROOT, work }: { user?: User; work?: (shell: Process) => Act } = {},
): Act {
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
  const speaker = { ...before, loginUid: user.uid, session }
  const log = (message: string): void => {
    machine.authLog.write(`CRON[${pid}]`, message)
  }
  logins.pam(before, 'USER_ACCT', 'accounting', user.name, 'pam_permit')
  logins.pam(before, 'CRED_ACQ', 'setcred', user.name, 'pam_permit')
  logins.sessionAssigned(pid, user.uid, session)
  log(`pam_unix(cron:session): session opened for user ${user.name}(uid=${user.uid}) by (uid=0)`)
  logins.pam(speaker, 'USER_START', 'session_open', user.name, CRON_MODULES)
  machine.tell({ kind: 'cron-run', timeMs: machine.nowMs, userName: user.name, pid, line: commandLine })
  const running = shell(machine, user, { cronPid: pid, session, commandLine })
  machine.calls.executed(running)
  if (work !== undefined) yield* work(running)
  yield machine.nowMs + random.between(30, 2500)
  logins.pam(speaker, 'CRED_DISP', 'setcred', user.name, 'pam_permit')
  log(`pam_unix(cron:session): session closed for user ${user.name}`)
  logins.pam(speaker, 'USER_END', 'session_close', user.name, CRON_MODULES)
}

function shell(
  machine: Machine,
  user: User,
  { cronPid, session, commandLine }: { cronPid: number; session: number; commandLine: string },
): Process {
  return {
    pid: machine.nextPid(),
    ppid: cronPid,
    comm: 'sh',
    exe: '/usr/bin/dash',
    args: ['/bin/sh', '-c', commandLine],
    cwd: user.home,
    uid: user.uid,
    loginUid: user.uid,
    session,
    tty: null,
    unit: 'cron.service',
  }
}
