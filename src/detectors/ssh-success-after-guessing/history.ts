/** Logins of one user (or, at an account, from one address) that nothing spoke against. */
export interface GoodLogins {
  who: string
  first: number
  /** When the `REGULAR_SESSIONS`th session began; null before that. */
  regularSince: number | null
  sessions: number
  /** Of `sessions`: by key. */
  byKey: number
  last: number
}

/** A history this old, or with so many sessions, says that somebody belongs here. */
const REGULAR_MS = 24 * 3_600_000
const REGULAR_SESSIONS = 3
/** Two records of a login within this time are one login, told twice. */
const SAME_LOGIN_MS = 60_000
/** People who log in from one address, or addresses one person logs in from, that are remembered. */
const MAX_REMEMBERED = 32

export function rememberLogin(history: GoodLogins[], who: string, time: number, isByKey: boolean): void {
  const known = history.find((entry) => entry.who === who)
  if (known === undefined) {
    if (history.length >= MAX_REMEMBERED) forgetOldest(history)
    history.push({ who, first: time, regularSince: null, sessions: 1, byKey: isByKey ? 1 : 0, last: time })
    return
  }
  if (time - known.last > SAME_LOGIN_MS) {
    known.sessions++
    if (isByKey) known.byKey++
    if (known.sessions === REGULAR_SESSIONS) known.regularSince = time
  }
  known.first = Math.min(known.first, time)
  known.last = Math.max(known.last, time)
}

/** Whether `who` had been at home here before the failures began. */
export function isAtHome(history: readonly GoodLogins[], who: string, failuresBegan: number): boolean {
  const known = history.find((entry) => entry.who === who)
  if (known === undefined) return false
  const isRegular = known.regularSince !== null && known.regularSince < failuresBegan
  return isRegular || known.first <= failuresBegan - REGULAR_MS
}

/** Nobody has come otherwise than by key, and often enough to call it the custom. */
export function comesByKey(history: readonly GoodLogins[]): boolean {
  const sessions = history.reduce((sum, entry) => sum + entry.sessions, 0)
  return sessions >= REGULAR_SESSIONS && history.every((entry) => entry.byKey === entry.sessions)
}

export function mergeHistories(a: readonly GoodLogins[], b: readonly GoodLogins[]): GoodLogins[] {
  const merged = new Map(a.map((entry) => [entry.who, entry]))
  for (const entry of b) {
    const known = merged.get(entry.who)
    merged.set(entry.who, known === undefined ? entry : mergeLogins(known, entry))
  }
  return [...merged.values()].toSorted((x, y) => x.last - y.last).slice(-MAX_REMEMBERED)
}

function mergeLogins(a: GoodLogins, b: GoodLogins): GoodLogins {
  const sessions = a.sessions + b.sessions
  const since = [a.regularSince, b.regularSince].filter((time) => time !== null)
  // Which of both halves' sessions was the third is not kept: the later half's end is surely not too early.
  if (since.length === 0 && sessions >= REGULAR_SESSIONS) since.push(Math.max(a.last, b.last))
  return {
    who: a.who,
    first: Math.min(a.first, b.first),
    regularSince: since.length === 0 ? null : Math.min(...since),
    sessions,
    byKey: a.byKey + b.byKey,
    last: Math.max(a.last, b.last),
  }
}

function forgetOldest(history: GoodLogins[]): void {
  const oldest = history.reduce((least, entry) => (entry.last < least.last ? entry : least))
  history.splice(history.indexOf(oldest), 1)
}
