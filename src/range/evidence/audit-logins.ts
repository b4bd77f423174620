import { ENRICHED, idText, untrusted } from './audit-text.ts'
import type { UserNames } from './audit-calls.ts'
import type { AuditRecord, AuditTrail } from './audit-trail.ts'

/** Whom a user-space record is about: the program that speaks, and the login it belongs to. */
export interface Speaker {
  readonly pid: number
  readonly uid: number
  readonly loginUid: number | null
  readonly session: number | null
  readonly exe: string
  /** Address of the other end; null = local. */
  readonly address: string | null
  /** `ssh`, `cron`, `/dev/pts/0` … */
  readonly terminal: string
}

/** Writes what PAM, sshd, sudo and systemd tell the audit system. */
export class LoginAuditor {
  readonly #trail: AuditTrail
  readonly #names: UserNames
  /** Told of each unit that starts or stops. */
  watch: ((unit: string, hasStarted: boolean) => void) | null = null

  constructor(trail: AuditTrail, names: UserNames) {
    this.#trail = trail
    this.#names = names
  }

  /** A PAM step: `authentication` (USER_AUTH), `accounting` (USER_ACCT), `setcred` (CRED_ACQ) … `modules` null = it failed. */
  pam(speaker: Speaker, type: string, step: string, account: string, modules: string | null): void {
    const operation = `op=PAM:${step} grantors=${modules ?? '?'} acct=${untrusted(account)}`
    this.#trail.write(this.#told(speaker, type, operation, modules !== null))
  }

  /** sshd's own word on a login (OpenSSH, audit-linux.c): by name where it failed, by id on a terminal where it did not. */
  login(speaker: Speaker, who: { failedAs: string } | { uid: number }): void {
    const isSuccess = 'uid' in who
    const account = isSuccess ? `id=${who.uid}` : `acct=${untrusted(who.failedAs)}`
    const record = this.#told(speaker, 'USER_LOGIN', `op=login ${account}`, isSuccess)
    const resolved = isSuccess ? ` ID="${this.#names(who.uid)}"` : ''
    this.#trail.write({ ...record, text: record.text + resolved })
  }

  /** The kernel: a process got its login uid and session. */
  sessionAssigned(pid: number, uid: number, session: number): void {
    const before = idText(null)
    const text = `pid=${pid} uid=0 subj=unconfined old-auid=${before} auid=${uid} tty=(none) old-ses=${before} ses=${session} res=1`
    const resolved = `UID="root" OLD-AUID="unset" AUID="${this.#names(uid)}"`
    this.#trail.write({ type: 'LOGIN', text: `${text}${ENRICHED}${resolved}` })
  }

  /** sudo: a command as it was asked for. */
  command(speaker: Speaker, cwd: string, commandLine: string): void {
    const { exe, terminal } = speaker
    const body = `cwd=${untrusted(cwd)} cmd=${untrusted(commandLine)} exe=${untrusted(exe)} terminal=${terminal} res=success`
    this.#trail.write({ type: 'USER_CMD', text: this.#wrapped(speaker, body) })
  }

  /** passwd, chpasswd: a password is another one now. */
  passwordChanged(speaker: Speaker, account: string): void {
    const operation = `op=PAM:chauthtok grantors=pam_unix acct=${untrusted(account)}`
    this.#trail.write(this.#told(speaker, 'USER_CHAUTHTOK', operation, true))
  }

  unit(name: string, hasStarted: boolean): void {
    this.watch?.(name, hasStarted)
    const init = { pid: 1, uid: 0, loginUid: null, session: null, exe: '/usr/lib/systemd/systemd' }
    const body = `unit=${name} comm="systemd" exe="${init.exe}" hostname=? addr=? terminal=? res=success`
    const type = hasStarted ? 'SERVICE_START' : 'SERVICE_STOP'
    this.#trail.write({ type, text: this.#wrapped({ ...init, address: null, terminal: '?' }, body) })
  }

  #told(speaker: Speaker, type: string, operation: string, isSuccess: boolean): AuditRecord {
    const address = speaker.address ?? '?'
    const place = `exe=${untrusted(speaker.exe)} hostname=${address} addr=${address} terminal=${speaker.terminal}`
    return {
      type,
      text: this.#wrapped(speaker, `${operation} ${place} res=${isSuccess ? 'success' : 'failed'}`),
    }
  }

  #wrapped(speaker: Speaker, body: string): string {
    const { pid, uid, loginUid, session } = speaker
    const resolved = `UID="${this.#names(uid)}" AUID="${this.#names(loginUid)}"`
    return `pid=${pid} uid=${uid} auid=${idText(loginUid)} ses=${idText(session)} subj=unconfined msg='${body}'${ENRICHED}${resolved}`
  }
}
