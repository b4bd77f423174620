import { describe, expect, it } from 'vitest'
import type { Event, EventOf } from '../event/event.ts'
import { Coverage } from './coverage.ts'

const HOUR = 3_600_000
const T0 = Date.UTC(2026, 4, 12, 3)
const origin = { source: 'test', file: 'f', offset: 0, raw: '' }

function flow(srcIp: string, dstIp: string, start: number, time: number): Event {
  return {
    kind: 'flow',
    time,
    timeQuality: 'exact',
    observer: `ip:${srcIp}`,
    subjects: [`ip:${srcIp}`],
    origin,
    communityId: '1:x',
    transport: 'tcp',
    srcIp,
    srcPort: 40_000,
    dstIp,
    dstPort: 443,
    start,
    packetsOut: 1,
    packetsIn: 1,
    bytesOut: 60,
    bytesIn: 60,
    isHandshakeSeen: true,
  }
}

function session(observer: string, time: number): Event {
  const event: EventOf<'session'> = {
    kind: 'session',
    time,
    timeQuality: 'exact',
    observer,
    subjects: [observer],
    origin,
    action: 'open',
    user: 'root',
    service: 'sshd',
    srcIp: null,
    pid: 1,
    session: null,
  }
  return event
}

describe('coverage', () => {
  it('covers both ends of a flow, for all of its time', () => {
    const coverage = new Coverage()
    coverage.observe(flow('10.0.3.17', '2001:db8::7', T0, T0 + 3 * HOUR))
    for (const id of ['ip:10.0.3.17', 'ip:2001:db8::7'])
      expect(coverage.rangesOf([id], 'network')).toEqual([{ from: T0, to: T0 + 3 * HOUR }])
    expect([...coverage.addresses((ip) => ip.startsWith('10.'))]).toEqual(['ip:10.0.3.17'])
    expect(coverage.rangesOf(['ip:10.0.3.17'], 'login')).toEqual([])
    expect(coverage.rangesOf(['host:10.0.3.17'], 'network')).toEqual([])
  })

  it('parts at a gap, and takes the identifiers of one machine together', () => {
    const coverage = new Coverage()
    for (const time of [T0, T0 + 60_000, T0 + 5 * HOUR]) coverage.observe(session('host:web-1', time))
    coverage.observe(session('trail:x', T0 + 10 * HOUR))
    const ranges = coverage.rangesOf(['host:web-1', 'trail:x'], 'login')
    expect(ranges.map((range) => (range.from - T0) / HOUR)).toEqual([0, 5, 10])
    expect(ranges.at(-1)?.to).toBe(T0 + 10 * HOUR)
  })
})
