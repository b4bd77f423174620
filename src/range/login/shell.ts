import type { Process } from '../evidence/audit-calls.ts'
import type { Speaker } from '../evidence/audit-logins.ts'
import { type Machine, ROOT, type User } from '../machine.ts'
import { sealed } from '../network/ssh-bytes.ts'
import type { Act } from '../schedule.ts'
import { executableOf } from './executable.ts'
import type { SshVisit } from './ssh-visit.ts'

const SESSION_MODULES =
  'pam_selinux,pam_loginuid,pam_keyinit,pam_permit,pam_umask,pam_unix,pam_systemd,pam_mail,pam_limits,pam_env'

/** A terminal session that began with an SSH login: what is typed on the wire, what runs in the audit trail. */
export class Shell {
  readonly machine: Machine
  readonly user: User
  readonly session: number
  readonly visit: SshVisit
  /** The visitor told bash to keep no history. */
  isHistoryOff = false
  readonly #terminal: number
  #bashPid = 0

  private constructor(visit: SshVisit, user: User) {
    this.visit = visit
    this.machine = visit.machine
    this.user = user
    this.session = visit.machine.nextSession()
    this.#terminal = visit.machine.takeTerminal()
  }

  /** From an accepted login to the prompt. */
  static *open(visit: SshVisit, user: User): Act<Shell> {
    const shell = new Shell(visit, user)
    const { machine, session } = shell
    const before = visit.speaker()
    machine.logins.pam(before, 'CRED_ACQ', 'setcred', user.name, 'pam_permit,pam_cap')
    machine.logins.sessionAssigned(visit.pid, user.uid, session)
    visit.log(`pam_unix(sshd:session): session opened for user ${user.name}(uid=${user.uid}) by (uid=0)`)
    yield machine.nowMs + visit.random.between(2, 9)
    shell.#logind(`New session ${session} of user ${user.name}.`)
    yield* shell.#startUserManager()
    machine.logins.pam(shell.#speaker(), 'USER_START', 'session_open', user.name, SESSION_MODULES)
    yield* visit.say('remote', sealed(36, visit.random))
    yield* visit.say('local', sealed(28, visit.random))
    yield* visit.say('remote', sealed(420, visit.random))
    machine.logins.login({ ...shell.#speaker(), terminal: `/dev/${shell.#device}` }, { uid: user.uid })
    yield machine.nowMs + visit.random.between(8, 30)
    shell.#bashPid = machine.nextPid()
    machine.calls.executed(shell.#bash())
    yield* visit.say('local', sealed(visit.random.integer(300, 640), visit.random))
    return shell
  }

  /** Types a line and starts the program it names; `replyBytes` come back on the terminal. */
  *run(args: readonly [string, ...string[]], replyBytes: number, line?: string): Act<Process> {
    yield* this.enter(line ?? args.join(' '))
    const program = this.start(args)
    yield this.machine.nowMs + this.visit.random.between(3, 40)
    yield* this.visit.say('local', sealed(replyBytes, this.visit.random))
    return program
  }

  /** A program that bash starts at this moment. */
  start(args: readonly [string, ...string[]]): Process {
    const program = this.#program(args, this.#bashPid)
    this.machine.calls.executed(program)
    return program
  }

  /** A line that bash does itself, such as `echo … > file`. */
  *runBuiltin(length: number): Act<Process> {
    yield* this.type(length)
    return this.#bash()
  }

  /** The same, by its text. */
  *runLine(line: string): Act<Process> {
    yield* this.enter(line)
    return this.#bash()
  }

  /** What comes back on the terminal. */
  *answer(bytes: number): Act {
    yield* this.visit.say('local', sealed(bytes, this.visit.random))
  }

  /** `sudo program …`, allowed without a password. */
  *sudo(args: readonly [string, ...string[]], replyBytes: number): Act<Process> {
    const { machine, user } = this
    yield* this.enter(`sudo ${args.join(' ')}`)
    const sudo = this.#program(['sudo', ...args], this.#bashPid)
    machine.calls.executed({ ...sudo, effectiveUid: ROOT.uid })
    const target = this.#program(args, sudo.pid)
    const commandLine = [target.exe, ...args.slice(1)].join(' ')
    const speaker = { ...this.#speaker(), pid: sudo.pid, uid: user.uid, exe: sudo.exe, address: null }
    const onTerminal = { ...speaker, terminal: `/dev/${this.#device}` }
    machine.logins.pam(onTerminal, 'USER_ACCT', 'accounting', user.name, 'pam_permit')
    machine.logins.command({ ...speaker, terminal: this.#device }, user.home, commandLine)
    const who = `${user.name.padStart(8)} : TTY=${this.#device} ; PWD=${user.home}`
    machine.authLog.write('sudo', `${who} ; USER=root ; COMMAND=${commandLine}`)
    machine.logins.pam(onTerminal, 'CRED_REFR', 'setcred', 'root', 'pam_permit')
    machine.authLog.write(
      'sudo',
      `pam_unix(sudo:session): session opened for user root(uid=0) by ${user.name}(uid=${user.uid})`,
    )
    machine.logins.pam(onTerminal, 'USER_START', 'session_open', 'root', 'pam_limits,pam_permit,pam_unix')
    const asRoot = { ...target, uid: ROOT.uid }
    machine.calls.executed(asRoot)
    yield machine.nowMs + this.visit.random.between(60, 900)
    machine.authLog.write('sudo', 'pam_unix(sudo:session): session closed for user root')
    machine.logins.pam(onTerminal, 'USER_END', 'session_close', 'root', 'pam_limits,pam_permit,pam_unix')
    machine.logins.pam(onTerminal, 'CRED_DISP', 'setcred', 'root', 'pam_permit')
    yield* this.visit.say('local', sealed(replyBytes, this.visit.random))
    return asRoot
  }

  *leave(): Act {
    const { machine, visit, user } = this
    yield* visit.say('remote', sealed(4, visit.random))
    yield* visit.say('local', sealed(60, visit.random))
    yield* visit.say('remote', sealed(36, visit.random))
    visit.log(`Received disconnect from ${visit.place}:11: disconnected by user`)
    visit.log(`Disconnected from user ${user.name} ${visit.place}`)
    yield visit.tcp.close('remote', machine.nowMs)
    machine.freeTerminal(this.#terminal)
    visit.log(`pam_unix(sshd:session): session closed for user ${user.name}`)
    machine.logins.pam(this.#speaker(), 'USER_END', 'session_close', user.name, SESSION_MODULES)
    machine.logins.pam(this.#speaker(), 'CRED_DISP', 'setcred', user.name, 'pam_permit,pam_cap')
    yield machine.nowMs + visit.random.between(3, 20)
    this.#logind(`Session ${this.session} logged out. Waiting for processes to exit.`)
    this.#logind(`Removed session ${this.session}.`)
    machine.tell({
      kind: 'session-ended',
      timeMs: machine.nowMs,
      userName: user.name,
      session: this.session,
    })
  }

  /** A whole line, which the history keeps. */
  *enter(line: string): Act {
    this.machine.tell({
      kind: 'shell-line',
      timeMs: this.machine.nowMs,
      userName: this.user.name,
      uid: this.user.uid,
      home: this.user.home,
      session: this.session,
      line,
      isKept: !this.isHistoryOff,
    })
    yield* this.type(line.length)
  }

  /** Keystrokes as a client sends them, with their echo: a few packets a line. */
  *type(characters: number): Act {
    for (let rest = characters; rest > 0; rest -= 12) {
      yield* this.visit.say('remote', sealed(9 + Math.min(rest, 12), this.visit.random))
      yield this.machine.nowMs + this.visit.random.between(0.3, 2)
      yield* this.visit.say('local', sealed(9 + Math.min(rest, 12), this.visit.random))
    }
  }

  #program(args: readonly [string, ...string[]], parentPid: number): Process {
    const name = args[0].slice(args[0].lastIndexOf('/') + 1)
    const exe = executableOf(args[0])
    return { ...this.#bash(), pid: this.machine.nextPid(), ppid: parentPid, comm: name, exe, args }
  }

  get #device(): string {
    return `pts/${this.#terminal}`
  }

  #bash(): Process {
    return {
      pid: this.#bashPid,
      ppid: this.visit.pid,
      comm: 'bash',
      exe: '/usr/bin/bash',
      args: ['-bash'],
      cwd: this.user.home,
      uid: this.user.uid,
      loginUid: this.user.uid,
      session: this.session,
      tty: `pts${this.#terminal}`,
    }
  }

  #speaker(): Speaker {
    return { ...this.visit.speaker(), loginUid: this.user.uid, session: this.session }
  }

  /** systemd --user takes a session of its own. */
  *#startUserManager(): Act {
    const { machine, user, visit } = this
    const pid = machine.nextPid()
    const session = machine.nextSession()
    const speaker = {
      ...visit.speaker(),
      pid,
      exe: '/usr/lib/systemd/systemd',
      address: null,
      terminal: '?',
    }
    machine.logins.unit(`user-runtime-dir@${user.uid}`, true)
    machine.logins.pam(speaker, 'USER_ACCT', 'accounting', user.name, 'pam_permit')
    machine.logins.sessionAssigned(pid, user.uid, session)
    machine.authLog.write(
      `systemd[${pid}]`,
      `pam_unix(systemd-user:session): session opened for user ${user.name}(uid=${user.uid}) by (uid=0)`,
    )
    const inSession = { ...speaker, loginUid: user.uid, session }
    machine.logins.pam(
      inSession,
      'USER_START',
      'session_open',
      user.name,
      'pam_loginuid,pam_unix,pam_systemd',
    )
    machine.logins.unit(`user@${user.uid}`, true)
    yield machine.nowMs + visit.random.between(20, 70)
  }

  #logind(message: string): void {
    this.machine.authLog.write(`systemd-logind[${this.machine.logindPid}]`, message)
  }
}
