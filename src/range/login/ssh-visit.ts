import type { Speaker } from '../evidence/audit-logins.ts'
import type { Machine, User } from '../machine.ts'
import {
  identification,
  kexEcdhInit,
  kexEcdhReply,
  kexInit,
  newKeys,
  sealed,
  SERVER,
  type SshSoftware,
} from '../network/ssh-bytes.ts'
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'

const SSH_PORT = 22
/** sshd's MaxAuthTries and what pam_unix thinks reasonable. */
export const MAX_TRIES = 6
const PAM_RETRIES = 3
/** Share of segments on the open internet that come twice or out of order. */
const INTERNET_DISORDER = 0.006
const PASSWORD_MESSAGE_BYTES = 62

export interface Visitor {
  readonly ip: string
  readonly software: SshSoftware
  readonly rttMs: number
}

/** The account a visitor asks for; `uid` null = the host knows no such account. */
export interface Account {
  readonly name: string
  readonly uid: number | null
}

/** One connection to sshd (OpenSSH 9): the same thing on the wire, in auth.log and in the audit trail. */
export class SshVisit {
  readonly machine: Machine
  readonly visitor: Visitor
  readonly port: number
  readonly random: Random
  readonly tcp: TcpConnection
  #pid = 0
  #failures = 0

  constructor(machine: Machine, visitor: Visitor, random: Random) {
    this.machine = machine
    this.visitor = visitor
    this.random = random
    this.port = random.integer(32_768, 60_999)
    this.tcp = new TcpConnection(
      machine.tap,
      {
        local: { ip: machine.facts.address, port: SSH_PORT },
        remote: { ip: visitor.ip, port: this.port },
        opener: 'remote',
        rttMs: visitor.rttMs,
        disorder: INTERNET_DISORDER,
      },
      random,
    )
  }

  /** Process id of the sshd that serves this connection. */
  get pid(): number {
    return this.#pid
  }

  get tag(): string {
    return `sshd[${this.#pid}]`
  }

  get place(): string {
    return `${this.visitor.ip} port ${this.port}`
  }

  /** Up to the moment when the server has refused the method "none" and lists what it takes. */
  *connect(): Act {
    const { visitor, random } = this
    yield this.tcp.open(this.machine.nowMs)
    this.#pid = this.machine.nextPid()
    yield* this.say('remote', identification(visitor.software))
    yield this.machine.nowMs + random.between(8, 22)
    yield* this.say('local', identification(SERVER))
    yield* this.say('local', kexInit(SERVER, random))
    yield* this.say('remote', kexInit(visitor.software, random))
    yield* this.say('remote', kexEcdhInit(random))
    yield this.machine.nowMs + random.between(2, 5)
    yield* this.say('local', kexEcdhReply(random))
    yield* this.say('remote', newKeys(random))
    yield* this.say('remote', sealed(17, random))
    yield* this.say('local', sealed(17, random))
    yield* this.say('remote', sealed(40, random))
    yield* this.say('local', sealed(35, random))
  }

  /** sshd notes an unknown name as soon as it is asked for. */
  announce(account: Account): void {
    if (account.uid === null) this.log(`Invalid user ${account.name} from ${this.place}`)
  }

  *failPassword(account: Account): Act {
    const { machine, random } = this
    yield* this.say('remote', sealed(PASSWORD_MESSAGE_BYTES + account.name.length, random))
    yield machine.nowMs + random.between(20, 60)
    if (this.#failures === 0) this.#logFirstFailure(account)
    machine.logins.pam(this.speaker(), 'USER_AUTH', 'authentication', account.name, null)
    // pam_unix asks for a delay of two seconds, which PAM spreads by up to a half.
    yield machine.nowMs + random.between(1500, 2500)
    this.#failures += 1
    this.#tellTried(account.name, 'password', false)
    const who = account.uid === null ? `invalid user ${account.name}` : account.name
    this.log(`Failed password for ${who} from ${this.place} ssh2`)
    const failedAs = account.uid === null ? '(unknown)' : account.name
    machine.logins.login({ ...this.speaker(), terminal: 'sshd' }, { failedAs })
    yield* this.say('local', sealed(35, random))
  }

  /** Returns the moment of admission, epoch ms. */
  *passPassword(user: User): Act<number> {
    const { machine, random } = this
    yield* this.say('remote', sealed(PASSWORD_MESSAGE_BYTES + user.name.length, random))
    yield machine.nowMs + random.between(20, 60)
    machine.logins.pam(this.speaker(), 'USER_AUTH', 'authentication', user.name, 'pam_unix')
    this.#admit(user, `Accepted password for ${user.name} from ${this.place} ssh2`)
    const admittedMs = machine.nowMs
    yield* this.say('local', sealed(1, random))
    return admittedMs
  }

  *passKey(user: User, fingerprint: string): Act {
    const { machine, random } = this
    yield* this.say('remote', sealed(180, random))
    yield* this.say('local', sealed(120, random))
    yield* this.say('remote', sealed(270, random))
    yield machine.nowMs + random.between(1, 4)
    this.#admit(
      user,
      `Accepted publickey for ${user.name} from ${this.place} ssh2: ED25519 SHA256:${fingerprint}`,
    )
    yield* this.say('local', sealed(1, random))
  }

  /** The visitor goes away without having got in: with a goodbye, or just so. */
  *giveUp(account: Account, saysGoodbye: boolean): Act {
    const who = `${account.uid === null ? 'invalid' : 'authenticating'} user ${account.name} ${this.place}`
    yield this.machine.nowMs + this.random.between(5, 40)
    if (saysGoodbye) yield* this.say('remote', sealed(24, this.random))
    yield this.tcp.close('remote', this.machine.nowMs)
    if (saysGoodbye) {
      this.log(`Received disconnect from ${this.place}:11: Bye Bye [preauth]`)
      this.log(`Disconnected from ${who} [preauth]`)
    } else {
      this.log(`Connection closed by ${who} [preauth]`)
    }
    this.#logMoreFailures(account)
  }

  /** sshd has had enough after `MAX_TRIES`. */
  *throwOut(account: Account): Act {
    const unknown = account.uid === null ? 'invalid user ' : ''
    const kind = account.uid === null ? 'invalid' : 'authenticating'
    this.log(
      `error: maximum authentication attempts exceeded for ${unknown}${account.name} from ${this.place} ssh2 [preauth]`,
    )
    this.log(
      `Disconnecting ${kind} user ${account.name} ${this.place}: Too many authentication failures [preauth]`,
    )
    yield* this.say('local', sealed(60, this.random))
    yield this.tcp.close('local', this.machine.nowMs)
    this.#logMoreFailures(account)
  }

  log(message: string): void {
    this.machine.authLog.write(this.tag, message)
  }

  speaker(): Speaker {
    return {
      pid: this.#pid,
      uid: 0,
      loginUid: null,
      session: null,
      exe: '/usr/sbin/sshd',
      address: this.visitor.ip,
      terminal: 'ssh',
    }
  }

  *say(side: 'local' | 'remote', bytes: Uint8Array): Act {
    yield this.tcp.send(side, bytes, this.machine.nowMs)
  }

  #admit(user: User, message: string): void {
    this.log(message)
    this.#tellTried(user.name, message.includes(' publickey ') ? 'publickey' : 'password', true)
    this.machine.logins.pam(this.speaker(), 'USER_ACCT', 'accounting', user.name, 'pam_permit')
  }

  #tellTried(userName: string, method: 'password' | 'publickey', isAccepted: boolean): void {
    this.machine.tell({
      kind: 'login-tried',
      timeMs: this.machine.nowMs,
      userName,
      method,
      isAccepted,
      srcIp: this.visitor.ip,
      srcPort: this.port,
      pid: this.#pid,
    })
  }

  #logFirstFailure(account: Account): void {
    if (account.uid === null) this.log('pam_unix(sshd:auth): check pass; user unknown')
    this.log(`pam_unix(sshd:auth): authentication failure; ${this.#pamWho(account)}`)
  }

  #logMoreFailures(account: Account): void {
    const more = this.#failures - 1
    if (more < 1) return
    this.log(`PAM ${more} more authentication failure${more === 1 ? '' : 's'}; ${this.#pamWho(account)}`)
    if (this.#failures > PAM_RETRIES) {
      this.log(`PAM service(sshd) ignoring max retries; ${this.#failures} > ${PAM_RETRIES}`)
    }
  }

  #pamWho(account: Account): string {
    const who = `logname= uid=0 euid=0 tty=ssh ruser= rhost=${this.visitor.ip} `
    return account.uid === null ? who : `${who} user=${account.name}`
  }
}
