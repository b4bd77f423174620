import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { suricata } from './index.ts'

const ENDS = { src_ip: '10.0.0.7', src_port: 40022, dest_ip: '203.0.113.9', dest_port: 3333, proto: 'TCP' }
const TURNED = { src_ip: '203.0.113.9', src_port: 53, dest_ip: '10.0.0.7', dest_port: 40022, proto: 'UDP' }
const TO_DNS = { src_ip: '10.0.0.7', src_port: 40022, dest_ip: '10.0.0.2', dest_port: 53, proto: 'UDP' }

function record(event_type: string, said: Record<string, unknown>, ends: object = ENDS): string {
  return JSON.stringify({
    timestamp: '2026-05-12T05:14:05.123456+0200',
    flow_id: 1,
    event_type,
    ...ends,
    ...said,
  })
}

const alert = (said: Record<string, unknown>, more: Record<string, unknown> = {}, ends: object = ENDS) =>
  record(
    'alert',
    { alert: { gid: 1, signature_id: 9, signature: 'a rule', severity: 2, ...said }, ...more },
    ends,
  )

const cases: readonly { title: string; text: string; expected: Record<string, unknown> }[] = [
  {
    title: 'alert',
    text: alert(
      { category: 'Misc activity', severity: 1 },
      { community_id: '1:abc=', http: { hostname: 'A.example' } },
    ),
    expected: {
      kind: 'alert',
      time: Date.UTC(2026, 4, 12, 3, 14, 5) + 123.456,
      sensor: 'suricata',
      rule: '1:9',
      severity: 'high',
      isMining: false,
      communityId: '1:abc=',
      domain: 'a.example',
      subjects: ['ip:10.0.0.7', 'ip:203.0.113.9'],
    },
  },
  { title: 'alert of low priority', text: alert({ severity: 3 }), expected: { severity: 'low' } },
  { title: 'alert of lowest priority', text: alert({ severity: 4 }), expected: { severity: 'info' } },
  {
    title: 'alert of a class for miners',
    text: alert({ category: 'Crypto Currency Mining Activity Detected' }),
    expected: { isMining: true, severity: 'medium' },
  },
  {
    title: 'alert of a rule that is tagged so',
    text: alert({ metadata: { former_category: ['COINMINER'], mitre_technique_id: ['T1496'] } }),
    expected: { isMining: true },
  },
  { title: 'alert that only has the port', text: alert({}), expected: { isMining: false } },
  {
    title: 'alert about what came from outside: the machine is the other end',
    text: alert(
      {},
      {},
      { src_ip: '198.51.100.7', src_port: 5, dest_ip: '10.0.0.7', dest_port: 80, proto: 'TCP' },
    ),
    expected: { observer: 'ip:10.0.0.7', subjects: ['ip:10.0.0.7', 'ip:198.51.100.7'] },
  },
  {
    title: 'alert between public addresses: who answers is attacked',
    text: alert({}, { direction: 'to_server' }, { src_ip: '198.51.100.7', dest_ip: '203.0.113.9' }),
    expected: { observer: 'ip:203.0.113.9' },
  },
  {
    title: 'alert between public addresses: who asks mines',
    text: alert(
      { category: 'Coin Mining' },
      { direction: 'to_client' },
      { src_ip: '198.51.100.7', dest_ip: '203.0.113.9' },
    ),
    expected: { observer: 'ip:203.0.113.9', isMining: true },
  },
  {
    title: 'dns query, version 1 and 2',
    text: record('dns', { dns: { type: 'query', id: 1, rrname: 'Pool.Example.net', rrtype: 'A' } }, TO_DNS),
    expected: {
      kind: 'dns',
      query: 'pool.example.net',
      queryType: 'A',
      isResponse: false,
      srcIp: '10.0.0.7',
      dstIp: '10.0.0.2',
      responseCode: null,
    },
  },
  {
    title: 'dns answer, version 1',
    text: record(
      'dns',
      { dns: { type: 'answer', rcode: 'NOERROR', rrname: 'a.example', rrtype: 'A', rdata: '203.0.113.9' } },
      TURNED,
    ),
    expected: {
      isResponse: true,
      responseCode: 'NOERROR',
      answers: ['203.0.113.9'],
      srcIp: '10.0.0.7',
      dstIp: '203.0.113.9',
    },
  },
  {
    title: 'dns answer, version 2',
    text: record(
      'dns',
      {
        dns: {
          version: 2,
          type: 'answer',
          rrname: 'a.example',
          rrtype: 'A',
          rcode: 'NOERROR',
          answers: [
            { rrname: 'a.example', rrtype: 'CNAME', rdata: 'B.example' },
            { rrname: 'b.example', rrtype: 'A', rdata: '203.0.113.9' },
          ],
          grouped: { A: ['203.0.113.9'] },
        },
      },
      TURNED,
    ),
    expected: { query: 'a.example', answers: ['b.example', '203.0.113.9'], srcIp: '10.0.0.7' },
  },
  {
    title: 'dns response, version 3',
    text: record(
      'dns',
      {
        dns: {
          version: 3,
          type: 'response',
          queries: [{ rrname: 'a.example', rrtype: 'AAAA' }],
          rcode: 'NXDOMAIN',
          answers: [],
        },
      },
      TO_DNS,
    ),
    expected: {
      query: 'a.example',
      queryType: 'AAAA',
      isResponse: true,
      responseCode: 'NXDOMAIN',
      srcIp: '10.0.0.7',
    },
  },
  {
    title: 'dns request, version 3',
    text: record(
      'dns',
      { dns: { version: 3, type: 'request', queries: [{ rrname: 'a.example', rrtype: 'A' }] } },
      TO_DNS,
    ),
    expected: { isResponse: false },
  },
  {
    title: 'tls',
    text: record('tls', {
      tls: {
        sni: 'Pool.Example.net',
        version: 'TLS 1.2',
        subject: 'CN=x',
        issuerdn: 'CN=x',
        notbefore: '2026-01-01T00:00:00',
        notafter: '2027-01-01T00:00:00',
        ja3: { hash: 'aa' },
        ja3s: { hash: 'bb' },
        ja4: 'cc',
        client_alpns: ['h2'],
      },
    }),
    expected: {
      kind: 'tls',
      serverName: 'pool.example.net',
      version: '1.2',
      ja3: 'aa',
      ja3s: 'bb',
      ja4: 'cc',
      alpn: ['h2'],
      certificate: { isSelfSigned: true, notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2027, 0, 1) },
    },
  },
  {
    title: 'tls of nothing known',
    text: record('tls', { tls: {} }),
    expected: { version: null, serverName: null, certificate: null },
  },
  {
    title: 'flow, at its end',
    text: record('flow', {
      flow: {
        pkts_toserver: 5,
        pkts_toclient: 4,
        bytes_toserver: 600,
        bytes_toclient: 500,
        start: '2026-05-12T03:10:00.000000+0000',
        end: '2026-05-12T03:12:00.000000+0000',
      },
      tcp: { syn: true, ack: true },
    }),
    expected: {
      kind: 'flow',
      time: Date.UTC(2026, 4, 12, 3, 12),
      start: Date.UTC(2026, 4, 12, 3, 10),
      transport: 'tcp',
      packetsOut: 5,
      packetsIn: 4,
      bytesOut: 600,
      bytesIn: 500,
      isHandshakeSeen: true,
      communityId: expect.stringMatching(/^1:/u),
    },
  },
  {
    title: 'http',
    text: record('http', {
      http: {
        hostname: 'www.example.com',
        url: '/a?b=c',
        http_user_agent: 'curl',
        http_method: 'GET',
        protocol: 'HTTP/1.1',
        status: 200,
        length: 12,
      },
    }),
    expected: {
      kind: 'http',
      role: 'client',
      host: 'www.example.com',
      path: '/a',
      query: 'b=c',
      status: 200,
      bytes: 12,
      dstPort: 3333,
    },
  },
]

const UNUSED = [
  record('ssh', { ssh: { client: { software_version: 'x' } } }),
  record('anomaly', { anomaly: { type: 'decode' } }),
  JSON.stringify({ timestamp: '2026-05-12T03:14:05.1+0000', event_type: 'stats', stats: { uptime: 1 } }),
  record('dns', { dns: { type: 'query' } }),
  record('alert', { alert: {} }, { src_ip: 'nowhere' }),
]

async function read(text: string) {
  const { events, reports } = await readTexts(suricata, [{ name: 'eve.json', text }])
  for (const event of events) Event.parse(event)
  return { events, report: reports[0] }
}

describe('suricata', () => {
  it.each(cases)('$title', async ({ text, expected }) => {
    const { events } = await read(text)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject(expected)
  })

  it('counts what says nothing here', async () => {
    const { events, report } = await read(UNUSED.join('\n'))
    expect(events).toEqual([])
    expect(report).toMatchObject({ records: 5, unused: 5, bad: 0, format: 'suricata' })
  })

  it('hands each record to the rules as Suricata wrote it', async () => {
    const seen: unknown[] = []
    await readTexts(suricata, [{ name: 'eve.json', text: alert({}) }], {
      matchesOf: ({ logSource, fields, observer }) => {
        seen.push(logSource, fields['event_type'], observer)
        return []
      },
    })
    expect(seen).toEqual([{ product: 'suricata', service: 'alert' }, 'alert', 'ip:10.0.0.7'])
  })

  it.each([
    ['its own', alert({}), 1],
    ['statistics', UNUSED[2] ?? '', 1],
    ['other JSON', '{"timestamp":"2026-05-12T03:14:05Z","event_type":"x"}', 0.5],
    ['Zeek', '{"ts":1.5,"uid":"C","id.orig_h":"10.0.0.1"}', 0],
  ])('recognises %s', (_what, text, score) => expect(suricata.recognise(Buffer.from(text))).toBe(score))

  it('takes any values in any field', async () => {
    const value = fc.jsonValue({ maxDepth: 2 })
    const types = fc.constantFrom('alert', 'dns', 'tls', 'flow', 'http', 'stats')
    await fc.assert(
      fc.asyncProperty(types, value, value, value, async (type, inner, end, port) => {
        const fields = {
          ...ENDS,
          [type]: inner,
          src_port: port,
          alert: end,
          metadata: inner,
          community_id: end,
        }
        await read(record(type, fields))
      }),
      { seed: 19, numRuns: 200 },
    )
  })
})
