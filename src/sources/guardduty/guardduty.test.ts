import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { AlertEvent } from '../../event/alert.ts'
import { fieldsOf, isFields, listAt } from '../json/fields.ts'
import { eventsOf } from '../samples/read-records.ts'
import { readTexts } from '../samples/read-texts.ts'
import { guardduty } from './index.ts'

const ACCOUNT = '123456789012'

type Json = Record<string, unknown>

function finding(
  type: string,
  severity: number,
  more: { resource?: Json; service?: Json; id?: string } = {},
): Json {
  return {
    schemaVersion: '2.0',
    accountId: ACCOUNT,
    region: 'eu-central-1',
    partition: 'aws',
    id: more.id ?? 'f-1',
    arn: `arn:aws:guardduty:eu-central-1:${ACCOUNT}:detector/d-1/finding/f-1`,
    type,
    resource: more.resource ?? {},
    service: {
      serviceName: 'guardduty',
      detectorId: 'd-1',
      count: 3,
      eventFirstSeen: '2026-05-12T02:00:00Z',
      eventLastSeen: '2026-05-12T03:00:00Z',
      ...more.service,
    },
    severity,
    createdAt: '2026-05-12T02:10:00.000Z',
    updatedAt: '2026-05-12T03:10:00.000Z',
    title: `Title of ${type}`,
    description: 'Words.',
  }
}

const INSTANCE = {
  resourceType: 'Instance',
  instanceDetails: {
    instanceId: 'i-0aaaaaaaaaaaaaaa1',
    instanceType: 'c5.large',
    networkInterfaces: [{ privateIpAddress: '10.0.3.17', publicIp: '203.0.113.9' }],
  },
}

const TO_POOL = {
  action: {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: {
      connectionDirection: 'OUTBOUND',
      protocol: 'TCP',
      remoteIpDetails: { ipAddressV4: '198.51.100.20' },
      remotePortDetails: { port: 3333, portName: 'Unknown' },
      localPortDetails: { port: 40_000 },
      blocked: false,
    },
  },
}

function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      pascal(member),
    ]),
  )
}

const MINING = finding('CryptoCurrency:EC2/BitcoinTool.B', 8, { resource: INSTANCE, service: TO_POOL })

describe('a finding', () => {
  const forms: [string, unknown][] = [
    ['of an S3 export', MINING],
    ['of EventBridge', { version: '0', 'detail-type': 'GuardDuty Finding', detail: MINING }],
    ['of get-findings', { Findings: [pascal(MINING)] }],
    ['in a list', [MINING]],
  ]
  it.each(forms)('%s', async (_, form) => {
    const text = JSON.stringify(form)
    expect(guardduty.recognise(Buffer.from(text))).toBe(1)
    const { events, report } = await eventsOf(guardduty, 'alert', text)
    expect(report.problems).toEqual([])
    expect(events.map((event) => AlertEvent.parse(event))).toMatchObject([
      {
        time: Date.UTC(2026, 4, 12, 3),
        start: Date.UTC(2026, 4, 12, 2),
        observer: `account:${ACCOUNT}`,
        subjects: ['instance:i-0aaaaaaaaaaaaaaa1', 'ip:10.0.3.17', `account:${ACCOUNT}`],
        sensor: 'guardduty',
        rule: 'CryptoCurrency:EC2/BitcoinTool.B',
        title: 'Title of CryptoCurrency:EC2/BitcoinTool.B',
        severity: 'high',
        category: 'CryptoCurrency',
        isMining: true,
        srcIp: '10.0.3.17',
        srcPort: 40_000,
        dstIp: '198.51.100.20',
        dstPort: 3333,
        communityId: expect.stringMatching(/^1:/u),
        count: 3,
      },
    ])
  })

  const severities: [number, AlertEvent['severity']][] = [
    [9.5, 'critical'],
    [8, 'high'],
    [5, 'medium'],
    [2, 'low'],
    [0, 'info'],
  ]
  it.each(severities)('of severity %d is %s', async (value, severity) => {
    const { events } = await eventsOf(
      guardduty,
      'alert',
      JSON.stringify(finding('Recon:EC2/Portscan', value)),
    )
    expect(events[0]).toMatchObject({ severity, isMining: false })
  })

  const kinds: [string, Json, Partial<AlertEvent>][] = [
    [
      'a DNS query',
      finding('CryptoCurrency:EC2/BitcoinTool.B!DNS', 8, {
        resource: INSTANCE,
        service: {
          action: { dnsRequestAction: { domain: 'Pool.Example.', protocol: 'UDP', blocked: false } },
        },
      }),
      { domain: 'pool.example', isMining: true, dstIp: null, communityId: null },
    ],
    [
      'an API call',
      finding('UnauthorizedAccess:IAMUser/ConsoleLogin', 5, {
        resource: { accessKeyDetails: { userName: 'build' } },
        service: {
          action: { awsApiCallAction: { api: 'x', remoteIpDetails: { ipAddressV4: '198.51.100.7' } } },
        },
      }),
      { srcIp: '198.51.100.7', user: 'build', subjects: [`account:${ACCOUNT}`] },
    ],
    [
      'a probe of a port',
      finding('Recon:EC2/PortProbeUnprotectedPort', 2, {
        resource: INSTANCE,
        service: {
          action: {
            portProbeAction: {
              blocked: false,
              portProbeDetails: [
                { localPortDetails: { port: 2375 }, remoteIpDetails: { ipAddressV4: '198.51.100.8' } },
              ],
            },
          },
        },
      }),
      { srcIp: '198.51.100.8', dstPort: 2375, dstIp: '10.0.3.17' },
    ],
    [
      'a program in a pod',
      finding('Impact:Runtime/CryptoMinerExecuted', 8, {
        resource: {
          kubernetesDetails: {
            kubernetesUserDetails: { username: 'system:x' },
            kubernetesWorkloadDetails: { containers: [{ id: 'c0ffee' }] },
          },
        },
        service: {
          runtimeDetails: {
            process: { executablePath: '/tmp/x' },
            context: { commandLineExample: '/tmp/x -o pool' },
          },
        },
      }),
      {
        isMining: true,
        subjects: ['container:c0ffee', `account:${ACCOUNT}`],
        user: 'system:x',
        commandLine: '/tmp/x -o pool',
      },
    ],
  ]
  it.each(kinds)('about %s', async (_, record, expected) => {
    const { events } = await eventsOf(guardduty, 'alert', JSON.stringify(record))
    expect(events).toMatchObject([expected])
  })

  it('passes over samples', async () => {
    const text = JSON.stringify(
      finding('Recon:EC2/Portscan', 5, { service: { additionalInfo: { sample: true } } }),
    )
    const { events, report } = await eventsOf(guardduty, 'alert', text)
    expect(events).toEqual([])
    expect(report).toMatchObject({ unused: 1, decisions: ['sample findings passed over'] })
  })

  it('counts once where it was exported twice', async () => {
    const lines = [
      finding('Recon:EC2/Portscan', 5, { id: 'a' }),
      finding('Recon:EC2/Portscan', 5, { id: 'b' }),
    ].map((one) => JSON.stringify(one))
    const { events } = await readTexts(guardduty, [
      { name: 'a', text: lines.join('\n') },
      { name: 'b', text: `[${lines.join(',')}]` },
    ])
    expect(events).toHaveLength(2)
  })

  it.each(['{"type":"x","severity":1}', '{"type":"a/b"}', '{"Records":[]}'])('is not seen in %s', (text) => {
    expect(guardduty.recognise(Buffer.from(text))).toBe(0)
  })

  it('never breaks the source, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('resource', 'service', 'severity', 'Severity', 'type', 'title', 'updatedAt'),
          fc.jsonValue({ maxDepth: 4 }),
        ),
        async (more) => {
          const { events } = await eventsOf(
            guardduty,
            'alert',
            JSON.stringify({ createdAt: '2026-05-12T02:10:00Z', ...more }),
          )
          for (const event of events) AlertEvent.parse(event)
        },
      ),
      { seed: 4, numRuns: 200 },
    )
  })
})

const panther = resolve(import.meta.dirname, '../../../../shared/corpus/logs/panther/aws_guardduty_rules')
describe('examples of others', () => {
  it.skipIf(!existsSync(panther))('are rated as their severity says', async () => {
    const document: unknown = load(
      readFileSync(resolve(panther, 'aws_guardduty_high_sev_findings.yml'), 'utf8'),
    )
    const logs = listAt(fieldsOf(document) ?? {}, 'Tests').map((test) =>
      isFields(test) ? test['Log'] : null,
    )
    const { events, report } = await eventsOf(guardduty, 'alert', JSON.stringify(logs))
    expect(events.map((event) => event.severity)).toEqual(['high'])
    expect(report.unused).toBe(1)
  })
})
