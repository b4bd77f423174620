import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClfTime } from './clf-time.ts'
import { isErrorLine, parseClfLine } from './clf-line.ts'
import { readRequestLine, unescaped } from './request.ts'

const AT = '[12/May/2026:05:14:05 +0200]'
const TIME = Date.UTC(2026, 4, 12, 3, 14, 5)

/** A line, and of what it tells the columns that the case is about. */
const lines: readonly { title: string; text: string; expected: Record<string, unknown> }[] = [
  {
    title: 'common',
    text: `192.0.2.1 - - ${AT} "GET /a?b=c HTTP/1.0" 200 1513`,
    expected: {
      time: TIME,
      srcIp: '192.0.2.1',
      user: null,
      method: 'GET',
      path: '/a',
      query: 'b=c',
      protocol: 'HTTP/1.0',
      status: 200,
      bytes: 1513,
      referrer: null,
      userAgent: null,
    },
  },
  {
    title: 'combined',
    text: `192.0.2.1 - alice ${AT} "POST / HTTP/1.1" 304 - "https://www.example.com/" "curl/8.5.0"`,
    expected: {
      user: 'alice',
      bytes: null,
      referrer: 'https://www.example.com/',
      userAgent: 'curl/8.5.0',
      seconds: null,
    },
  },
  {
    title: 'virtual host with port',
    text: `www.example.com:443 192.0.2.1 - - ${AT} "GET / HTTP/2.0" 200 1 "-" "-"`,
    expected: { host: 'www.example.com', dstPort: 443, srcIp: '192.0.2.1', userAgent: null },
  },
  {
    title: 'virtual host without port',
    text: `www.example.com 192.0.2.1 - - ${AT} "GET / HTTP/2.0" 200 1 "-" "-"`,
    expected: { host: 'www.example.com', dstPort: null, srcIp: '192.0.2.1' },
  },
  {
    title: 'request time appended, as nginx counts it',
    text: `192.0.2.1 - - ${AT} "GET / HTTP/1.1" 200 1 "-" "a" 0.253`,
    expected: { seconds: 0.253 },
  },
  {
    title: 'request time by its name, behind a forwarding header',
    text: `192.0.2.1 - - ${AT} "GET / HTTP/1.1" 200 1 "-" "a" "198.51.100.4" rt=1.004 uct="0.000" urt="1.003"`,
    expected: { seconds: 1.004, srcIp: '192.0.2.1' },
  },
  {
    title: 'Traefik in the common format',
    text: `192.0.2.1 - - ${AT} "GET / HTTP/1.1" 200 19 "-" "-" 3 "web@docker" "http://10.0.0.7:80" 12ms`,
    expected: { seconds: 0.012 },
  },
  {
    title: 'IPv6, and IPv4 in it',
    text: `2001:DB8::1 - - ${AT} "GET / HTTP/1.1" 200 1`,
    expected: { srcIp: '2001:db8::1' },
  },
  {
    title: 'mapped address',
    text: `::ffff:192.0.2.1 - - ${AT} "GET / HTTP/1.1" 200 1`,
    expected: { srcIp: '192.0.2.1' },
  },
  {
    title: 'host name',
    text: `Client.Example.net - - ${AT} "GET / HTTP/1.1" 200 1`,
    expected: { srcIp: null, srcHost: 'client.example.net', host: null },
  },
  {
    title: 'addresses of a forwarding header',
    text: `198.51.100.4, 10.0.0.1 - - ${AT} "GET / HTTP/1.1" 200 1`,
    expected: { srcIp: '198.51.100.4', user: null },
  },
  {
    title: 'no user column',
    text: `192.0.2.1 - ${AT} "GET / HTTP/1.1" 200 100 "-" "curl"`,
    expected: { srcIp: '192.0.2.1', user: null, userAgent: 'curl' },
  },
  {
    title: 'a user with blanks and brackets',
    text: `192.0.2.1 - a [b] c ${AT} "GET / HTTP/1.1" 401 1`,
    expected: { user: 'a [b] c', status: 401 },
  },
  {
    title: 'a TLS greeting to the wrong port',
    text: String.raw`192.0.2.1 - - ${AT} "\x16\x03\x01\x00\xEE" 400 157 "-" "-"`,
    expected: { method: null, path: '\u0016\u0003\u0001\u0000\uFFFD', protocol: null, status: 400 },
  },
  {
    title: 'quotes as nginx and as Apache write them',
    text: String.raw`192.0.2.1 - - ${AT} "GET /\x22a\" b HTTP/1.1" 200 1 "-" "a \"b\" c"`,
    expected: { path: '/"a" b', userAgent: 'a "b" c' },
  },
  {
    title: 'quotes that nobody escaped',
    text: `192.0.2.1 - - ${AT} "GET /a"b" HTTP/1.1" 404 1`,
    expected: { path: '/a"b"', status: 404 },
  },
  {
    title: 'nothing was asked',
    text: `192.0.2.1 - - ${AT} "-" 408 0`,
    expected: { method: null, path: '', status: 408 },
  },
  {
    title: 'HTTP/0.9',
    text: `192.0.2.1 - - ${AT} "GET /old" 200 1`,
    expected: { method: 'GET', path: '/old', protocol: null },
  },
  {
    title: 'a whole URL as target',
    text: `192.0.2.1 - - ${AT} "GET http://203.0.113.9:8080/x?y HTTP/1.1" 404 1`,
    expected: { host: '203.0.113.9:8080', path: '/x', query: 'y' },
  },
  {
    title: 'an open proxy is tried',
    text: `192.0.2.1 - - ${AT} "CONNECT pool.example.net:3333 HTTP/1.1" 405 1`,
    expected: { method: 'CONNECT', host: 'pool.example.net:3333', path: '' },
  },
]

const others = [
  '',
  'hello',
  `192.0.2.1 - - [32/May/2026:05:14:05 +0200] "GET / HTTP/1.1" 200 1`,
  `192.0.2.1 - - [12/Mai/2026:05:14:05 +0200] "GET / HTTP/1.1" 200 1`,
  `192.0.2.1 - - [12/May/2026:05:14:05] "GET / HTTP/1.1" 200 1`,
  `192.0.2.1 - - ${AT} "GET / HTTP/1.1"`,
  `192.0.2.1 - - ${AT} "GET / HTTP/1.1 200 1`,
  `192.0.2.1 - - ${AT} GET / HTTP/1.1 200 1`,
]

describe('parseClfLine', () => {
  it.each(lines)('$title', ({ text, expected }) => expect(parseClfLine(text)).toMatchObject(expected))

  it.each(others)('%j is no request', (text) => expect(parseClfLine(text)).toBeNull())

  it('takes any text, in time that grows with its length', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '"',
      ' ',
      '\\',
      '\\x1',
      '\\xff',
      AT,
      '200',
      '192.0.2.1',
      '-',
      '?',
      'a',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const access = parseClfLine(pieces.join(''))
        if (access !== null) expect(Number.isFinite(access.time)).toBe(true)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })
})

describe('error lines', () => {
  it.each([
    '2026/05/12 03:14:05 [error] 31#31: *46 open() failed, client: 192.0.2.1',
    '[Tue May 12 03:14:05.880562 2026] [auth_basic:error] [pid 10:tid 140] [client 192.0.2.1:50229] AH01618',
    '[Tue May  2 03:14:05 2026] [error] [client 192.0.2.1] x',
  ])('%s', (text) => expect(isErrorLine(text)).toBe(true))

  it('are not everything in brackets', () => expect(isErrorLine('[1699999999] unbound')).toBe(false))
})

describe('the request line', () => {
  it('comes back from its escapes byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const escaped = [...Buffer.from(text)]
          .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
          .join('')
        expect(unescaped(escaped)).toBe(Buffer.from(text).toString('utf8'))
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it.each([
    ['G T / HTTP/1.1', null],
    ['get / HTTP/1.1', 'get'],
    ['VERSION-CONTROL / HTTP/1.1', 'VERSION-CONTROL'],
  ])('%s', (text, method) => expect(readRequestLine(text).method).toBe(method))

  it('has a time with a zone', () => {
    expect(readClfTime('29/Feb/2024:00:00:00 -0330', 0)).toBe(Date.UTC(2024, 1, 29, 3, 30))
    expect(readClfTime('12/May/2026:24:00:00 +0000', 0)).toBeNaN()
    expect(readClfTime('12/May/2026:23:00:00 x0000', 0)).toBeNaN()
  })
})
