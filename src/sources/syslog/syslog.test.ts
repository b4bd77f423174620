import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../event/event.ts'
import { Event as EventSchema } from '../../event/event.ts'
import { emptyReport } from '../reading.ts'
import { readTexts, type TextFile } from '../samples/read-texts.ts'
import type { SourceEnv } from '../source.ts'
import { syslog } from './index.ts'

type Settings = Partial<Pick<SourceEnv, 'now' | 'zoneOf' | 'datedRanges'>>

async function readOne(text: string, settings: Settings = {}, file: Partial<TextFile> = {}) {
  const { events, reports } = await readTexts(syslog, [{ name: 'auth.log', text, ...file }], settings)
  const [report] = reports
  if (report === undefined) throw new Error('no report')
  return { events, report }
}

function times(events: readonly Event[]): string[] {
  return events.map(({ time }) => new Date(time).toISOString())
}

const COPIED = Date.UTC(2025, 11, 30)
const ACCEPTED = 'sshd[7]: Accepted password for bob from 192.0.2.1 port 4002 ssh2'

const firstTime = (text: string): number | null => syslog.firstTime(Buffer.from(text))

const told = (events: readonly Event[]): string[] =>
  events.map(({ origin, ...event }) => JSON.stringify({ ...event, raw: origin.raw })).toSorted()

describe('syslog', () => {
  it('makes events that fit their schema', async () => {
    const text = [
      'May 12 03:14:05 web-1 sshd[411]: Failed password for root from 203.0.113.9 port 40112 ssh2',
      'May 12 03:14:07 web-1 sshd[412]: Accepted password for root from 203.0.113.9 port 40113 ssh2',
      'May 12 03:14:07 web-1 sshd[412]: pam_unix(sshd:session): session opened for user root by (uid=0)',
      '',
    ].join('\n')
    const { events, report } = await readOne(text)
    expect(events.map((event) => EventSchema.parse(event))).toEqual(events)
    expect(events[0]).toEqual({
      kind: 'auth',
      time: Date.UTC(2026, 4, 12, 3, 14, 5),
      timeQuality: 'year-and-zone-assumed',
      observer: 'host:web-1',
      subjects: ['host:web-1'],
      origin: {
        source: 'syslog',
        file: 'auth.log',
        line: 1,
        offset: 0,
        raw: 'May 12 03:14:05 web-1 sshd[411]: Failed password for root from 203.0.113.9 port 40112 ssh2',
      },
      outcome: 'failure',
      method: 'password',
      user: 'root',
      isUnknownUser: false,
      srcIp: '203.0.113.9',
      srcHost: null,
      srcPort: 40112,
      service: 'sshd',
      pid: 411,
      session: null,
      keyFingerprint: null,
      count: 1,
    })
    expect(events[2]).toMatchObject({
      kind: 'session',
      action: 'open',
      user: 'root',
      srcIp: '203.0.113.9',
      pid: 412,
    })
    expect(report).toMatchObject({ format: 'sshd', records: 3, bad: 0, unused: 0, bytes: text.length })
    expect(report.decisions).toEqual(['year 2026: the latest that is not in the future', 'zone UTC: assumed'])
  })

  it('counts what it does not use, and names what it cannot read', async () => {
    const text = [
      'May 12 03:14:05 web-1 rngd[1]: entropy source is working again',
      'May 12 03:14:05 web-1 sshd[2]: Server listening on 0.0.0.0 port 22.',
      'no time at all',
      '',
      'Feb 30 03:14:05 web-1 sshd[2]: Server listening on 0.0.0.0 port 22.',
      `May 12 03:14:06 web-1 ${ACCEPTED}`,
    ].join('\n')
    const { events, report } = await readOne(text)
    expect(events.length).toBe(1)
    expect(report).toMatchObject({ records: 5, bad: 2, unused: 2 })
    expect(report.problems).toEqual([
      '1 line does not begin with a time and a host',
      '1 line has a time that cannot be',
    ])
  })

  it('calls a log without sshd by its kind', async () => {
    const { report } = await readOne('May 12 03:14:05 web-1 kernel: x\n')
    expect(report.format).toBe('syslog')
  })

  it('unfolds repeats of both kinds', async () => {
    const failed = 'Failed password for root from 192.0.2.1 port 4002 ssh2'
    const text = [
      `May 12 03:14:05 web-1 sshd[7]: ${failed}`,
      `May 12 03:14:15 web-1 sshd[7]: message repeated 5 times: [ ${failed}]`,
      'May 12 03:14:25 web-1 last message repeated 2 times',
      'May 12 03:14:26 web-1 kernel: x',
      'May 12 03:14:27 web-1 last message repeated 9 times',
    ].join('\n')
    const { events, report } = await readOne(text)
    expect(events.map((event) => (event.kind === 'auth' ? event.count : 0))).toEqual([1, 5, 2])
    expect(report.unused).toBe(2)
  })

  it('says where year and zone come from', async () => {
    const zone = {
      minutesAt: (wallMs: number) => (wallMs < Date.UTC(2026, 2, 29, 2) ? 60 : 120),
      why: 'as --timezone says',
    }
    const text = `Jan 12 03:00:00 web-1 ${ACCEPTED}\nMay 12 03:00:00 web-1 ${ACCEPTED}\n`
    const { events, report } = await readOne(text, { zoneOf: () => zone })
    expect(times(events)).toEqual(['2026-01-12T02:00:00.000Z', '2026-05-12T01:00:00.000Z'])
    expect(events.map(({ timeQuality }) => timeQuality)).toEqual(['year-assumed', 'year-assumed'])
    expect(report.decisions).toEqual([
      'year 2026: the latest that is not in the future',
      'zone: as --timezone says',
    ])
  })

  it('takes times that say everything as they are', async () => {
    const { events, report } = await readOne(`2023-11-14T00:20:42.738197+01:00 web-1 ${ACCEPTED}\n`)
    expect(events[0]).toMatchObject({
      time: Date.UTC(2023, 10, 13, 23, 20, 42) + 738.197,
      timeQuality: 'exact',
    })
    expect(report.decisions).toEqual([])
  })

  it('takes the year from evidence that has one', async () => {
    const range = { file: 'eth0.pcap', from: Date.UTC(2023, 4, 12), to: Date.UTC(2023, 4, 13) }
    const { events, report } = await readOne(`May 12 03:00:00 web-1 ${ACCEPTED}\n`, { datedRanges: [range] })
    expect(times(events)).toEqual(['2023-05-12T03:00:00.000Z'])
    expect(report.decisions[0]).toBe('year 2023: it covers the same days as eth0.pcap')
  })

  it('moves on at a New Year and says so', async () => {
    const text = `Dec 31 23:59:59 web-1 ${ACCEPTED}\nJan  1 00:00:01 web-1 ${ACCEPTED}\n`
    const { events, report } = await readOne(text)
    expect(times(events)).toEqual(['2025-12-31T23:59:59.000Z', '2026-01-01T00:00:01.000Z'])
    expect(report.decisions).toContain('year 2026 from line 2 on: a New Year lies before it')
  })

  it('puts a rotated set that a New Year splits in order', async () => {
    const files = [
      {
        name: 'auth.log',
        modifiedAt: COPIED,
        text: `Jan  1 00:00:01 web-1 ${ACCEPTED}\nJan  3 00:00:01 web-1 ${ACCEPTED}\n`,
      },
      {
        name: 'auth.log.1',
        modifiedAt: COPIED,
        text: `Dec 24 23:59:59 web-1 ${ACCEPTED}\nDec 31 23:59:59 web-1 ${ACCEPTED}\n`,
      },
    ]
    const { events } = await readTexts(syslog, files)
    expect(times(events)).toEqual([
      '2024-12-24T23:59:59.000Z',
      '2024-12-31T23:59:59.000Z',
      '2025-01-01T00:00:01.000Z',
      '2025-01-03T00:00:01.000Z',
    ])
  })

  it('reads a log whose daemon was set to full times halfway', async () => {
    const text = `May 12 03:00:00 web-1 ${ACCEPTED}\n2026-05-13T03:00:00Z web-1 ${ACCEPTED}\n`
    const { events } = await readOne(text)
    expect(events.map(({ timeQuality }) => timeQuality)).toEqual(['year-and-zone-assumed', 'exact'])
  })

  const heads: readonly (readonly [string, string, number])[] = [
    ['classic', `May 12 03:00:00 web-1 ${ACCEPTED}\n`, 1],
    ['RFC 3339', `2023-11-14T00:20:42+01:00 web-1 ${ACCEPTED}\n`, 1],
    ['RFC 5424', '<86>1 2023-11-14T00:20:42Z web-1 sshd 7 - - x\n', 1],
    ['half of it', `May 12 03:00:00 web-1 ${ACCEPTED}\nrubbish\n`, 0.5],
    [
      'what other programs write over several lines',
      `${'\tat org.example.Main.run(Main.java:7)\n'.repeat(1000)}May 12 03:00:00 web-1 app: x\n`,
      1,
    ],
    [
      'a rest of something else before the log',
      `${'x\n'.repeat(200)}${`May 12 03:00:00 web-1 ${ACCEPTED}\n`.repeat(200)}`,
      0.5,
    ],
    ["an application's log", '2023-11-14T00:20:42Z INFO started\n', 0],
    ['audit', 'type=SYSCALL msg=audit(1700000000.000:1): arch=c000003e\n', 0],
    ['JSON', '{"a":1}\n', 0],
    ['nothing', '', 0],
    ['bytes', '\0\xFF\x01'.repeat(50), 0],
  ]
  it.each(heads)('recognises %s', (_, text, expected) => {
    expect(syslog.recognise(Buffer.from(text, 'latin1'))).toBe(expected)
  })

  it('knows the first time only where the head tells all of it', () => {
    expect(firstTime(`x\n2023-11-14T00:20:42+01:00 web-1 ${ACCEPTED}\n`)).toBe(
      Date.UTC(2023, 10, 13, 23, 20, 42),
    )
    expect(firstTime(`May 12 03:00:00 web-1 ${ACCEPTED}\n`)).toBeNull()
    expect(firstTime(`2023-11-14T00:20:42 web-1 ${ACCEPTED}\n`)).toBeNull()
  })
})

describe('syslog over many files', () => {
  const messages = [
    'Invalid user admin from 192.0.2.1 port 4002',
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1',
    'Failed password for invalid user admin from 192.0.2.1 port 4002 ssh2',
    'Connection closed by 192.0.2.2 port 9 [preauth]',
    'Accepted password for bob from 192.0.2.3 port 77 ssh2',
    'pam_unix(sshd:session): session opened for user bob by (uid=0)',
  ]
  const line = fc.record({
    step: fc.integer({ min: 0, max: 40 }),
    host: fc.constantFrom('web-1', 'db-1'),
    pid: fc.integer({ min: 1, max: 3 }),
    message: fc.constantFrom(...messages),
  })
  /** From 27 December on, so that some cross the New Year; many lines of one second, but no line twice. */
  const log = fc.array(line, { minLength: 1, maxLength: 40 }).map((steps) => {
    let time = Date.UTC(2025, 11, 27, 23)
    const lines = steps.map(({ step, host, pid, message }, index) => {
      time += index % 9 === 0 ? step * 6 * 3_600_000 : Math.max(0, step - 37) * 1000
      const date = new Date(time)
      const [, , month] = date.toUTCString().split(' ')
      const day = String(date.getUTCDate()).padStart(2)
      return `${month} ${day} ${date.toISOString().slice(11, 19)} ${host} sshd[${pid}]: ${message}\n`
    })
    return Array.from(new Set(lines))
  })

  it('tells the same, however the log is cut, doubled and ordered', async () => {
    const property = fc.asyncProperty(
      log,
      fc.array(fc.nat(40), { maxLength: 4 }),
      fc.boolean(),
      fc.nat(9),
      fc.boolean(),
      async (lines, cuts, isDoubled, turn, hasTail) => {
        const edges = [
          0,
          ...cuts.map((cut) => Math.min(cut, lines.length)).toSorted((a, b) => a - b),
          lines.length,
        ]
        const parts = edges.slice(1).map((end, index) => lines.slice(edges[index], end).join(''))
        // Two pieces within one second: nobody can know which came first.
        const seconds = parts.filter(
          (part) =>
            part !== '' &&
            new Set(
              part
                .trimEnd()
                .split('\n')
                .map((text) => text.slice(0, 15)),
            ).size === 1,
        )
        fc.pre(new Set(seconds.map((part) => part.slice(0, 15))).size === seconds.length)
        const texts = isDoubled ? [...parts, lines.join(''), ...parts] : parts
        const files = texts.map((text, index) => ({
          name: `f${(index + turn) % texts.length}`,
          text,
          hasTail,
          chunkBytes: 64 + index,
        }))
        const whole = await readTexts(syslog, [{ name: 'auth.log', text: lines.join('') }])
        const pieces = await readTexts(
          syslog,
          files.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        )
        expect(told(pieces.events)).toEqual(told(whole.events))
        const count = (what: 'records' | 'duplicates'): number =>
          pieces.reports.reduce((sum, report) => sum + report[what], 0)
        expect(count('records') - count('duplicates')).toBe(lines.length)
      },
    )
    await fc.assert(property, { seed: 71, numRuns: 150 })
  })

  it('takes any bytes', async () => {
    const scrap = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(...messages).map((message) => Buffer.from(`May 12 03:00:00 h sshd[1]: ${message}\n`)),
      fc
        .constantFrom(
          '<1>1 ',
          'Feb 29 00:00:00 ',
          '2023-11-14T00:20:42',
          '\0',
          '\n',
          'sshd[',
          'message repeated 3 times: [',
          '\uFEFF',
        )
        .map((text) => Buffer.from(text)),
    )
    const property = fc.asyncProperty(fc.array(scrap, { maxLength: 20 }), async (scraps) => {
      const text = Buffer.concat(scraps)
      const recognised = syslog.recognise(text)
      expect(recognised).toBeGreaterThanOrEqual(0)
      expect(recognised).toBeLessThanOrEqual(1)
      const { events, reports } = await readTexts(syslog, [{ name: 'x', text, chunkBytes: 7 }])
      const report = reports[0] ?? emptyReport('x')
      expect(report.bytes).toBe(text.length)
      expect(report.bad + report.unused).toBeLessThanOrEqual(report.records)
      for (const event of events) EventSchema.parse(event)
    })
    await fc.assert(property, { seed: 72, numRuns: 300 })
  })
})
