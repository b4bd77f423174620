import { contentId } from '../../../src/event/content-id.ts'

/** How distributions write sshd's lines down. */
export type LogDialect = 'debian-11' | 'debian-12' | 'ubuntu-24' | 'rhel-9' | 'journal'

export interface Peer {
  readonly user: string
  readonly ip: string
  readonly port?: number
}

interface Line {
  readonly time: number
  readonly program: string
  readonly pid: number
  readonly message: string
}

interface LogFields {
  readonly host: string
  readonly dialect?: LogDialect
  /** Minutes east of UTC that the clock on the wall is at a time (epoch ms). */
  readonly zone?: (time: number) => number
  readonly firstPid?: number
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const KEY = 'ssh2: ED25519 SHA256:hZqkq3vG0l8J7dTz2oYxw1sB5nE9rUcP4mA6iF0tLxQ'

/** The log in which one host's sshd, sudo and cron speak. Times in epoch ms; lines are put in order when written. */
export class SshdLog {
  readonly #fields: LogFields
  readonly #lines: Line[] = []
  #pid: number
  #port = 32_768

  constructor(fields: LogFields) {
    this.#fields = fields
    this.#pid = fields.firstPid ?? 2000
  }

  get path(): string {
    const { dialect = 'debian-11', host } = this.#fields
    return `${host}/${dialect === 'rhel-9' ? 'secure' : dialect === 'journal' ? 'journal.json' : 'auth.log'}`
  }

  /** Wrong passwords on one connection, then it goes. */
  guess(time: number, { user, ip, port }: Peer, { unknown = false, tries = 1 } = {}): void {
    const pid = this.#nextPid()
    const from = `${ip} port ${port ?? this.#nextPort()}`
    const name = unknown ? `invalid user ${user}` : user
    if (unknown) this.#say(time, pid, `Invalid user ${user} from ${from}`)
    for (let at = 0; at < tries; at++) {
      const tried = time + at * 3000
      if (unknown) this.#say(tried + 100, pid, 'pam_unix(sshd:auth): check pass; user unknown')
      const who = unknown ? '' : ` user=${user}`
      this.#say(
        tried + 100,
        pid,
        `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} ${who}`,
      )
      this.#say(tried + 2000, pid, `Failed password for ${name} from ${from} ssh2`)
    }
    const gone = time + (tries - 1) * 3000 + 2400
    const who = unknown ? name : `authenticating user ${user}`
    this.#say(gone, pid, `Connection closed by ${who} ${from} [preauth]`)
  }

  /** A host that takes keys only: no verdict is ever written. */
  turnedAway(time: number, { user, ip, port }: Peer, isUnknown: boolean): void {
    const pid = this.#nextPid()
    const from = `${ip} port ${port ?? this.#nextPort()}`
    if (isUnknown) this.#say(time, pid, `Invalid user ${user} from ${from}`)
    const who = isUnknown ? `invalid user ${user}` : `authenticating user ${user}`
    this.#say(time + 300, pid, `Connection closed by ${who} ${from} [preauth]`)
  }

  /** A connection that names nobody: a scanner, a monitor, a health check. */
  touched(time: number, ip: string, how: 'closed' | 'no-banner' | 'reset' | 'bad-kex' = 'closed'): void {
    const pid = this.#nextPid()
    const from = `${ip} port ${this.#nextPort()}`
    const said = {
      closed: `Connection closed by ${from} [preauth]`,
      'no-banner': `error: kex_exchange_identification: Connection closed by remote host`,
      reset: `Connection reset by ${from}`,
      'bad-kex': `Unable to negotiate with ${from}: no matching host key type found. Their offer: ssh-dss [preauth]`,
    }[how]
    this.#say(time, pid, said)
    if (how === 'no-banner') this.#say(time, pid, `Connection closed by ${from}`)
  }

  /** Refused keys, as the log shows them once half of MaxAuthTries is used up. */
  refusedKeys(time: number, { user, ip, port }: Peer, count: number, isTooMany = false): void {
    const pid = this.#nextPid()
    const from = `${ip} port ${port ?? this.#nextPort()}`
    for (let at = 0; at < count; at++)
      this.#say(time + at * 200, pid, `Failed publickey for ${user} from ${from} ${KEY}`)
    if (!isTooMany) return
    this.#say(
      time + count * 200,
      pid,
      `error: maximum authentication attempts exceeded for ${user} from ${from} ssh2 [preauth]`,
    )
    this.#say(
      time + count * 200,
      pid,
      `Disconnecting authenticating user ${user} ${from}: Too many authentication failures [preauth]`,
    )
  }

  /** An account that `AllowUsers` leaves out. */
  refused(time: number, { user, ip, port }: Peer): void {
    const pid = this.#nextPid()
    const from = `${ip} port ${port ?? this.#nextPort()}`
    this.#say(time, pid, `User ${user} from ${ip} not allowed because not listed in AllowUsers`)
    this.#say(time + 2000, pid, `Failed password for invalid user ${user} from ${from} ssh2`)
    this.#say(time + 2400, pid, `Connection closed by invalid user ${user} ${from} [preauth]`)
  }

  /** Somebody gets in; gives the process that serves them. */
  login(
    time: number,
    { user, ip, port }: Peer,
    { by = 'password', forMs = 600_000 }: { by?: 'password' | 'publickey'; forMs?: number } = {},
  ): number {
    const pid = this.#nextPid()
    const from = `${ip} port ${port ?? this.#nextPort()}`
    const uid = user === 'root' ? 0 : 1000
    this.#say(time, pid, `Accepted ${by} for ${user} from ${from} ${by === 'publickey' ? KEY : 'ssh2'}`)
    this.#say(
      time + 50,
      pid,
      `pam_unix(sshd:session): session opened for user ${user}(uid=${uid}) by (uid=0)`,
    )
    this.#say(time + forMs, pid, `Received disconnect from ${from}:11: disconnected by user`)
    this.#say(time + forMs, pid, `Disconnected from user ${user} ${from}`)
    this.#say(time + forMs, pid, `pam_unix(sshd:session): session closed for user ${user}`)
    return pid
  }

  other(time: number, program: string, message: string): void {
    this.#lines.push({ time, program, pid: this.#nextPid(), message })
  }

  file(): { path: string; content: string } {
    const lines = this.#lines.toSorted((a, b) => a.time - b.time)
    return { path: this.path, content: lines.map((line) => `${this.#written(line)}\n`).join('') }
  }

  #say(time: number, pid: number, message: string): void {
    const program = this.#fields.dialect === 'ubuntu-24' ? 'sshd-session' : 'sshd'
    this.#lines.push({ time, program, pid, message })
  }

  #written({ time, program, pid, message }: Line): string {
    const { host, dialect = 'debian-11', zone = () => 0 } = this.#fields
    if (dialect === 'journal') return journalEntry(time, host, program, pid, message)
    const minutes = zone(time)
    const wall = new Date(time + minutes * 60_000)
    const text = `${program}[${pid}]: ${message}`
    if (dialect === 'debian-12' || dialect === 'ubuntu-24')
      return `${wall.toISOString().slice(0, 23)}000${offsetText(minutes)} ${host} ${text}`
    const day = String(wall.getUTCDate()).padStart(2)
    return `${MONTHS[wall.getUTCMonth()]} ${day} ${wall.toISOString().slice(11, 19)} ${host} ${text}`
  }

  #nextPid(): number {
    this.#pid += 2
    return this.#pid
  }

  #nextPort(): number {
    this.#port = this.#port >= 60_900 ? 32_768 : this.#port + 7
    return this.#port
  }
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const clock = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
  return `${minutes < 0 ? '-' : '+'}${clock}`
}

/** `journalctl -o json`, with the fields that matter. */
function journalEntry(time: number, host: string, program: string, pid: number, message: string): string {
  const micros = String(Math.round(time * 1000))
  return JSON.stringify({
    __CURSOR: `s=7d1;i=${micros.slice(-9)};b=4f2;m=1;t=${micros};x=${pid}`,
    __REALTIME_TIMESTAMP: micros,
    _MACHINE_ID: contentId('m', host).slice(2).padEnd(32, '0'),
    _HOSTNAME: host,
    _COMM: 'sshd',
    _SYSTEMD_UNIT: 'ssh.service',
    SYSLOG_IDENTIFIER: program,
    SYSLOG_PID: String(pid),
    _PID: String(pid),
    PRIORITY: '6',
    MESSAGE: message,
  })
}
