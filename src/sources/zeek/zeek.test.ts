import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { zeek } from './index.ts'

const HEAD = String.raw`#separator \x09
#set_separator	,
#empty_field	(empty)
#unset_field	-`
const ID = 'id.orig_h\tid.orig_p\tid.resp_h\tid.resp_p'
const ID_TYPES = 'addr\tport\taddr\tport'
const ENDS = '10.0.0.7\t40022\t203.0.113.9\t3333'

function log(path: string, fields: string, types: string, rows: readonly string[]): string {
  return [
    HEAD,
    `#path\t${path}`,
    '#open\t2026-05-12-03-00-00',
    `#fields\tts\tuid\t${ID}\t${fields}`,
    `#types\ttime\tstring\t${ID_TYPES}\t${types}`,
    ...rows.map((row) => `1778555645.250001\tCx1\t${ENDS}\t${row}`),
    '#close\t2026-05-12-04-00-00',
  ].join('\n')
}

const CONN_FIELDS =
  'proto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents'
const CONN_TYPES =
  'enum\tstring\tinterval\tcount\tcount\tstring\tstring\tcount\tcount\tcount\tcount\tset[string]'
const CONN = log('conn', CONN_FIELDS, CONN_TYPES, [
  'tcp\t-\t60.5\t100\t200\tSF\tShADadFf\t5\t360\t4\t408\t(empty)',
])
const DNS = log(
  'dns',
  'proto\ttrans_id\tquery\tqtype_name\trcode_name\tanswers\trejected',
  'enum\tcount\tstring\tstring\tstring\tvector[string]\tbool',
  [
    'udp\t1\tPool.Example.net\tA\tNOERROR\tedge.example.net,203.0.113.9\tF',
    'udp\t2\ta.example\tAAAA\t-\t-\tF',
  ],
)
const SSL = log(
  'ssl',
  'version\tcipher\tserver_name\tresumed\tnext_protocol\testablished\tja3\tja3s',
  'string\tstring\tstring\tbool\tstring\tbool\tstring\tstring',
  ['TLSv13\tTLS_AES_128_GCM_SHA256\tPool.Example.net\tF\th2\tT\taa\tbb'],
)
const SSH = log('ssh', 'auth_success\tauth_attempts\tclient\tkex_alg', 'bool\tcount\tstring\tstring', [
  'T\t2\tx\ty',
  'F\t3\tx\ty',
  '-\t0\tx\ty',
  '-\t1\tx\ty',
])
const NOTICE = log(
  'notice',
  'note\tmsg\tsub\tsrc\tdst\tp\tn\tactions',
  'enum\tstring\tstring\taddr\taddr\tport\tcount\tset[enum]',
  [
    'CryptoMining::Found\tmining seen\tpool\t10.0.0.7\t203.0.113.9\t3333\t-\tNotice::ACTION_LOG',
    'Scan::Port_Scan\tscanned\\x09much\t-\t198.51.100.8\t10.0.0.7\t-\t5\tNotice::ACTION_LOG,Notice::ACTION_EMAIL',
  ],
)

async function read(text: string) {
  const { events, reports } = await readTexts(zeek, [{ name: 'x.log', text }])
  for (const event of events) Event.parse(event)
  return { events, report: reports[0] }
}

const T0 = Date.UTC(2026, 4, 12, 3, 14, 5) + 250.001

describe('zeek in its own format', () => {
  it('conn becomes a flow, told at its end', async () => {
    const { events, report } = await read(CONN)
    expect(events).toMatchObject([
      {
        kind: 'flow',
        start: T0,
        transport: 'tcp',
        srcIp: '10.0.0.7',
        srcPort: 40022,
        dstIp: '203.0.113.9',
        dstPort: 3333,
        packetsOut: 5,
        packetsIn: 4,
        bytesOut: 360,
        bytesIn: 408,
        isHandshakeSeen: true,
        origin: { source: 'zeek', line: 9 },
      },
    ])
    expect(events[0]?.time).toBeCloseTo(T0 + 60_500, 3)
    expect(report).toMatchObject({ records: 1, bad: 0, unused: 0, format: 'zeek' })
  })

  it('dns, with its answer and without', async () => {
    const { events } = await read(DNS)
    expect(events).toMatchObject([
      {
        kind: 'dns',
        time: T0,
        query: 'pool.example.net',
        queryType: 'A',
        isResponse: true,
        responseCode: 'NOERROR',
        answers: ['edge.example.net', '203.0.113.9'],
        srcIp: '10.0.0.7',
        dstIp: '203.0.113.9',
      },
      { query: 'a.example', isResponse: false, responseCode: null, answers: [] },
    ])
  })

  it('ssl becomes tls', async () => {
    expect((await read(SSL)).events).toMatchObject([
      {
        kind: 'tls',
        version: '1.3',
        serverName: 'pool.example.net',
        alpnChosen: 'h2',
        ja3: 'aa',
        ja3s: 'bb',
      },
    ])
  })

  it('ssh becomes auth where the outcome is known, or nobody tried', async () => {
    const { events, report } = await read(SSH)
    expect(events).toMatchObject([
      {
        kind: 'auth',
        outcome: 'success',
        count: 1,
        observer: 'ip:203.0.113.9',
        srcIp: '10.0.0.7',
        service: 'ssh',
      },
      { outcome: 'failure', count: 3 },
      { outcome: 'aborted', count: 1 },
    ])
    expect(report?.unused).toBe(1)
  })

  it('notice becomes an alert about the machine', async () => {
    expect((await read(NOTICE)).events).toMatchObject([
      {
        kind: 'alert',
        rule: 'CryptoMining::Found',
        title: 'mining seen (pool)',
        isMining: true,
        severity: 'medium',
        observer: 'ip:10.0.0.7',
        dstPort: 3333,
      },
      {
        title: 'scanned\tmuch',
        isMining: false,
        severity: 'medium',
        subjects: ['ip:10.0.0.7', 'ip:198.51.100.8'],
        count: 5,
      },
    ])
  })

  it('reads on where logs were joined and rotated, and names what fits no head', async () => {
    const weird = log('weird', 'name', 'string', ['bad_thing'])
    const { events, report } = await read(`${SSL}\n${DNS}\n${weird}\ntoo\tfew\n`)
    expect(events.map(({ kind }) => kind)).toEqual(['tls', 'dns', 'dns'])
    expect(report).toMatchObject({
      records: 5,
      unused: 1,
      bad: 1,
      problems: ['1 line does not fit its heading'],
    })
  })

  it('reads other separators, and what breaks lines', async () => {
    const text = [
      String.raw`#separator \x7c`,
      '#set_separator|;',
      '#empty_field|EMPTY',
      '#unset_field|NONE',
      '#path|dns',
      '#fields|ts|uid|id.orig_h|id.orig_p|id.resp_h|id.resp_p|query|rcode_name|answers',
      '#types|time|string|addr|port|addr|port|string|string|vector[string]',
      '1778555645.25|C|10.0.0.7|1|10.0.0.2|53|a\\x2eexample|NOERROR|EMPTY',
      '1778555646.25|C|2001:db8::7|1|2001:db8::2|53|b.example|NONE|x;y',
    ].join('\n')
    const { events } = await read(text)
    expect(events).toMatchObject([
      { query: 'a.example', answers: [], isResponse: true },
      { query: 'b.example', srcIp: '2001:db8::7', isResponse: false },
    ])
  })
})

const JSON_CONN = {
  ts: 1778555645.250001,
  uid: 'Cx1',
  'id.orig_h': '10.0.0.7',
  'id.orig_p': 40022,
  'id.resp_h': '203.0.113.9',
  'id.resp_p': 3333,
  proto: 'tcp',
  duration: 60.5,
  conn_state: 'SF',
  history: 'ShADadFf',
  orig_pkts: 5,
  orig_ip_bytes: 360,
  resp_pkts: 4,
  resp_ip_bytes: 408,
}

const strip = (event: Event | undefined) => ({
  ...event,
  origin: null,
  time: Math.round(event?.time ?? 0),
})

describe('zeek as JSON', () => {
  it.each([
    ['as it comes', JSON_CONN],
    ['with its path and ISO times', { ...JSON_CONN, _path: 'conn', ts: '2026-05-12T03:14:05.250001Z' }],
    [
      'with nested ends',
      {
        ...JSON_CONN,
        'id.orig_h': undefined,
        id: { orig_h: '10.0.0.7', orig_p: 40022, resp_h: '203.0.113.9', resp_p: 3333 },
      },
    ],
  ])('says the same %s', async (_how, record) => {
    const text = JSON.stringify(record)
    expect(zeek.recognise(Buffer.from(text))).toBe(1)
    const own = (await read(CONN)).events[0]
    const { events } = await read(text)
    expect(events).toHaveLength(1)
    expect(strip(events[0])).toEqual(strip(own))
  })

  it('merges both forms by time, and counts other logs as unused', async () => {
    const files = JSON.stringify({ ts: 1778555645, fuid: 'F', source: 'HTTP', mime_type: 'text/html' })
    const { events, reports } = await readTexts(zeek, [
      { name: 'dns.log', text: DNS },
      { name: 'conn.json', text: `${files}\n${JSON.stringify(JSON_CONN)}` },
    ])
    expect(events.map(({ kind }) => kind)).toEqual(['dns', 'dns', 'flow'])
    expect(reports.map(({ unused }) => unused)).toEqual([0, 1])
  })

  it('names the log for the rules', async () => {
    const seen: unknown[] = []
    for (const text of [DNS, JSON.stringify(JSON_CONN)]) {
      await readTexts(zeek, [{ name: 'x', text }], {
        matchesOf: ({ logSource, fields }) => {
          if ('service' in logSource) seen.push(logSource.service, fields['id.orig_h'])
          return []
        },
      })
    }
    expect(seen).toEqual(['dns', '10.0.0.7', 'dns', '10.0.0.7', 'conn', '10.0.0.7'])
  })
})

describe('zeek', () => {
  it.each([
    ['its own format', CONN, 1],
    ['other text', '#!/bin/sh\n', 0],
    ['other JSON', '{"ts":5,"a":1}', 0],
    ['nothing', '', 0],
  ])('recognises %s', (_what, text, score) => expect(zeek.recognise(Buffer.from(text))).toBe(score))

  it('takes any bytes', async () => {
    const text = `${CONN}\n${DNS}`
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.nat(text.length), async (noise, at) => {
        const bytes = Buffer.concat([Buffer.from(text.slice(0, at)), noise, Buffer.from(text.slice(at))])
        zeek.recognise(bytes)
        zeek.firstTime(bytes)
        await readTexts(zeek, [{ name: 'x', text: bytes, chunkBytes: 53 }])
      }),
      { seed: 31, numRuns: 60 },
    )
  })

  it('takes any values in any field', async () => {
    const names = [
      ...Object.keys(JSON_CONN),
      '_path',
      'id',
      'note',
      'answers',
      'query',
      'actions',
      'auth_success',
    ]
    const path = fc.constantFrom('conn', 'dns', 'ssl', 'ssh', 'http', 'notice')
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom(...names), fc.jsonValue(), async (_path, name, value) => {
        await read(
          JSON.stringify({ ...JSON_CONN, _path, note: 'A::B', query: 'a', auth_attempts: 0, [name]: value }),
        )
      }),
      { seed: 37, numRuns: 200 },
    )
  })
})
