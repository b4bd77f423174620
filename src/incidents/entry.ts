import { lowest } from '../extremes.ts'
import type { Asset } from '../assets/asset.ts'
import type { SessionSpan } from '../assets/session-logins.ts'
import { type Finding, isAtLeast } from '../event/finding.ts'
import type { WayIn } from './incident.ts'
import { sessionsOf } from './occupation/trace.ts'
import type { Machines } from './machines.ts'
import { kindOf, waysIn } from './way-in.ts'

/** A login so long before the first step, with something against it, is how they came in. */
const BEFORE_FIRST_STEP_MS = 30 * 60_000
/** Two records of one login; a session's is the later one. */
const SAME_LOGIN_MS = 60_000
/** Of a login that nothing speaks against but what was done in its session. */
const BY_SESSION_CONFIDENCE = 0.6

export interface Entry {
  readonly wayIn: WayIn | null
  /** All logins that are the intruder's. */
  readonly ways: readonly WayIn[]
}

/**
 * How the intruder came in. Surest are logins after guessing; else it is the login whose session did
 * what was found; else a login shortly before with something, though little, against it.
 */
export function entryOf(
  asset: Asset,
  sure: readonly Finding[],
  all: readonly Finding[],
  machines: Machines,
): Entry {
  const sessionOf = (pid: number, srcIp: string): string | null => machines.sessionOf(pid, srcIp)
  const steps = sure.filter((finding) => finding.stage !== 'way-in')
  const guessed = waysIn(sure, sessionOf)
  const weak = waysIn(
    all.filter((finding) => !isAtLeast(finding.severity, 'medium')),
    sessionOf,
  )
  const opened = loginsOf(asset, steps, machines).map((way) => {
    const told = weak.find((candidate) => isSameLogin(candidate, way))
    return told === undefined ? way : { ...told, session: way.session, confidence: way.confidence }
  })
  if (guessed.length > 0) {
    const used = guessed.find((way) => opened.some((login) => isSameLogin(way, login)))
    const others = opened.filter((login) => !guessed.some((way) => isSameLogin(way, login)))
    const ways = [...guessed, ...others].toSorted((a, b) => a.time - b.time)
    return { wayIn: firstOf(used ?? guessed[0] ?? null, others[0]), ways }
  }
  if (opened.length > 0) return { wayIn: opened[0] ?? null, ways: opened }
  const first = lowest(steps.map((finding) => finding.firstSeen))
  const near = weak.filter((way) => way.time <= first && way.time >= first - BEFORE_FIRST_STEP_MS).slice(-1)
  return { wayIn: near[0] ?? null, ways: near }
}

/** The first of several gangs is how the trouble began. */
function firstOf(guessed: WayIn | null, opened: WayIn | undefined): WayIn | null {
  return guessed !== null && opened !== undefined && opened.time < guessed.time ? opened : guessed
}

/** The logins in whose sessions the graver steps were done, first one first. */
function loginsOf(asset: Asset, steps: readonly Finding[], machines: Machines): WayIn[] {
  const found = new Map<number, WayIn>()
  for (const step of steps) {
    if (!isAtLeast(step.severity, 'high')) continue
    for (const session of sessionsOf(step)) {
      const span = machines.sessionAt(asset, session, step.firstSeen)
      if (span !== null) found.set(span.from, openedBy(span, session))
    }
  }
  return [...found.values()].toSorted((a, b) => a.time - b.time)
}

function openedBy({ login }: SessionSpan, session: string): WayIn {
  const { time, user, srcIp, method, pid, evidence } = login
  return {
    kind: kindOf(method),
    time,
    srcIp,
    user,
    tries: 0,
    sourceCount: 1,
    method,
    pid,
    session,
    confidence: BY_SESSION_CONFIDENCE,
    evidence: [evidence],
  }
}

function isSameLogin(a: WayIn, b: WayIn): boolean {
  const isSameProcess = a.pid !== null && a.pid === b.pid
  return (
    a.srcIp === b.srcIp &&
    (a.user === b.user || a.user === null || b.user === null) &&
    (isSameProcess ||
      (a.session !== null && a.session === b.session) ||
      Math.abs(a.time - b.time) <= SAME_LOGIN_MS)
  )
}
