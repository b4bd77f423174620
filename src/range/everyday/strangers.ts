import type { Machine } from '../machine.ts'
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import { type Act, SECOND_MS } from '../schedule.ts'

const SSH_PORT = 22
const BANNER = new TextEncoder().encode('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5\r\n')

interface Stranger {
  /** The first bytes it sends. */
  readonly says: string
  /** What sshd (OpenSSH 9) says about it; `at` is `ADDRESS port PORT`. */
  readonly lines: (at: string) => readonly string[]
  readonly staysMs: number
}

/** Scanners, old clients and wrong protocols: every public sshd meets them all day. */
const STRANGERS: readonly [Stranger, ...Stranger[]] = [
  {
    says: 'SSH-2.0-paramiko_2.1.1\r\n',
    lines: (at) => [
      `Unable to negotiate with ${at}: no matching host key type found. Their offer: ssh-rsa,ssh-dss [preauth]`,
    ],
    staysMs: 300,
  },
  {
    says: 'SSH-2.0-JSCH-0.1.54\r\n',
    lines: (at) => [
      `Unable to negotiate with ${at}: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1,diffie-hellman-group1-sha1 [preauth]`,
    ],
    staysMs: 300,
  },
  {
    says: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    lines: (at) => [
      'error: kex_exchange_identification: client sent invalid protocol identifier "GET / HTTP/1.1"',
      `banner exchange: Connection from ${at}: invalid format`,
    ],
    staysMs: 80,
  },
  {
    says: '\u0016\u0003\u0001\u0000\u00ee',
    lines: (at) => [`banner exchange: Connection from ${at}: invalid format`],
    staysMs: 80,
  },
  { says: 'SSH-2.0-Go\r\n', lines: (at) => [`Connection closed by ${at} [preauth]`], staysMs: 900 },
  {
    says: 'SSH-2.0-ZGrab ZGrab SSH Survey\r\n',
    lines: (at) => [`Connection reset by ${at} [preauth]`],
    staysMs: 500,
  },
  { says: '', lines: (at) => [`fatal: Timeout before authentication for ${at}`], staysMs: 120 * SECOND_MS },
]

/** Somebody's program finds port 22, and goes away again. */
export function* strangersKnock(machine: Machine, random: Random, everyMs: number): Act {
  for (;;) {
    yield machine.nowMs + random.exponential(everyMs)
    machine.schedule.start(knock(machine, random.fork(`${machine.nowMs}`)))
  }
}

function* knock(machine: Machine, random: Random): Act {
  const { says, lines, staysMs } = random.pick(STRANGERS)
  const remote = {
    ip: `198.18.${random.integer(40, 250)}.${random.integer(1, 254)}`,
    port: random.integer(1025, 65_000),
  }
  const local = { ip: machine.facts.address, port: SSH_PORT }
  const tcp = new TcpConnection(
    machine.tap,
    { local, remote, opener: 'remote', rttMs: random.between(20, 260) },
    random,
  )
  yield tcp.open(machine.nowMs)
  const tag = `sshd[${machine.nextPid()}]`
  yield tcp.send('local', BANNER, machine.nowMs + 5)
  if (says !== '') yield tcp.send('remote', new TextEncoder().encode(says), machine.nowMs)
  yield machine.nowMs + staysMs * random.between(0.9, 1.1)
  for (const line of lines(`${remote.ip} port ${remote.port}`)) machine.authLog.write(tag, line)
  yield tcp.close(says === '' ? 'local' : 'remote', machine.nowMs)
}
