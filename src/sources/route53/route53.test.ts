import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DnsEvent } from '../../event/dns.ts'
import { eventsOf } from '../samples/read-records.ts'
import { route53 } from './index.ts'

const QUERY = {
  version: '1.1',
  account_id: '123456789012',
  region: 'eu-central-1',
  vpc_id: 'vpc-1',
  query_timestamp: '2026-05-12T03:14:07Z',
  query_name: 'Pool.Example.',
  query_type: 'A',
  query_class: 'IN',
  rcode: 'NOERROR',
  answers: [
    { Rdata: 'eu.pool.example.', Type: 'CNAME', Class: 'IN' },
    { Rdata: '198.51.100.20', Type: 'A', Class: 'IN' },
  ],
  srcaddr: '10.0.3.17',
  srcport: '40001',
  transport: 'UDP',
  srcids: { instance: 'i-0aaaaaaaaaaaaaaa1', resolver_endpoint: 'rslvr-1' },
}
const EXPECTED = {
  kind: 'dns',
  time: Date.UTC(2026, 4, 12, 3, 14, 7),
  observer: 'instance:i-0aaaaaaaaaaaaaaa1',
  subjects: ['instance:i-0aaaaaaaaaaaaaaa1', 'ip:10.0.3.17'],
  query: 'pool.example',
  queryType: 'A',
  isResponse: true,
  responseCode: 'NOERROR',
  answers: ['eu.pool.example', '198.51.100.20'],
  srcIp: '10.0.3.17',
}

const OCSF = {
  activity_id: 2,
  class_uid: 4003,
  cloud: { provider: 'AWS', region: 'eu-central-1', account: { uid: '123456789012' } },
  metadata: { product: { name: 'Route 53', vendor_name: 'AWS', feature: { name: 'Resolver Query Logs' } } },
  query: { hostname: 'Pool.Example.', type: 'A', class: 'IN' },
  rcode: 'NoError',
  answers: [
    { rdata: 'eu.pool.example.', type: 'CNAME', class: 'IN' },
    { rdata: '198.51.100.20', type: 'A', class: 'IN' },
  ],
  src_endpoint: { ip: '10.0.3.17', port: 40001, instance_uid: 'i-0aaaaaaaaaaaaaaa1', vpc_uid: 'vpc-1' },
  time: Date.UTC(2026, 4, 12, 3, 14, 7),
}

const TABLE = `"query_timestamp","query_name","query_type","rcode","srcaddr","srcids"
"2026-05-12 03:14:07","Pool.Example.","A","NOERROR","10.0.3.17","{""instance"":""i-0aaaaaaaaaaaaaaa1""}"`

describe('a query', () => {
  const forms: [string, string][] = [
    ['of the log in S3', `${JSON.stringify(QUERY)}\n`],
    ['of Security Lake', `${JSON.stringify(OCSF)}\n`],
    ['of Security Lake, with its time in words', JSON.stringify({ ...OCSF, time: '2026-05-12 03:14:07' })],
    [
      'of CloudWatch Logs',
      JSON.stringify({ logEvents: [{ id: '1', timestamp: 1, message: JSON.stringify(QUERY) }] }),
    ],
  ]
  it.each(forms)('%s', async (_, text) => {
    expect(route53.recognise(Buffer.from(text))).toBe(1)
    const { events, report } = await eventsOf(route53, 'dns', text)
    expect(events.map((event) => DnsEvent.parse(event))).toMatchObject([EXPECTED])
    expect(report.problems).toEqual([])
  })

  it('of a table', async () => {
    expect(route53.recognise(Buffer.from(TABLE))).toBe(1)
    expect((await eventsOf(route53, 'dns', TABLE)).events).toMatchObject([{ ...EXPECTED, answers: [] }])
  })

  it('without an instance is of its address', async () => {
    const { events } = await eventsOf(
      route53,
      'dns',
      JSON.stringify({ ...QUERY, srcids: {}, rcode: 'NXDOMAIN', answers: [] }),
    )
    expect(events).toMatchObject([{ observer: 'ip:10.0.3.17', responseCode: 'NXDOMAIN', answers: [] }])
  })

  it('that a rule of the firewall held on is an alert as well', async () => {
    const blocked = { ...QUERY, firewall_rule_action: 'BLOCK', firewall_domain_list_id: 'rslvr-fdl-1' }
    const { events } = await eventsOf(route53, 'alert', JSON.stringify(blocked))
    expect(events).toMatchObject([
      {
        sensor: 'route53-dns-firewall',
        rule: 'rslvr-fdl-1',
        category: 'BLOCK',
        domain: 'pool.example',
        srcIp: '10.0.3.17',
      },
    ])
    expect(
      (await eventsOf(route53, 'alert', JSON.stringify({ ...blocked, firewall_rule_action: 'ALLOW' })))
        .events,
    ).toEqual([])
  })

  it('that EventBridge tells of', async () => {
    const detail = {
      'account-id': '123456789012',
      'last-observed-at': '2026-05-12T03:14:07.5Z',
      'query-name': 'pool.example.',
      'query-type': 'A',
      'firewall-rule-action': 'ALERT',
      resources: [{ 'resource-type': 'instance', 'instance-details': { id: 'i-0aaaaaaaaaaaaaaa1' } }],
    }
    const text = JSON.stringify({
      'detail-type': 'DNS Firewall Alert',
      source: 'aws.route53resolver',
      detail,
    })
    expect(route53.recognise(Buffer.from(text))).toBe(1)
    expect((await eventsOf(route53, 'alert', text)).events).toMatchObject([
      { subjects: ['instance:i-0aaaaaaaaaaaaaaa1'], category: 'ALERT' },
    ])
    expect((await eventsOf(route53, 'dns', text)).events).toEqual([])
  })

  it.each(['{"query":"x","ts":1}', '{"query_name":"x"}'])('is not seen in %s', (text) => {
    expect(route53.recognise(Buffer.from(text))).toBe(0)
  })

  it('never breaks the source, whatever it holds', async () => {
    const keys = fc.constantFrom(...Object.keys(QUERY), 'firewall_rule_action')
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 })), async (more) => {
        const { events } = await eventsOf(route53, 'dns', JSON.stringify({ ...QUERY, ...more }))
        for (const event of events) DnsEvent.parse(event)
      }),
      { seed: 4, numRuns: 200 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...Object.keys(OCSF)), fc.jsonValue({ maxDepth: 3 })),
        async (more) => {
          const { events } = await eventsOf(route53, 'dns', JSON.stringify({ ...OCSF, ...more }))
          for (const event of events) DnsEvent.parse(event)
        },
      ),
      { seed: 4, numRuns: 200 },
    )
  })
})
