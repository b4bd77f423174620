import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event as EventSchema } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { journald } from './index.ts'

const TIME_US = 1_778_555_647_123_456
const FAILED = 'Failed password for root from 203.0.113.9 port 40112 ssh2'

function fieldsOf(message: unknown, number = 1, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    __CURSOR: `s=1f;i=${number}`,
    __REALTIME_TIMESTAMP: String(TIME_US + number * 1_000_000),
    _BOOT_ID: '9c',
    _MACHINE_ID: '0123456789abcdef0123456789abcdef',
    _HOSTNAME: 'web-1',
    SYSLOG_IDENTIFIER: 'sshd',
    _COMM: 'sshd',
    _PID: '411',
    MESSAGE: message,
    ...more,
  }
}

const json = (message: unknown, number?: number, more?: Record<string, unknown>): string =>
  JSON.stringify(fieldsOf(message, number, more))

function exported(message: string, number = 1): string {
  const lines = Object.entries(fieldsOf(message, number)).map(([name, value]) => `${name}=${String(value)}\n`)
  return `${lines.join('')}\n`
}

function binary(name: string, value: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(value.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, value, Buffer.from('\n')])
}

async function read(text: string | Uint8Array, chunkBytes = 4096) {
  const { events, reports } = await readTexts(journald, [{ name: 'journal.json', text, chunkBytes }])
  return { events, report: reports[0] }
}

const pretty = (value: unknown): string => JSON.stringify(value, null, '\t').replaceAll('": ', '" : ')

const nest = (text: string): string => `${'['.repeat(100_000)}${text}${']'.repeat(100_000)}`

describe('journald', () => {
  it('makes events with exact times, both names of the machine and the cursor', async () => {
    const raw = json(FAILED, 0)
    const { events, report } = await read(`${raw}\n`)
    expect(events.map((event) => EventSchema.parse(event))).toEqual(events)
    expect(events).toMatchObject([
      {
        kind: 'auth',
        time: TIME_US / 1000,
        timeQuality: 'exact',
        observer: 'host:web-1',
        subjects: ['host:web-1', 'machine:0123456789abcdef0123456789abcdef'],
        origin: { source: 'journald', file: 'journal.json', line: 1, recordId: 's=1f;i=0', offset: 0, raw },
        outcome: 'failure',
        srcIp: '203.0.113.9',
        pid: 411,
      },
    ])
    expect(report).toMatchObject({
      format: 'journald',
      records: 1,
      bad: 0,
      unused: 0,
      from: TIME_US / 1000,
      decisions: [],
    })
  })

  const two = [
    fieldsOf(FAILED, 1),
    fieldsOf('Accepted password for root from 203.0.113.9 port 40113 ssh2', 2, { _PID: '412' }),
  ]
  const formats: readonly (readonly [string, string])[] = [
    ['json', two.map((fields) => `${JSON.stringify(fields)}\n`).join('')],
    ['json-seq', two.map((fields) => `\u001E${JSON.stringify(fields)}\n`).join('')],
    ['json-sse', two.map((fields) => `data: ${JSON.stringify(fields)}\n\n`).join('')],
    ['json-pretty', two.map((fields) => `${pretty(fields)}\n`).join('')],
    [
      'export',
      two
        .map(
          (fields) =>
            `${Object.entries(fields)
              .map(([name, value]) => `${name}=${String(value)}\n`)
              .join('')}\n`,
        )
        .join(''),
    ],
  ]
  it.each(formats)('reads %s, whatever the chunks', async (_, text) => {
    expect(journald.recognise(Buffer.from(text))).toBe(1)
    expect(journald.firstTime(Buffer.from(text))).toBe((TIME_US + 1_000_000) / 1000)
    for (const chunkBytes of [1, 7, 64, 4096]) {
      const { events, report } = await read(text, chunkBytes)
      expect(events.map((event) => (event.kind === 'auth' ? event.outcome : ''))).toEqual([
        'failure',
        'success',
      ])
      expect(report).toMatchObject({ records: 2, bad: 0, bytes: Buffer.byteLength(text) })
    }
  })

  const messages: readonly (readonly [string, unknown])[] = [
    ['bytes', [...Buffer.from(FAILED)]],
    ['several values', [FAILED, 'x']],
  ]
  it.each(messages)('takes a message of %s', async (_, message) => {
    const { events } = await read(`${json(message)}\n`)
    expect(events).toMatchObject([{ srcIp: '203.0.113.9' }])
  })

  it('takes binary fields of the export format, with line feeds in them', async () => {
    const entry = Buffer.concat([
      Buffer.from(
        '__CURSOR=s=1f;i=1\n__REALTIME_TIMESTAMP=1778555647123456\n_HOSTNAME=web-1\nSYSLOG_IDENTIFIER=sshd\n',
      ),
      binary('OTHER', Buffer.from('a\n\nMESSAGE=no\n')),
      binary('MESSAGE', Buffer.from(FAILED)),
      Buffer.from('\n'),
    ])
    const text = Buffer.concat([entry, Buffer.from(exported(FAILED, 5))])
    const { events } = await read(text, 5)
    expect(events.map(({ origin }) => [origin.line, origin.offset])).toEqual([
      [1, 0],
      [13, entry.length],
    ])
  })

  it('passes over a field of absurd length', async () => {
    const huge = Buffer.concat([
      Buffer.from('__CURSOR=x\nOTHER\n'),
      Buffer.alloc(8, 0xff),
      Buffer.alloc(5000, 97),
    ])
    const { events, report } = await read(huge)
    expect(events).toEqual([])
    expect(report).toMatchObject({ bad: 1 })
  })

  it('counts other programs, and names what it cannot read', async () => {
    const text = [
      json('session opened', 1, { SYSLOG_IDENTIFIER: 'CRON', _COMM: 'cron' }),
      json(null, 2),
      '{"a":1}',
      'rubbish',
      `${'['.repeat(10_000)}"sshd`,
      json(FAILED, 3).slice(0, -9),
      json(FAILED, 4, { _HOSTNAME: undefined, _MACHINE_ID: undefined }),
    ].join('\n')
    const { events, report } = await read(text)
    expect(events).toEqual([])
    expect(report).toMatchObject({ records: 7, unused: 2, bad: 5 })
    expect(report?.problems).toEqual(['5 entries are not journal entries with time and host'])
  })

  it('takes values nested 100,000 levels deep', async () => {
    const raw = json('', 1).replace('"MESSAGE":""', `"MESSAGE":${nest('"sshd"')},"X":${nest('1')}`)
    const { events, report } = await read(`${raw}\n${json(FAILED, 2)}\n`)
    expect(events.length).toBe(1)
    expect(report).toMatchObject({ records: 2, bad: 0 })
  })

  it('counts an entry given twice once, in whatever form', async () => {
    const files = formats.map(([name, text]) => ({ name, text }))
    const { events, reports } = await readTexts(journald, files)
    expect(events.length).toBe(2)
    expect(reports.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(2 * (formats.length - 1))
  })

  const heads: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['other JSON', '{"time":"2026-01-01T00:00:00Z","message":"x"}\n'],
    ['text', 'May 12 03:00:00 web-1 sshd[7]: x\n'],
    ['an open brace', '{\n'.repeat(9)],
  ]
  it.each(heads)('does not recognise %s', (_, text) => {
    expect(journald.recognise(Buffer.from(text))).toBe(0)
    expect(journald.firstTime(Buffer.from(text))).toBeNull()
  })

  it('takes any bytes', async () => {
    const scrap = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text)),
      fc
        .constantFrom(
          `${json(FAILED)}\n`,
          exported(FAILED),
          '__CURSOR=a\n',
          'MESSAGE\n',
          '{\n',
          '}\n',
          '\n',
          '\u001E',
          'data: ',
        )
        .map((text) => Buffer.from(text)),
      fc.constantFrom(Buffer.alloc(8, 0), Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(8, 0xff)),
    )
    const property = fc.asyncProperty(
      fc.array(scrap, { maxLength: 14 }),
      fc.integer({ min: 1, max: 50 }),
      async (scraps, chunkBytes) => {
        const text = Buffer.concat(scraps)
        const recognised = journald.recognise(text)
        expect(recognised).toBeGreaterThanOrEqual(0)
        expect(recognised).toBeLessThanOrEqual(1)
        const { events, report } = await read(text, chunkBytes)
        expect(report?.bytes).toBe(text.length)
        for (const event of events) EventSchema.parse(event)
      },
    )
    await fc.assert(property, { seed: 81, numRuns: 400 })
  })
})
