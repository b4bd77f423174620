import type { Process } from '../../evidence/audit-calls.ts'
import type { Foothold } from '../../gangs/gang.ts'
import { ScriptHands } from '../../gangs/script-hands.ts'
import type { CronEntry } from '../../host/host.ts'
import { cronJob, nextRunMs } from '../../login/cron-job.ts'
import { type Act, MINUTE_MS, SECOND_MS } from '../../schedule.ts'

/** What a job does, by hands of its own. */
export type Work = (foothold: Foothold) => Act

const ATD_PID = 655

/** Once, `delayMs` from now, by atd at the turn of a minute; not if somebody has thrown out the spool file by then. */
export function* later(foothold: Foothold, delayMs: number, line: string, work: Work): Act {
  const { host, hands, machine, random, gang } = foothold
  const minutes = Math.max(1, Math.round(delayMs / MINUTE_MS))
  const at = yield* hands.pipe(`echo '${line}' | at now + ${minutes} minutes`, [
    ['at', 'now', '+', `${minutes}`, 'minutes'],
  ])
  const spool = `/var/spool/cron/atjobs/a0${random.hex(12)}`
  if (!foothold.write(spool, { what: 'at-job', isNew: true, mode: '0100700' }, at)) return
  const dueMs = Math.ceil((machine.nowMs + minutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS
  function* run(): Act {
    if (host.files.get(spool) !== gang) return
    host.files.delete(spool)
    yield* work(foothold.by(scriptHands(foothold, line, { ppid: ATD_PID, unit: 'atd.service' }), 'at'))
  }
  machine.schedule.start(run(), dueMs + random.between(10, 900))
}

/** A crontab line that does `work` each time, for as long as it is there. */
export function* byCron(
  foothold: Foothold,
  { place, line, everyMs }: { place: string; line: string; everyMs: number },
  work: Work,
): Act<boolean> {
  const { gang, hands, host, random } = foothold
  const shell = yield* hands.builtin(`echo '${line}' > ${place}`)
  if (!foothold.write(place, { what: 'cron' }, shell)) return false
  const entry: CronEntry = { owner: gang, place, line, isGone: false }
  host.cron.push(entry)
  host.machine.schedule.start(cronRuns(foothold, entry, everyMs, random.fork(`cron-${place}`), work))
  return true
}

function* cronRuns(
  foothold: Foothold,
  entry: CronEntry,
  everyMs: number,
  random: Foothold['random'],
  work: Work,
): Act {
  const { machine, hands } = foothold
  const command = entry.line.replace(/^(?:@\w+|(?:\S+\s+){5})/u, '').replace(/^\s*root\s+/u, '')
  for (;;) {
    yield nextRunMs(machine.nowMs, everyMs, random)
    if (entry.isGone) return
    yield* cronJob(machine, command.trim(), random, {
      user: hands.user,
      work: (shell) =>
        work(foothold.by(new ScriptHands(machine, hands.user, shell, random), `cron-${entry.place}`)),
    })
  }
}

/** A systemd timer that starts a one-shot service every `everyMs`, until somebody stops it. */
export function* byTimer(foothold: Foothold, name: string, everyMs: number, work: Work): Act<boolean> {
  const { gang, hands, host, machine, random } = foothold
  if (!foothold.isRoot) return false
  for (const kind of ['service', 'timer'] as const) {
    const path = `/etc/systemd/system/${name}.${kind}`
    const shell = yield* hands.builtin(`cat > ${path}`)
    if (!foothold.write(path, { what: 'unit' }, shell)) return false
  }
  yield* hands.run(['systemctl', 'daemon-reload'])
  yield* hands.run(['systemctl', 'enable', '--now', `${name}.timer`])
  host.units.set(name, gang)
  function* runs(): Act {
    for (;;) {
      yield machine.nowMs + everyMs * random.between(0.98, 1.06)
      if (host.units.get(name) !== gang) return
      machine.logins.unit(name, true)
      const script = scriptHands(foothold, `/usr/local/lib/${name}.sh`, { ppid: 1, unit: `${name}.service` })
      yield* work(foothold.by(script, `timer-${name}`))
      machine.logins.unit(name, false)
    }
  }
  machine.schedule.start(runs())
  return true
}

/** A script that never ends: sleeps, does its work, sleeps again, while its file lies there. `pauseMs` is asked anew each time. */
export function* byLoop(foothold: Foothold, path: string, pauseMs: () => number, work: Work): Act {
  const { gang, hands, host, machine } = foothold
  const shell = yield* hands.spawn(['bash', path])
  function* rounds(): Act {
    for (;;) {
      const round = new ScriptHands(machine, hands.user, shell, foothold.random.fork(`loop-${machine.nowMs}`))
      const ms = pauseMs()
      yield* round.run(['sleep', `${Math.round(ms / SECOND_MS)}`])
      yield machine.nowMs + ms
      if (host.files.get(path) !== gang) return
      yield* work(foothold.by(round, `loop-${path}`))
    }
  }
  machine.schedule.start(rounds())
}

/** A shell that a daemon runs `line` with. */
function scriptHands(
  { machine, hands, random }: Foothold,
  line: string,
  daemon: { readonly ppid: number; readonly unit: string },
): ScriptHands {
  const shell: Process = {
    pid: machine.nextPid(),
    ppid: daemon.ppid,
    comm: 'sh',
    exe: '/usr/bin/dash',
    args: ['/bin/sh', '-c', line],
    cwd: '/',
    uid: hands.user.uid,
    loginUid: null,
    session: null,
    tty: null,
    unit: daemon.unit,
  }
  machine.calls.executed(shell)
  return new ScriptHands(machine, hands.user, shell, random.fork(`script-${shell.pid}`))
}
