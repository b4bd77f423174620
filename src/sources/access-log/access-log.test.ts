import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts, type TextFile } from '../samples/read-texts.ts'
import { accessLog } from './index.ts'

const line = (second: number, path: string): string =>
  `192.0.2.1 - - [12/May/2026:03:14:${String(second).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" 200 1 "-" "curl"`
const LINES = Array.from({ length: 40 }, (_, index) => line(index, `/${index}`))
const TEXT = LINES.join('\n')

const caddy = {
  level: 'info',
  ts: 1778555645.25,
  logger: 'http.log.access',
  msg: 'handled request',
  request: {
    remote_ip: '192.0.2.9',
    client_ip: '192.0.2.1',
    proto: 'HTTP/2.0',
    method: 'GET',
    host: 'www.example.com',
    uri: '/a?b',
    headers: { 'User-Agent': ['curl/8'] },
  },
  user_id: '',
  duration: 0.25,
  size: 10,
  status: 200,
}
const traefik = {
  ClientAddr: '192.0.2.1:1234',
  ClientHost: '192.0.2.1',
  ClientUsername: '-',
  DownstreamContentSize: 10,
  DownstreamStatus: 200,
  Duration: 250_000_000,
  RequestHost: 'www.example.com',
  RequestMethod: 'GET',
  RequestPath: '/a?b',
  RequestProtocol: 'HTTP/2.0',
  'request_User-Agent': 'curl/8',
  StartUTC: '2026-05-12T03:14:05.25Z',
}
const nginx = {
  time_iso8601: '2026-05-12T05:14:05+02:00',
  remote_addr: '192.0.2.1',
  request: 'GET /a?b HTTP/2.0',
  status: '200',
  body_bytes_sent: '10',
  request_time: '0.250',
  http_user_agent: 'curl/8',
  http_host: 'www.example.com',
}

const brief = (events: readonly Event[]) => events.map((event) => `${event.time} ${event.origin.raw}`)

async function read(files: readonly TextFile[]) {
  const { events, reports } = await readTexts(accessLog, files)
  for (const event of events) Event.parse(event)
  return { events, reports }
}

describe('access-log', () => {
  it('counts error lines and tells of what is no request', async () => {
    const text = [LINES[0], '2026/05/12 03:14:05 [error] 31#31: *46 x', 'nonsense', ''].join('\n')
    const { events, reports } = await read([{ name: 'access.log', text }])
    expect(events).toHaveLength(1)
    expect(reports[0]).toMatchObject({
      records: 3,
      bad: 1,
      unused: 1,
      problems: ['1 line is no request'],
      from: Date.UTC(2026, 4, 12, 3, 14),
    })
    expect(events[0]).toMatchObject({ kind: 'http', role: 'server', origin: { line: 1, offset: 0 } })
  })

  it.each([
    ['Caddy', caddy],
    ['Traefik', traefik],
    ['nginx', nginx],
  ])('reads the JSON of %s', async (_name, record) => {
    const text = JSON.stringify(record)
    expect(accessLog.recognise(Buffer.from(text))).toBeGreaterThan(0.5)
    const { events } = await read([{ name: 'access.json', text }])
    expect(events[0]).toMatchObject({
      srcIp: '192.0.2.1',
      method: 'GET',
      host: 'www.example.com',
      path: '/a',
      query: 'b',
      protocol: 'HTTP/2.0',
      status: 200,
      bytes: 10,
      seconds: 0.25,
      userAgent: 'curl/8',
    })
    expect(Math.floor((events[0]?.time ?? 0) / 1000)).toBe(1778555645)
  })

  it('hands every request to the rules, under the names that they use', async () => {
    const seen: unknown[] = []
    const files = [{ name: 'access.log', text: line(1, '/cgi-bin/x?cmd=id') }]
    await readTexts(accessLog, files, {
      matchesOf: ({ logSource, fields }) => {
        seen.push(logSource, fields['cs-method'], fields['cs-uri-query'], fields['sc-status'])
        return []
      },
    })
    expect(seen).toEqual([{ category: 'webserver' }, 'GET', '/cgi-bin/x?cmd=id', 200])
  })

  it('tells the same, however the log is cut, doubled and ordered', async () => {
    const whole = await read([{ name: 'access.log', text: TEXT }])
    const halves = [LINES.slice(0, 17).join('\n'), LINES.slice(17).join('\n')]
    const cut = await read([
      { name: 'access.log', text: halves[1] ?? '', chunkBytes: 7 },
      { name: 'access.log.1', text: halves[0] ?? '' },
      { name: 'copy', text: TEXT },
    ])
    expect(brief(cut.events)).toEqual(brief(whole.events))
    expect(cut.events[0]?.observer).toBe(whole.events[0]?.observer)
    expect(cut.reports.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(40)
  })

  it('keeps machines apart whose logs were collected apart', async () => {
    const { events } = await read([
      { name: 'a/access.log', group: 'a', text: line(1, '/a') },
      { name: 'b/access.log', group: 'b', text: line(2, '/b') },
    ])
    expect(new Set(events.map(({ observer }) => observer)).size).toBe(2)
  })

  it.each([
    ['its lines', TEXT, 1],
    ['errors alone', '[Tue May 12 03:14:05.8 2026] [core:error] [pid 1] x', 0.5],
    ['syslog', 'May 12 03:14:05 web-1 sshd[1]: x', 0],
    ['JSON of somebody else', '{"timestamp":"2026-05-12T03:14:05Z","status":200}', 0],
    ['nothing', '', 0],
  ])('recognises %s', (_what, text, score) => expect(accessLog.recognise(Buffer.from(text))).toBe(score))

  it('takes any bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(TEXT.length), async (noise, at) => {
        const text = Buffer.concat([Buffer.from(TEXT.slice(0, at)), noise, Buffer.from(TEXT.slice(at))])
        accessLog.recognise(text)
        await read([{ name: 'x', text, chunkBytes: 61 }])
      }),
      { seed: 3, numRuns: 40 },
    )
  })
})
