import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTexts } from '../samples/read-texts.ts'
import { parseAlbLine } from './alb-line.ts'
import { accessLog } from './index.ts'

const LINE =
  'https 2026-05-12T03:14:05.186641Z app/shop/50dc6c495c0c9188 192.0.2.39:2817 10.0.3.17:8080 0.001 0.240 0.002 200 200 34 366 "GET https://www.example.com:443/a?b=c HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "www.example.com" "-" 0 2026-05-12T03:14:04.900000Z "forward" "-" "-" "10.0.3.17:8080" "200" "-" "-"'

describe('access log of a load balancer', () => {
  it('tells who answered, and how long it took in all', async () => {
    expect(accessLog.recognise(Buffer.from(`${LINE}\n${LINE}\n`))).toBe(1)
    const { events, reports } = await readTexts(accessLog, [{ name: 'alb.log', text: `${LINE}\n` }])
    expect(events).toMatchObject([
      {
        kind: 'http',
        time: Date.UTC(2026, 4, 12, 3, 14, 5) + 186.641,
        srcIp: '192.0.2.39',
        dstIp: '10.0.3.17',
        dstPort: 8080,
        method: 'GET',
        host: 'www.example.com:443',
        path: '/a',
        status: 200,
        bytes: 366,
        userAgent: 'curl/8.5.0',
      },
    ])
    const [event] = events
    expect(event?.subjects[0]).toBe('ip:10.0.3.17')
    expect(event?.kind === 'http' ? event.seconds : null).toBeCloseTo(0.243)
    expect(reports[0]?.bad).toBe(0)
  })

  it.each([
    [
      'no target answered',
      LINE.replace('10.0.3.17:8080 0.001 0.240 0.002 200 200', '- -1 -1 -1 503 -'),
      { dstIp: null, seconds: null, status: 503 },
    ],
    ['IPv6', LINE.replace('192.0.2.39:2817', '[2001:db8::7]:2817'), { srcIp: '2001:db8::7' }],
    [
      'a request that is none',
      LINE.replace('GET https://www.example.com:443/a?b=c HTTP/1.1', '- http://x:80- -'),
      { method: null },
    ],
  ])('%s', (_what, line, expected) => expect(parseAlbLine(line)).toMatchObject(expected))

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.nat(LINE.length), (noise, at) => {
        parseAlbLine(LINE.slice(0, at) + noise)
        parseAlbLine(LINE.slice(0, at) + noise + LINE.slice(at))
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})
