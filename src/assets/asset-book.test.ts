import { describe, expect, it } from 'vitest'
import type { Event, EventOf } from '../event/event.ts'
import { AssetBook } from './asset-book.ts'
import type { Machine } from './asset.ts'
import { zoneFromSkew } from './clock-skew.ts'

const T0 = Date.UTC(2026, 4, 12, 3, 0, 0)

function login(observer: string, time: number, fields: Partial<EventOf<'auth'>> = {}): Event {
  const source = observer.startsWith('trail:') ? 'auditd' : 'syslog'
  return {
    kind: 'auth',
    time,
    timeQuality: 'exact',
    observer,
    subjects: [observer],
    origin: { source, file: source === 'auditd' ? 'e/audit.log' : 'e/auth.log', offset: 0, raw: '' },
    outcome: 'success',
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
    ...fields,
  }
}

function flow(src: string, dst: string, start: number, end: number): Event {
  const [srcIp = '', srcPort = ''] = src.split('#')
  const [dstIp = '', dstPort = ''] = dst.split('#')
  return {
    kind: 'flow',
    time: end,
    timeQuality: 'exact',
    observer: `ip:${srcIp}`,
    subjects: [`ip:${srcIp}`, `ip:${dstIp}`],
    origin: { source: 'pcap', file: 'e/eth0.pcap', offset: 0, raw: '' },
    communityId: '1:x',
    transport: 'tcp',
    srcIp,
    srcPort: Number(srcPort),
    dstIp,
    dstPort: Number(dstPort),
    start,
    packetsOut: 1,
    packetsIn: 1,
    bytesOut: 60,
    bytesIn: 60,
    isHandshakeSeen: true,
  }
}

function connect(observer: string, ip: string, port: number, time: number): Event {
  return {
    kind: 'socket',
    time,
    timeQuality: 'exact',
    observer,
    subjects: [observer],
    origin: { source: 'auditd', file: 'e/audit.log', offset: 0, raw: '' },
    action: 'connect',
    actor: { pid: 1, ppid: 1, exe: null, name: null, uid: 0, loginUid: null, session: null, tty: null },
    ip,
    port,
    path: null,
    isSuccess: true,
    key: null,
  }
}

function bookOf(
  events: readonly Event[],
  machines: readonly Machine[] = [],
  groupOf = (): string => 'e',
): AssetBook {
  const book = new AssetBook(machines, groupOf)
  for (const event of events) book.observe(event)
  book.settle()
  return book
}

const WEB_1: Machine = {
  name: 'web-1',
  id: 'i-0abc',
  addresses: ['10.0.3.17'],
  hostNames: ['web-1'],
  instanceType: 't3.large',
  region: 'us-east-1',
  usdPerHour: null,
}

/** A login and its connection, in the files of one folder. */
const seenIn = (host: string, folder: string, port: number): Event[] => {
  const connection = flow(`203.0.113.9#${port}`, '10.0.3.17#22', T0, T0 + 60_000)
  connection.origin.file = `${folder}/eth0.pcap`
  const line = login(`host:${host}`, T0 + 4000, { srcPort: port })
  line.origin.file = `${folder}/auth.log`
  return [line, connection]
}

const folderOf = (file?: string): string => file?.split('/', 1)[0] ?? ''

describe('asset book', () => {
  it('joins a host with an address when both saw the same SSH connection', () => {
    const book = bookOf([
      login('host:web-1', T0 + 4000, { srcPort: 50_001 }),
      flow('203.0.113.9#50001', '10.0.3.17#2222', T0, T0 + 60_000),
    ])
    const asset = book.assetOf('ip:10.0.3.17')
    expect(asset.id).toBe('web-1')
    expect(asset.names).toEqual(['web-1', '10.0.3.17'])
    expect(asset.joins).toEqual(['the same SSH connection is in e/auth.log and e/eth0.pcap'])
    expect(book.assetOf('ip:203.0.113.9').id).toBe('203.0.113.9')
  })

  it('joins by connections whose lines come later, from a clock that is ahead', () => {
    const ahead = 2 * 3600_000
    const book = bookOf([
      flow('203.0.113.9#50001', '10.0.3.17#22', T0, T0 + 3000),
      flow('203.0.113.9#50002', '10.0.3.17#22', T0 + 9000, T0 + 12_000),
      login('host:web-1', T0 + ahead + 2500, { srcPort: 50_001 }),
      login('host:web-1', T0 + ahead + 11_500, { srcPort: 50_002 }),
    ])
    expect(book.assetOf('ip:10.0.3.17').id).toBe('web-1')
  })

  it('does not join hosts by an address that several share, but knows who is behind it where', () => {
    const book = bookOf(
      [...seenIn('blue-1', 'blue', 50_001), ...seenIn('green-1', 'green', 50_002)],
      [],
      folderOf,
    )
    expect(book.assetOf('host:blue-1').identifiers).toEqual(['host:blue-1'])
    expect(book.assetOf('host:green-1').identifiers).toEqual(['host:green-1'])
    expect(book.hostBehind('ip:10.0.3.17', ['green/eth0.pcap'])).toBe('host:green-1')
    expect(book.hostBehind('ip:10.0.3.17', ['green/eth0.pcap', 'blue/eth0.pcap'])).toBe('ip:10.0.3.17')
    expect(book.hostBehind('ip:10.0.3.18', ['green/eth0.pcap'])).toBe('ip:10.0.3.18')
  })

  it('joins nothing on an address alone, or on a port used again much later', () => {
    const book = bookOf([
      login('host:web-1', T0, { srcPort: 50_001 }),
      flow('203.0.113.9#50002', '10.0.3.17#22', T0, T0 + 60_000),
      flow('203.0.113.9#50001', '10.0.3.18#22', T0 + 9 * 3600_000 + 77_000, T0 + 9 * 3600_000 + 99_000),
    ])
    expect(book.assetOf('ip:10.0.3.17').id).toBe('10.0.3.17')
    expect(book.assetOf('ip:10.0.3.18').id).toBe('10.0.3.18')
  })

  it('joins an unnamed audit trail by the process of a login, and knows the session it opened', () => {
    const book = bookOf([
      login('host:web-1', T0, { pid: 811, srcPort: 50_001 }),
      login('trail:a1', T0 + 300, { pid: 811, session: '77' }),
      login('host:db-1', T0, { pid: 812 }),
    ])
    expect(book.assetOf('trail:a1').id).toBe('web-1')
    expect(book.sessionOf(811, '203.0.113.9')).toBe('77')
  })

  it('joins an audit trail by its outgoing connections, unless another machine fits as well', () => {
    const events = [
      connect('trail:a1', '198.51.100.7', 443, T0),
      connect('trail:a1', '198.51.100.8', 80, T0 + 9000),
      flow('10.0.3.17#40000', '198.51.100.7#443', T0 + 20, T0 + 5000),
      flow('10.0.3.17#40001', '198.51.100.8#80', T0 + 9020, T0 + 9500),
    ]
    expect(bookOf(events).assetOf('trail:a1').id).toBe('10.0.3.17')
    const crowded = [...events, flow('10.0.3.18#40000', '198.51.100.7#443', T0 + 100, T0 + 5000)]
    expect(bookOf(crowded).assetOf('trail:a1').id).not.toBe('10.0.3.17')
  })

  it('says so when it assumes: one host beside one unnamed trail', () => {
    const events = [login('host:web-1', T0), connect('trail:a1', '198.51.100.7', 443, T0)]
    const asset = bookOf(events).assetOf('trail:a1')
    expect(asset.id).toBe('web-1')
    expect(asset.joins[0]).toMatch(/^assumed: /u)
    const elsewhere = bookOf(events, [], (file?: string) => file ?? '')
    expect(elsewhere.assetOf('trail:a1').id).not.toBe('web-1')
    expect(bookOf([...events, login('host:db-1', T0)]).assetOf('trail:a1').id).toMatch(/^unnamed machine/u)
  })

  it("believes the inventory, and AWS's default host names", () => {
    const book = bookOf([login('host:ip-10-0-3-17', T0)], [WEB_1])
    expect(book.assetOf('host:ip-10-0-3-17').id).toBe('web-1')
    expect(book.assetOf('ip:10.0.3.17').machine?.instanceType).toBe('t3.large')
    expect(bookOf([login('host:ip-10-0-3-999', T0)]).assetOf('host:ip-10-0-3-999').id).toBe('ip-10-0-3-999')
  })

  it('takes a short name for a full one only where there is no choice', () => {
    const full = login('host:web-1.example.com', T0)
    expect(bookOf([login('host:web-1', T0), full]).assetOf('host:web-1').identifiers).toHaveLength(2)
    const two = bookOf([login('host:web-1', T0), full, login('host:web-1.example.org', T0)])
    expect(two.assetOf('host:web-1').identifiers).toEqual(['host:web-1'])
  })

  it('does not depend on the order of events', () => {
    const events = [
      login('host:web-1', T0, { pid: 811, srcPort: 50_001 }),
      login('trail:a1', T0 + 300, { pid: 811 }),
      flow('203.0.113.9#50001', '10.0.3.17#22', T0 - 1000, T0 + 60_000),
    ]
    const flowLast = bookOf(events).assetOf('host:web-1')
    const [one, two, three] = events
    if (one === undefined || two === undefined || three === undefined) throw new Error('three events')
    expect(bookOf([two, one, three]).assetOf('trail:a1')).toEqual(flowLast)
  })
})

describe('clock skew', () => {
  it('is measured from logins seen in both logs', () => {
    const book = new AssetBook([], () => 'e')
    for (let at = 0; at < 5; at++) {
      book.observe(login('host:web-1', T0 + at * 60_000 - 43_000, { pid: 800 + at }))
      book.observe(login('trail:a1', T0 + at * 60_000, { pid: 800 + at }))
    }
    const [skew] = book.settle()
    expect(skew).toMatchObject({ fileA: 'e/auth.log', fileB: 'e/audit.log', deltaMs: -43_000, sightings: 5 })
    expect(book.assetOf('trail:a1').id).toBe('web-1')
    expect(skew === undefined ? 0 : zoneFromSkew(skew)).toBeNull()
  })

  it.each([
    [7_200_000, 120],
    [7_200_900, 120],
    [-19_800_000 + 3000, -330],
    [43_000, null],
    [0, null],
    [3_600_000 + 400_000, null],
  ])('of %i ms is a zone of %s minutes', (deltaMs, minutes) => {
    expect(zoneFromSkew({ fileA: 'a', fileB: 'b', deltaMs, sightings: 3, what: '' })).toBe(minutes)
  })
})
