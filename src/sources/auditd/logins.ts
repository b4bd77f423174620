import ipaddr from 'ipaddr.js'
import type { AuthEvent } from '../../event/auth.ts'
import type { Event } from '../../event/event.ts'
import type { SessionEvent } from '../../event/session.ts'
import { placed } from './call.ts'
import { decimal, decoded, type Fields, isSuccessful, numberedAccount, plain, sessionOf } from './fields.ts'
import { RecentMap } from '../../recent-map.ts'
import type { AuditRecord } from './record.ts'

/** PAM tells of a failure, waits its two seconds, then sshd tells of the same one. */
const SAME_FAILURE_MS = 30_000
/** From the last step of authentication to the session. */
const SAME_LOGIN_MS = 10_000
const REMEMBERED = 4096

/** Who tells of a login failure: PAM, the program by its own USER_AUTH, the program by USER_LOGIN. */
type Teller = 'pam' | 'program' | 'login'

/** Failures of one source that are told; those of them that later tellers are still to repeat. */
interface Failures {
  lastTime: number
  isProgramTelling: boolean
  readonly awaited: Record<Exclude<Teller, 'pam'>, number>
}

/** What the steps before a success said of the process that logs somebody in. */
interface Attempt {
  user: string | null
  method: string | null
  toldSession: string | null
  /** PAM let the account in: it would have been asked for a password too. */
  isByPam: boolean
}

/**
 * Login records of programs (sshd, login, su, sudo, gdm …) to attempts and sessions.
 *
 * - One success per login: USER_LOGIN for programs that write it, else the USER_AUTH of su, sudo and
 *   the like. USER_LOGIN names a number only; the user comes from the steps before (same process).
 * - One failure per attempt: up to three records tell of it (see `Teller`), in the order PAM, program,
 *   USER_LOGIN; what one told first the later ones do not tell again.
 * - Where PAM asks for passwords, what sshd alone tells of was a key: PAM's records show the difference.
 */
export class Logins {
  readonly #failures = new RecentMap<Failures>(REMEMBERED)
  readonly #attempts = new RecentMap<Attempt>(REMEMBERED)
  /** Who passed authentication lately, by address and user: keyboard-interactive runs in a process of its own. */
  readonly #passed = new RecentMap<{ time: number; method: string | null }>(REMEMBERED)
  /** Writers whose sshd uses PAM. */
  readonly #pamWriters = new RecentMap<true>(REMEMBERED)

  /** Null when the record is not about logins. */
  eventsOf(record: AuditRecord, fields: Fields): readonly Event[] | null {
    switch (record.type) {
      case 'USER_AUTH':
      case 'USER_ERR':
        return listed(
          isSuccessful(fields) ? this.#authenticated(record, fields) : this.#failed(record, fields),
        )
      case 'USER_LOGIN':
        return listed(isSuccessful(fields) ? this.#loggedIn(record, fields) : this.#failed(record, fields))
      case 'USER_ACCT':
      case 'CRED_ACQ':
        if (isSuccessful(fields)) this.#learn(record, fields)
        return []
      case 'USER_START':
        this.#learn(record, fields)
        return listed(sessionEventOf(record, fields, 'open'))
      case 'USER_END':
        return listed(sessionEventOf(record, fields, 'close'))
      case 'USER_LOGOUT':
      case 'CRED_DISP':
      case 'CRED_REFR':
      case 'LOGIN':
        return []
      default:
        return null
    }
  }

  #authenticated(record: AuditRecord, fields: Fields): AuthEvent | null {
    const attempt = this.#learn(record, fields)
    attempt.method = methodOf(fields)
    const key = passKey(record, addressOf(fields), attempt.user)
    this.#passed.set(key, { time: record.time, method: attempt.method })
    // These write USER_LOGIN when all is decided; the others have nothing but this record.
    if (WRITES_USER_LOGIN.has(serviceOf(record, fields))) return null
    return authEvent(record, fields, 'success', attempt.user, attempt.method)
  }

  #loggedIn(record: AuditRecord, fields: Fields): AuthEvent | null {
    const attempt = this.#learn(record, fields)
    const session = sessionOf(fields) ?? ''
    // sshd tells again for every channel of the connection.
    if (attempt.toldSession === session) return null
    attempt.toldSession = session
    const user = attempt.user ?? numberedAccount(fields)
    return authEvent(
      record,
      fields,
      'success',
      user,
      attempt.method ?? this.#methodBefore(record, fields, attempt),
    )
  }

  #failed(record: AuditRecord, fields: Fields): AuthEvent | null {
    const source = addressOf(fields) ?? plain(fields.get('hostname')) ?? fields.get('pid') ?? ''
    const key = `${record.lane}\0${serviceOf(record, fields)}\0${source}`
    let failures = this.#failures.get(key)
    if (failures === undefined || record.time - failures.lastTime > SAME_FAILURE_MS) {
      failures = { lastTime: record.time, isProgramTelling: false, awaited: { program: 0, login: 0 } }
    }
    failures.lastTime = record.time
    this.#failures.set(key, failures)
    const teller = tellerOf(record, fields)
    if (teller === 'pam' && serviceOf(record, fields) === 'sshd') this.#pamWriters.set(record.lane, true)
    if (isRepeated(failures, teller)) return null
    const isKey =
      teller === 'login' && !failures.isProgramTelling && this.#pamWriters.get(record.lane) === true
    const method = methodOf(fields) ?? (isKey && serviceOf(record, fields) === 'sshd' ? 'publickey' : null)
    return authEvent(record, fields, 'failure', userOf(record, fields), method)
  }

  /** A login that PAM admitted without having authenticated it was by key. */
  #methodBefore(record: AuditRecord, fields: Fields, attempt: Attempt): string | null {
    const passed = this.#passed.get(passKey(record, addressOf(fields), attempt.user))
    if (passed !== undefined && Math.abs(record.time - passed.time) <= SAME_LOGIN_MS) return passed.method
    return attempt.isByPam && serviceOf(record, fields) === 'sshd' ? 'publickey' : null
  }

  #learn(record: AuditRecord, fields: Fields): Attempt {
    const key = `${record.lane}\0${fields.get('pid') ?? ''}\0${serviceOf(record, fields)}`
    const attempt = this.#attempts.get(key) ?? { user: null, method: null, toldSession: null, isByPam: false }
    if (record.type === 'USER_ACCT' && isOfPam(fields)) attempt.isByPam = true
    if (isOfPam(fields) && serviceOf(record, fields) === 'sshd') this.#pamWriters.set(record.lane, true)
    const user = userOf(record, fields)
    if (user !== null && user !== attempt.user) {
      // Another login of a process number that came round again.
      if (attempt.user !== null) Object.assign(attempt, { method: null, toldSession: null, isByPam: false })
      attempt.user = user
    }
    this.#attempts.set(key, attempt)
    return attempt
  }
}

const WRITES_USER_LOGIN: ReadonlySet<string> = new Set([
  'sshd',
  'login',
  'gdm',
  'lightdm',
  'sddm',
  'cockpit',
  'remote',
])

function listed(event: Event | null): readonly Event[] {
  return event === null ? [] : [event]
}

function tellerOf(record: AuditRecord, fields: Fields): Teller {
  if (record.type === 'USER_LOGIN') return 'login'
  return isOfPam(fields) ? 'pam' : 'program'
}

/** `op=PAM:…`; before audit 2 the message had no `op` and came from PAM. */
function isOfPam(fields: Fields): boolean {
  return (fields.get('op') ?? 'PAM').startsWith('PAM')
}

/** Whether an earlier teller told of this failure; if not, the later ones are expected to repeat it. */
function isRepeated(failures: Failures, teller: Teller): boolean {
  const { awaited } = failures
  if (teller === 'program') failures.isProgramTelling = true
  if (teller !== 'pam' && awaited[teller] > 0) {
    // Where the program tells by itself (Red Hat), USER_LOGIN comes once per connection.
    awaited[teller] = teller === 'login' && failures.isProgramTelling ? 0 : awaited[teller] - 1
    return true
  }
  if (teller === 'pam') awaited.program++
  if (teller !== 'login') awaited.login++
  return false
}

function passKey(record: AuditRecord, address: string | null, user: string | null): string {
  return `${record.lane}\0${address ?? ''}\0${user ?? ''}`
}

const METHODS: ReadonlyMap<string, string> = new Map([
  ['password', 'password'],
  ['pubkey', 'publickey'],
  ['pubkey_auth', 'publickey'],
  ['key', 'publickey'],
  ['hostbased', 'hostbased'],
  ['keyboard-interactive', 'keyboard-interactive'],
  ['gssapi', 'gssapi'],
])

function methodOf(fields: Fields): string | null {
  const operation = fields.get('op') ?? ''
  return METHODS.get(operation) ?? (operation.startsWith('PAM:') ? 'pam' : null)
}

/** Stand-ins of sshd and PAM for a user that does not exist or whose name must not be logged. */
const NOBODY: ReadonlySet<string> = new Set([
  '(unknown)',
  '(unknown user)',
  '(invalid user)',
  '(invalid)',
  '?',
])

function accountOf(record: AuditRecord, fields: Fields): string | null {
  return decoded(fields.get('acct') ?? fields.get('user'), record.isInterpreted)
}

function userOf(record: AuditRecord, fields: Fields): string | null {
  const account = accountOf(record, fields)
  return account === null || NOBODY.has(account) ? null : account
}

function serviceOf(record: AuditRecord, fields: Fields): string {
  const exe = decoded(fields.get('exe'), record.isInterpreted) ?? ''
  const name = exe.slice(exe.lastIndexOf('/') + 1)
  // OpenSSH 9.8 and later split the server in two programs, 10 in three.
  if (name.startsWith('sshd')) return 'sshd'
  if (name.startsWith('gdm')) return 'gdm'
  if (name === 'crond') return 'cron'
  return name === '' ? 'unknown' : name
}

function addressOf(fields: Fields): string | null {
  for (const name of ['addr', 'hostname']) {
    const value = plain(fields.get(name))
    if (value !== null && ipaddr.isValid(value) && /[.:]/u.test(value))
      return ipaddr.process(value).toString()
  }
  return null
}

function authEvent(
  record: AuditRecord,
  fields: Fields,
  outcome: AuthEvent['outcome'],
  user: string | null,
  method: string | null,
): AuthEvent {
  const address = addressOf(fields)
  const host = plain(fields.get('hostname'))
  const account = accountOf(record, fields)
  return {
    kind: 'auth',
    ...placed(record),
    outcome,
    method,
    user,
    isUnknownUser: account !== null && NOBODY.has(account) && account !== '?',
    srcIp: address,
    srcHost: host !== null && !ipaddr.isValid(host) ? host : null,
    srcPort: decimal(fields.get('rport')),
    service: serviceOf(record, fields),
    pid: decimal(fields.get('pid')),
    session: sessionOf(fields),
    keyFingerprint: plain(fields.get('fp')),
    count: 1,
  }
}

function sessionEventOf(
  record: AuditRecord,
  fields: Fields,
  action: SessionEvent['action'],
): SessionEvent | null {
  // sshd on Red Hat tells of the terminal too (`op=login`), after PAM told of the session.
  if (!isSuccessful(fields) || !isOfPam(fields)) return null
  return {
    kind: 'session',
    ...placed(record),
    action,
    user: userOf(record, fields),
    service: serviceOf(record, fields),
    srcIp: addressOf(fields),
    pid: decimal(fields.get('pid')),
    session: sessionOf(fields),
  }
}
