import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { syslog } from '../syslog/index.ts'
import { dnsLog } from './index.ts'

const UNBOUND = [
  '[1778555645] unbound[1234:0] notice: init module 0: validator',
  '[1778555645] unbound[1234:0] info: 192.0.2.5 example.com. A IN',
  '[1778555646] unbound[1234:1] info: 192.0.2.5 example.com. A IN NOERROR 0.012345 0 56',
].join('\n')
const NAMED = [
  '12-May-2026 03:14:05.250 general: info: running',
  '12-May-2026 03:14:05.250 queries: info: client @0x7f2c08 192.0.2.5#53211 (example.com): query: example.com IN A +E(0)K (192.0.2.53)',
  '12-May-2026 03:14:06.000 client 192.0.2.6#1 (a.example): view internal: query: a.example IN AAAA + (192.0.2.53)',
].join('\n')
const ISO =
  '2026-05-12T03:14:05.250Z queries: info: client @0x1 192.0.2.5#1 (a.example): query: a.example IN A + (192.0.2.53)'

async function read(text: string, zone: number | null = null) {
  const settings = zone === null ? {} : { zoneOf: () => ({ minutesAt: () => zone, why: 'said' }) }
  const { events, reports } = await readTexts(dnsLog, [{ name: 'query.log', text }], settings)
  for (const event of events) Event.parse(event)
  return { events, report: reports[0] }
}

describe('dns-log', () => {
  it('reads what unbound writes to its own file', async () => {
    const { events, report } = await read(UNBOUND)
    expect(events).toMatchObject([
      {
        kind: 'dns',
        time: 1778555645_000,
        timeQuality: 'exact',
        query: 'example.com',
        queryType: 'A',
        isResponse: false,
        srcIp: '192.0.2.5',
        subjects: ['ip:192.0.2.5'],
      },
      { time: 1778555646_000, isResponse: true, responseCode: 'NOERROR' },
    ])
    expect(report).toMatchObject({ format: 'unbound', records: 3, bad: 0, unused: 1, decisions: [] })
  })

  it('reads what BIND writes to its own file, in the zone that was said', async () => {
    const { events, report } = await read(NAMED)
    expect(events).toMatchObject([
      { time: Date.UTC(2026, 4, 12, 3, 14, 5, 250), timeQuality: 'zone-assumed', dstIp: '192.0.2.53' },
      { query: 'a.example', queryType: 'AAAA' },
    ])
    expect(report).toMatchObject({ format: 'named', unused: 1, decisions: ['zone UTC: assumed'] })
    const east = await read(NAMED, 120)
    expect(east.events[0]).toMatchObject({ time: Date.UTC(2026, 4, 12, 1, 14, 5, 250), timeQuality: 'exact' })
  })

  it('reads ISO times, and leaves other text alone', async () => {
    const { events, report } = await read(`${ISO}\nnonsense\n`)
    expect(events).toMatchObject([{ time: Date.UTC(2026, 4, 12, 3, 14, 5, 250), timeQuality: 'exact' }])
    expect(report).toMatchObject({ bad: 1, problems: ['1 line begins with no time'] })
  })

  it.each([
    ['unbound', UNBOUND, true],
    ['BIND', NAMED, true],
    ['BIND with ISO times', ISO, true],
    ['syslog', 'May 12 03:14:05 ns-1 named[7]: client 192.0.2.6#1 (a): query: a IN A +', false],
    ['nothing', '', false],
  ])('recognises %s, before syslog does', (_what, text, isOwn) => {
    const own = dnsLog.recognise(Buffer.from(text))
    expect(own > 0.1 && own >= syslog.recognise(Buffer.from(text))).toBe(isOwn)
  })

  it('is the business of syslog where dnsmasq writes its own file, without a host', async () => {
    const text = [
      'May 12 03:14:05 dnsmasq[812]: query[A] pool.example.net from 192.0.2.5',
      'May 12 03:14:05 dnsmasq[812]: reply pool.example.net is 203.0.113.9',
    ].join('\n')
    const { events } = await readTexts(syslog, [{ name: 'dnsmasq.log', text }])
    expect(events).toMatchObject([
      { kind: 'dns', srcIp: '192.0.2.5', isResponse: false },
      { kind: 'dns', srcIp: '192.0.2.5', answers: ['203.0.113.9'] },
    ])
    expect(events[0]?.observer).toMatch(/^trail:/u)
  })

  it('takes any bytes', async () => {
    const text = `${UNBOUND}\n${NAMED}`
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.nat(text.length), async (noise, at) => {
        const bytes = Buffer.concat([Buffer.from(text.slice(0, at)), noise, Buffer.from(text.slice(at))])
        dnsLog.recognise(bytes)
        await readTexts(dnsLog, [{ name: 'x', text: bytes, chunkBytes: 37 }])
      }),
      { seed: 11, numRuns: 40 },
    )
  })
})
