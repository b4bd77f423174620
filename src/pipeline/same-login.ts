import type { Event } from '../event/event.ts'

/** Sources that write down the same lines of programs, each in its own form. */
export const TWIN_SOURCES: ReadonlySet<string> = new Set(['syslog', 'journald'])
/** Seconds of tellings that are remembered: both write within the same second, and a little disorder. */
const REMEMBERED_S = 30

interface Told {
  /** How often each source has told it. */
  readonly counts: Map<string, number>
  passed: number
}

/**
 * Where a machine's log files and its journal are both in evidence, every login (and whatever else a program
 * logged) is in them twice. Of equal
 * tellings within one second as many pass as the source that has most of them.
 */
export class SameLogins {
  private recent = new Map<string, Told>()
  private older = new Map<string, Told>()
  private turnedAt = Number.NEGATIVE_INFINITY

  /** Whether this is only another source's telling of what was heard already. */
  isRepeated(event: Event): boolean {
    const what = TWIN_SOURCES.has(event.origin.source) ? deedOf(event) : null
    if (what === null) return false
    this.turn(event.time)
    const key = `${Math.floor(event.time / 1000)}|${event.observer}|${what}`
    let told = this.recent.get(key) ?? this.older.get(key)
    if (told === undefined) {
      told = { counts: new Map(), passed: 0 }
      this.recent.set(key, told)
    }
    const count = (told.counts.get(event.origin.source) ?? 0) + 1
    told.counts.set(event.origin.source, count)
    if (count <= told.passed) return true
    told.passed = count
    return false
  }

  private turn(time: number): void {
    if (time - this.turnedAt < REMEMBERED_S * 1000) return
    this.turnedAt = time
    this.older = this.recent
    this.recent = new Map()
  }
}

/** What both tell alike; null for what only one of them can tell. */
function deedOf(event: Event): string | null {
  switch (event.kind) {
    case 'auth':
      return `${event.pid}|${event.user}|${event.srcIp}|${event.outcome}|${event.srcPort}`
    case 'session':
      return `${event.pid}|${event.user}|${event.srcIp}|${event.action}`
    case 'account':
      return `${event.actor.pid}|${event.action}|${event.user}`
    case 'process':
      return `${event.action}|${event.commandLine}`
    case 'file':
      return `${event.action}|${event.path}`
    case 'service':
      return `${event.action}|${event.unit}`
    case 'dns':
      return `${event.srcIp}|${event.query}|${event.queryType}|${event.isResponse}|${event.answers.join(' ')}`
    case 'alert':
      return `${event.sensor}|${event.rule}`
    default:
      return null
  }
}
