import { readFileSync } from 'node:fs'
import { Engine } from '../../engine/engine.ts'
import { AuthEvent } from '../../event/auth.ts'
import { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import { loadIntel } from '../../intel/load.ts'
import type { Detector, DetectorContext } from '../detector.ts'

/** A login event of the machine `web-1` with everything that a test does not care about. `time` in seconds. */
export function authEvent(time: number, change: Partial<AuthEvent> = {}): AuthEvent {
  const event: AuthEvent = {
    kind: 'auth',
    time: Date.UTC(2026, 4, 12) + time * 1000,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin: { source: 'sshd', file: 'auth.log', line: 1, offset: 0, raw: '' },
    outcome: 'failure',
    method: 'password',
    user: 'root',
    isUnknownUser: false,
    srcIp: '203.0.113.9',
    srcHost: null,
    srcPort: null,
    service: 'sshd',
    pid: null,
    session: null,
    keyFingerprint: null,
    count: 1,
    ...change,
  }
  event.origin = { ...event.origin, raw: `${event.outcome} ${event.user} ${event.srcIp} at ${time}` }
  return AuthEvent.parse(event)
}

/** `count` events, `every` seconds apart from `from` on; `change` gives what differs in each. */
export function authEvents(
  count: number,
  from: number,
  every: number,
  change: (index: number) => Partial<AuthEvent> = () => ({}),
): AuthEvent[] {
  return Array.from({ length: count }, (_, index) => authEvent(from + index * every, change(index)))
}

/** What the detector has told when the events are over: the newest telling of each finding, in the order of their first. */
export function replay<State>(detector: Detector<State>, events: readonly Event[]): Finding[] {
  const told = new Map<string, Finding>()
  const engine = new Engine<Event, Finding, DetectorContext>(
    [detector],
    { intel: loadIntel() },
    (finding) => {
      told.set(finding.id, structuredClone(finding))
    },
  )
  for (const event of events) {
    engine.accept(event)
    engine.advance(event.time)
    engine.restore(JSON.parse(JSON.stringify(engine.snapshot())))
  }
  engine.settle()
  return [...told.values()]
}

/** The events of a sample, and what is expected of them beside it (nothing, where nothing stands there). */
export function sample(folder: URL, name: 'firing' | 'silent'): { events: Event[]; expected: object[] } {
  const lines = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
    .trimEnd()
    .split('\n')
  const expected: object[] =
    name === 'silent' ? [] : JSON.parse(readFileSync(new URL(`${name}.findings.json`, folder), 'utf8'))
  return { events: lines.map((line) => Event.parse(JSON.parse(line))), expected }
}
