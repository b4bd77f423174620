import { TcpConversation, type TimedPacket } from '../../src/wire/encode/index.ts'

export const START: number = Date.UTC(2026, 4, 12, 3, 0, 0)
export const GUESSER = '203.0.113.7'
export const MINER = '10.0.3.17'
/** Shaped like a Monero address, and nobody's. */
export const WALLET: string = `4${'A'.repeat(94)}`

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `May 12 03:00:00` */
export function classicTime(timeMs: number): string {
  const date = new Date(timeMs)
  const day = String(date.getUTCDate()).padStart(2, ' ')
  return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`
}

export interface Login {
  readonly host?: string
  readonly user?: string
  readonly ip?: string
  readonly pid?: number
  readonly port?: number
}

/** What sshd says of one try. */
export function verdict(
  kind: 'Failed' | 'Accepted',
  { user = 'root', ip = GUESSER, port = 40_000 }: Login,
): string {
  return `${kind} password for ${user} from ${ip} port ${port} ssh2`
}

/** A line of auth.log. */
export function authLine(timeMs: number, kind: 'Failed' | 'Accepted', login: Login = {}): string {
  const { host = 'web-1', pid = 700 } = login
  return `${classicTime(timeMs)} ${host} sshd[${pid}]: ${verdict(kind, login)}\n`
}

/** An auth.log in which root's password is guessed. */
export function guessedLog(login: Login = {}, startMs: number = START): string {
  const tries = Array.from({ length: 30 }, (_, at) =>
    authLine(startMs + at * 2000, 'Failed', { ...login, pid: 1000 + at, port: 40_000 + at }),
  )
  return tries.join('') + authLine(startMs + 62_000, 'Accepted', { ...login, pid: 1100, port: 40_100 })
}

/** An entry of `journalctl -o json`. */
export function journalLine(
  timeMs: number,
  message: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const entry = {
    __CURSOR: `s=1;i=${timeMs}`,
    __REALTIME_TIMESTAMP: String(timeMs * 1000),
    _HOSTNAME: 'web-1',
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '700',
    MESSAGE: message,
    ...more,
  }
  return `${JSON.stringify(entry)}\n`
}

/** The records of one execve, as auditd writes them. */
export function execve(timeMs: number, serial: number, args: readonly string[], node?: string): string {
  const prefix = node === undefined ? '' : `node=${node} `
  const stamp = `msg=audit(${(timeMs / 1000).toFixed(3)}:${serial})`
  const program = args[0] ?? ''
  const name = program.slice(program.lastIndexOf('/') + 1, program.lastIndexOf('/') + 16)
  return [
    `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=${serial} auid=0 uid=0 euid=0 tty=pts0 ses=1 comm=${coded(name)} exe=${coded(program)} key="exec"`,
    `type=EXECVE ${stamp}: argc=${args.length} ${args.map((arg, at) => `a${at}=${coded(arg)}`).join(' ')}`,
    `type=CWD ${stamp}: cwd="/root"`,
    `type=PATH ${stamp}: item=0 name=${coded(program)} inode=1 nametype=NORMAL`,
    `type=PROCTITLE ${stamp}: proctitle=${coded(args.join('\0'))}`,
  ]
    .map((record) => `${prefix}${record}\n`)
    .join('')
}

/** Quoted where it is harmless, else in hex: what the kernel does with text that a process chose. */
function coded(text: string): string {
  return /^[\x21\x23-\x7e]*$/u.test(text) ? `"${text}"` : Buffer.from(text).toString('hex').toUpperCase()
}

/** An audit trail in which a miner is started. */
export function minedTrail(firstSerial = 100, node?: string): string {
  const everyday = Array.from({ length: 20 }, (_, at) =>
    execve(START + at * 1000, firstSerial + at, ['/usr/bin/id'], node),
  )
  const miner = ['/dev/shm/.x', '-o', 'stratum+tcp://pool.example.net:3333', '-u', WALLET]
  return everyday.join('') + execve(START + 30_000, firstSerial + 30, miner, node)
}

const line = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`)

/** The packets of a miner at work: login and five shares. */
export function miningPackets(
  framing: 'ethernet' | 'ip' = 'ethernet',
  startMs: number = START,
  ip: string = MINER,
): TimedPacket[] {
  const conversation = new TcpConversation({
    client: { ip, port: 50_123 },
    server: { ip: '198.51.100.2', port: 3333 },
    startMs,
    rttMs: 20,
    framing,
  })
  let time = conversation.connect()
  const login = { login: WALLET, pass: 'x', agent: 'XMRig/6.21.0', algo: ['rx/0'] }
  conversation.send(true, line({ id: 1, jsonrpc: '2.0', method: 'login', params: login }), time)
  const job = { blob: '0'.repeat(152), job_id: 'j1', target: 'b88d0600', algo: 'rx/0', height: 3 }
  conversation.send(
    false,
    line({ id: 1, jsonrpc: '2.0', error: null, result: { id: 'a', job, status: 'OK' } }),
    time + 30,
  )
  for (let share = 0; share < 5; share++) {
    time += 10_000
    const params = { id: 'a', job_id: 'j1', nonce: `0000000${share}`, result: 'f'.repeat(64) }
    conversation.send(true, line({ id: 2 + share, jsonrpc: '2.0', method: 'submit', params }), time)
    conversation.send(
      false,
      line({ id: 2 + share, jsonrpc: '2.0', error: null, result: { status: 'OK' } }),
      time + 30,
    )
  }
  return conversation.packets()
}
