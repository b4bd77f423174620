import type { Event, EventOf } from '../event/event.ts'

/** Sources that write down the same lines of sshd, each in its own form. */
export const TWIN_SOURCES: ReadonlySet<string> = new Set(['syslog', 'journald'])
/** Seconds of tellings that are remembered: both write within the same second, and a little disorder. */
const REMEMBERED_S = 30

interface Told {
  /** How often each source has told it. */
  readonly counts: Map<string, number>
  passed: number
}

/**
 * Where a machine's log files and its journal are both in evidence, every login is in them twice. Of equal
 * tellings within one second as many pass as the source that has most of them.
 */
export class SameLogins {
  private recent = new Map<string, Told>()
  private older = new Map<string, Told>()
  private turnedAt = Number.NEGATIVE_INFINITY

  /** Whether this is only another source's telling of what was heard already. */
  isRepeated(event: Event): boolean {
    if ((event.kind !== 'auth' && event.kind !== 'session') || !TWIN_SOURCES.has(event.origin.source))
      return false
    this.turn(event.time)
    const key = keyOf(event)
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

function keyOf(event: EventOf<'auth'> | EventOf<'session'>): string {
  const second = Math.floor(event.time / 1000)
  const what = event.kind === 'auth' ? `${event.outcome}|${event.srcPort}` : event.action
  return `${second}|${event.observer}|${event.pid}|${event.user}|${event.srcIp}|${what}`
}
