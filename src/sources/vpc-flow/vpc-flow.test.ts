import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlowEvent } from '../../event/flow.ts'
import { eventsOf } from '../samples/read-records.ts'
import { readTexts } from '../samples/read-texts.ts'
import { vpcFlow } from './index.ts'

const DEFAULT_HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
const START = Date.UTC(2026, 4, 12, 3) / 1000
const OUT = `2 123456789012 eni-1 10.0.3.17 198.51.100.20 40000 3333 6 20 4000 ${START} ${START + 60} ACCEPT OK`
const BACK = `2 123456789012 eni-1 198.51.100.20 10.0.3.17 3333 40000 6 18 9000 ${START} ${START + 60} ACCEPT OK`
const REJECTED = `2 123456789012 eni-1 198.51.100.99 10.0.3.17 50000 2375 6 1 40 ${START + 5} ${START + 60} REJECT OK`
const NODATA = `2 123456789012 eni-1 - - - - - - - ${START} ${START + 60} - NODATA`
const SKIPPED = `2 123456789012 eni-1 - - - - - - - ${START} ${START + 60} - SKIPDATA`

const V5 =
  'version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status flow-direction traffic-path'
const v5 = (more: Record<string, string | number>) => {
  const row: Record<string, string | number> = {
    version: 5,
    'vpc-id': 'vpc-1',
    'subnet-id': 'subnet-1',
    'instance-id': 'i-0aaaaaaaaaaaaaaa1',
    'interface-id': 'eni-1',
    'account-id': '123456789012',
    type: 'IPv4',
    srcaddr: '10.0.3.17',
    dstaddr: '198.51.100.20',
    srcport: 40_000,
    dstport: 3333,
    'pkt-srcaddr': '10.0.3.17',
    'pkt-dstaddr': '198.51.100.20',
    protocol: 6,
    bytes: 4000,
    packets: 20,
    start: START,
    end: START + 60,
    action: 'ACCEPT',
    'tcp-flags': 2,
    'log-status': 'OK',
    'flow-direction': 'egress',
    'traffic-path': 8,
    ...more,
  }
  return V5.split(' ')
    .map((name) => row[name] ?? '-')
    .join(' ')
}

async function flows(text: string | Uint8Array): Promise<FlowEvent[]> {
  return (await eventsOf(vpcFlow, 'flow', text)).events.map((event) => FlowEvent.parse(event))
}

describe('a record', () => {
  it('of one direction is a flow from the side that opened it', async () => {
    const [out, back] = await flows(`${DEFAULT_HEADER}\n${OUT}\n${BACK}\n`)
    expect(out).toMatchObject({
      time: (START + 60) * 1000,
      start: START * 1000,
      transport: 'tcp',
      observer: 'ip:10.0.3.17',
      subjects: ['ip:10.0.3.17', 'ip:198.51.100.20'],
      srcIp: '10.0.3.17',
      srcPort: 40_000,
      dstIp: '198.51.100.20',
      dstPort: 3333,
      packetsOut: 20,
      packetsIn: 0,
      bytesOut: 4000,
      bytesIn: 0,
      isHandshakeSeen: false,
      isRejected: false,
      origin: { source: 'vpc-flow', file: 'a', line: 2, offset: DEFAULT_HEADER.length + 1, raw: OUT },
    })
    expect(back).toMatchObject({
      srcIp: '10.0.3.17',
      dstIp: '198.51.100.20',
      packetsOut: 0,
      packetsIn: 18,
      bytesOut: 0,
      bytesIn: 9000,
    })
    expect(back?.communityId).toBe(out?.communityId)
  })

  it('has the Community ID of the specification', async () => {
    // A case of the specification's own baseline: 128.232.110.120:34855 → 66.35.250.204:80, TCP.
    const [flow] = await flows(
      `2 1 eni-1 128.232.110.120 66.35.250.204 34855 80 6 1 1 ${START} ${START} ACCEPT OK`,
    )
    expect(flow?.communityId).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=')
  })

  const rows: [string, string, Partial<FlowEvent>][] = [
    [
      'SYN: the sender opened it, whatever the ports',
      v5({ srcport: 80, dstport: 40_000, 'tcp-flags': 2 }),
      { srcPort: 80, isHandshakeSeen: false },
    ],
    [
      'SYN-ACK: the receiver did',
      v5({ srcport: 50_000, dstport: 40_000, 'tcp-flags': 18 }),
      { srcPort: 40_000, packetsIn: 20, packetsOut: 0, isHandshakeSeen: true },
    ],
    [
      'SYN-ACK-FIN',
      v5({ srcport: 50_000, dstport: 40_000, 'tcp-flags': 19 }),
      { srcPort: 40_000, isHandshakeSeen: true },
    ],
    [
      'no flags: the higher port',
      v5({ srcport: 443, dstport: 50_000, 'tcp-flags': 0 }),
      { srcPort: 50_000, dstPort: 443 },
    ],
    [
      'an instance that sends',
      v5({}),
      {
        observer: 'instance:i-0aaaaaaaaaaaaaaa1',
        subjects: ['instance:i-0aaaaaaaaaaaaaaa1', 'ip:10.0.3.17', 'ip:198.51.100.20'],
      },
    ],
    [
      'an instance that receives',
      v5({
        srcaddr: '198.51.100.20',
        dstaddr: '10.0.3.17',
        'pkt-srcaddr': '198.51.100.20',
        'pkt-dstaddr': '10.0.3.17',
        'flow-direction': 'ingress',
      }),
      { subjects: ['instance:i-0aaaaaaaaaaaaaaa1', 'ip:10.0.3.17', 'ip:198.51.100.20'] },
    ],
    [
      'an interface on the way',
      v5({ srcaddr: '10.0.9.9', 'pkt-srcaddr': '10.0.3.17', 'instance-id': '-' }),
      { srcIp: '10.0.3.17', observer: 'ip:10.0.3.17' },
    ],
    [
      'IPv6',
      v5({ srcaddr: '2001:db8::17', dstaddr: '2001:db8::20', 'pkt-srcaddr': '-', 'pkt-dstaddr': '-' }),
      { srcIp: '2001:db8::17', dstIp: '2001:db8::20' },
    ],
    ['ICMP', v5({ protocol: 1, srcport: 0, dstport: 0, 'tcp-flags': 0 }), { transport: 'icmp', srcPort: 0 }],
    ['UDP', v5({ protocol: 17, srcport: 40_000, dstport: 53, 'tcp-flags': 0 }), { transport: 'udp' }],
    [
      'another protocol',
      v5({ protocol: 50, srcport: 0, dstport: 0, 'tcp-flags': 0 }),
      { transport: 'other' },
    ],
  ]
  it.each(rows)('%s', async (_, row, expected) => {
    expect(await flows(`${V5}\n${row}\n`)).toMatchObject([expected])
  })

  it('says what a filter let not through', async () => {
    expect(await flows(`${DEFAULT_HEADER}\n${REJECTED}`)).toMatchObject([
      { isRejected: true, srcIp: '198.51.100.99', dstPort: 2375 },
    ])
  })

  it('without data is unused; what was not recorded is named', async () => {
    const { events, report } = await eventsOf(
      vpcFlow,
      'flow',
      [DEFAULT_HEADER, NODATA, SKIPPED, OUT].join('\n'),
    )
    expect(events).toHaveLength(1)
    expect(report).toMatchObject({
      records: 3,
      unused: 2,
      bad: 0,
      problems: ['1 interval was not recorded by AWS (SKIPDATA)'],
    })
  })
})

function csv(line: string): string {
  return line
    .split(' ')
    .map((cell) => `"${cell}"`)
    .join(',')
}

describe('every form', () => {
  const athena = DEFAULT_HEADER.replaceAll('-', '_')
    .replace('srcaddr', 'sourceaddress')
    .replace('dstaddr', 'destinationaddress')
    .replace(' start ', ' starttime ')
    .replace(' end ', ' endtime ')
  const object = Object.fromEntries(
    DEFAULT_HEADER.split(' ').map((name, at) => [name.replace('-', '_'), OUT.split(' ')[at]]),
  )
  const forms: [string, string][] = [
    ['S3 with a header', `${DEFAULT_HEADER}\n${OUT}\n`],
    ['without a header', `${OUT}\n`],
    ['with a header in the middle', `${OUT}\n${DEFAULT_HEADER}\n`],
    [
      'another order',
      `log-status end start srcaddr dstaddr srcport dstport protocol packets bytes\nOK ${START + 60} ${START} 10.0.3.17 198.51.100.20 40000 3333 6 20 4000\n`,
    ],
    ['CloudWatch export', `2026-05-12T03:05:00.000Z ${OUT}\n2026-05-12T03:05:00.000Z ${NODATA}\n`],
    [
      'CloudWatch subscription',
      JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: 1, message: OUT }] }),
    ],
    [
      'filter-log-events',
      JSON.stringify({ events: [{ timestamp: 1, message: OUT, ingestionTime: 2 }] }, null, 2),
    ],
    ['Athena CSV', `${csv(athena)}\n${csv(OUT)}\n`],
    ['Athena JSON', JSON.stringify(object)],
  ]
  it.each(forms)('%s', async (_, text) => {
    expect(vpcFlow.recognise(Buffer.from(text))).toBeGreaterThan(0.4)
    const { events, report } = await eventsOf(vpcFlow, 'flow', text)
    expect(events).toMatchObject([
      {
        srcIp: '10.0.3.17',
        srcPort: 40_000,
        dstIp: '198.51.100.20',
        dstPort: 3333,
        packetsOut: 20,
        bytesOut: 4000,
        start: START * 1000,
        time: (START + 60) * 1000,
      },
    ])
    expect(report).toMatchObject({ bad: 0, problems: [] })
  })

  it.each([
    'May 12 03:14:07 web-1 sshd[7]: Failed password for root from 198.51.100.7 port 22 ssh2',
    'a b c d e f g h i j k l m n',
    '2 123 eni-1 a b c d e f g 1 2 OK maybe',
    'srcaddr dstaddr\n1 2',
    '{"a":1}',
    'id,start,end\n1,2,3',
  ])('is not seen in %s', (text) => {
    expect(vpcFlow.recognise(Buffer.from(text))).toBe(0)
  })
})

it('merges files by time, copies once, however they are given', async () => {
  const lines = Array.from(
    { length: 30 },
    (_, at) =>
      `2 123456789012 eni-1 10.0.3.17 198.51.100.20 40000 3333 6 20 4000 ${START + at * 60} ${START + at * 60 + 60} ACCEPT OK`,
  )
  const a = { name: 'a', text: [DEFAULT_HEADER, ...lines.slice(0, 20).toReversed()].join('\n') }
  const b = { name: 'b', text: [DEFAULT_HEADER, ...lines.slice(15)].join('\n') }
  for (const files of [
    [a, b],
    [b, a],
  ]) {
    const { events, reports } = await readTexts(vpcFlow, files)
    expect(events.map((event) => event.origin.raw)).toEqual(lines)
    expect(reports.reduce((sum, report) => sum + report.duplicates, 0)).toBe(5)
  }
})

it('stands anything in its lines', async () => {
  const word = fc.constantFrom(
    '-',
    '2',
    '10.0.3.17',
    '999.1.1.1',
    '::1',
    '99999999999999999999',
    '1e9',
    'OK',
    'NODATA',
    'ACCEPT',
    '',
    'é',
    `${START}`,
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(word, { minLength: 13, maxLength: 15 }), { maxLength: 6 }),
      async (rows) => {
        const { events, report } = await eventsOf(
          vpcFlow,
          'flow',
          `${DEFAULT_HEADER}\n${rows.map((row) => row.join(' ')).join('\n')}`,
        )
        for (const event of events) FlowEvent.parse(event)
        expect(events.length + report.bad + report.unused).toBe(report.records)
      },
    ),
    { seed: 4, numRuns: 300 },
  )
})
