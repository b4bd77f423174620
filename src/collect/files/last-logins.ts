import type { Fact } from '../fact.ts'
import type { Image } from './image.ts'

/** utmp(5) on all 64-bit Linux: ut_type, pid, line[32], id[4], user[32], host[256], exit, session, tv, addr, unused. */
const RECORD_BYTES = 384
const USER_PROCESS = 7
const MAX_BYTES = RECORD_BYTES * 20_000

export interface LoginRecord {
  readonly user: string
  readonly terminal: string
  readonly from: string | null
  readonly pid: number
  /** Epoch ms. */
  readonly time: number
}

export function readLogins(bytes: Buffer): LoginRecord[] {
  const logins: LoginRecord[] = []
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    if (bytes.readInt16LE(at) !== USER_PROCESS) continue
    const host = textAt(bytes, at + 76, 256)
    logins.push({
      pid: bytes.readInt32LE(at + 4),
      terminal: textAt(bytes, at + 8, 32),
      user: textAt(bytes, at + 44, 32),
      from: host === '' ? null : host,
      time: bytes.readUInt32LE(at + 340) * 1000 + Math.floor(bytes.readUInt32LE(at + 344) / 1000),
    })
  }
  return logins
}

function textAt(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return (end < 0 ? field : field.subarray(0, end)).toString('utf8')
}

/** The last login of each user from each place, from the end of wtmp; who is logged in now, from utmp. */
export function* lastLoginFacts(image: Image): Generator<Fact> {
  const latest = new Map<string, LoginRecord & { count: number }>()
  const wtmp = image.content('/var/log/wtmp', MAX_BYTES, 'end')
  // Records are of one size: a cut at the start is put right by counting from the end.
  const whole = wtmp?.bytes.subarray(wtmp.bytes.length % RECORD_BYTES) ?? Buffer.alloc(0)
  for (const login of readLogins(whole)) {
    const key = `${login.user}\0${login.from ?? ''}`
    latest.set(key, { ...login, count: (latest.get(key)?.count ?? 0) + 1 })
  }
  const now = new Set(
    readLogins(image.content('/run/utmp', MAX_BYTES)?.bytes ?? Buffer.alloc(0)).map(({ pid }) => pid),
  )
  for (const { user, from, terminal, pid, time, count } of latest.values()) {
    yield {
      type: 'last-login',
      id: `${user}@${from ?? 'local'}`,
      name: user,
      attributes: { user, from, terminal, pid, time, count, isLoggedIn: now.has(pid) },
    }
  }
}
