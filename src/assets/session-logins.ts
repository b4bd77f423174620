import type { Event } from '../event/event.ts'
import type { Identifier } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'
import { RecentMap } from '../recent-map.ts'

/** A login over SSH: its audit session from the audit trail, the rest as sshd's own lines tell it, where they are in evidence. */
export interface SessionLogin {
  /** Epoch ms. */
  readonly time: number
  readonly user: string | null
  readonly srcIp: string | null
  readonly method: string | null
  readonly pid: number | null
  readonly evidence: Evidence
}

/** What an audit session stands for. Numbers begin again with every boot: `to` is when the same one comes again. */
export interface SessionSpan {
  readonly from: number
  readonly to: number
  readonly login: SessionLogin
}

const REMEMBERED = 5_000
/** Of one session number on one machine: one per boot. */
const PER_SESSION = 16
/** Sshd tells of a login more than once (by channel, by terminal). */
const SAME_LOGIN_MS = 60_000
/** The clocks of a log and of a trail may be adrift by so much. */
const DRIFT_MS = 10 * 60_000

/** Who opened which audit session over SSH. */
export class SessionLogins {
  private readonly logins = new RecentMap<SessionLogin[]>(REMEMBERED)
  /** Sshd's lines, by server process and client address. */
  private readonly lines = new RecentMap<SessionLogin>(REMEMBERED)

  observe(event: Event): void {
    if (event.kind !== 'auth' || event.outcome !== 'success' || event.service !== 'sshd') return
    const { time, user, srcIp, method, pid, origin } = event
    const login = { time, user, srcIp, method, pid, evidence: { ...origin, time } }
    if (event.session === null) {
      if (pid !== null) this.lines.set(`${pid}|${srcIp}`, login)
      return
    }
    const key = `${event.observer}|${event.session}`
    const known = this.logins.get(key) ?? []
    const isTold = known.some((other) => Math.abs(other.time - time) <= SAME_LOGIN_MS)
    if (isTold || known.length >= PER_SESSION) return
    known.push(login)
    this.logins.set(key, known)
  }

  /** The session of that number that was open on the machine at `time`; null where its login is not in evidence. */
  spanAt(observers: readonly Identifier[], session: string, time: number): SessionSpan | null {
    const logins = observers
      .flatMap((observer) => this.logins.get(`${observer}|${session}`) ?? [])
      .toSorted((a, b) => a.time - b.time)
    const at = logins.findLastIndex((login) => login.time <= time + SAME_LOGIN_MS)
    const login = logins[at]
    if (login === undefined) return null
    return {
      from: login.time,
      to: logins[at + 1]?.time ?? Number.POSITIVE_INFINITY,
      login: this.asSshdTells(login),
    }
  }

  private asSshdTells(login: SessionLogin): SessionLogin {
    const line = this.lines.get(`${login.pid}|${login.srcIp}`)
    const isSame = line !== undefined && Math.abs(line.time - login.time) <= DRIFT_MS
    return isSame ? { ...line, time: login.time } : login
  }
}
