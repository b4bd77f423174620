import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CloudApiEvent } from '../../event/cloud-api.ts'
import { eventsOf } from '../samples/read-records.ts'
import { azureActivity } from './index.ts'

type Json = Record<string, unknown>

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001'
const MACHINE = `/SUBSCRIPTIONS/${SUBSCRIPTION}/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB-1`

function record(more: Json = {}): Json {
  return {
    time: '2026-05-12T03:14:07.1234567Z',
    resourceId: MACHINE,
    operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE',
    category: 'Administrative',
    resultType: 'Success',
    resultSignature: 'Succeeded.Created',
    callerIpAddress: '198.51.100.7',
    correlationId: 'c-1',
    identity: {
      authorization: { evidence: { principalType: 'User' } },
      claims: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'alice@example.org' },
    },
    level: 'Information',
    location: 'westeurope',
    properties: {
      requestbody: JSON.stringify({
        properties: {
          hardwareProfile: { vmSize: 'Standard_NC24' },
          storageProfile: { imageReference: { offer: 'ubuntu' } },
        },
      }),
    },
    ...more,
  }
}

describe('an activity', () => {
  it.each([
    ['lines of a blob', JSON.stringify(record())],
    ['an event hub', JSON.stringify({ records: [record()] })],
  ])('%s', async (_, text) => {
    expect(azureActivity.recognise(Buffer.from(text))).toBe(1)
    const { events, report } = await eventsOf(azureActivity, 'cloud-api', text)
    expect(report.problems).toEqual([])
    expect(events.map((event) => CloudApiEvent.parse(event))).toMatchObject([
      {
        observer: `account:${SUBSCRIPTION}`,
        subjects: [`instance:${MACHINE.toLowerCase()}`, `account:${SUBSCRIPTION}`],
        provider: 'azure',
        service: 'microsoft.compute',
        outcome: 'success',
        caller: 'alice@example.org',
        callerType: 'User',
        srcIp: '198.51.100.7',
        region: 'westeurope',
        compute: { instanceType: 'Standard_NC24', count: 1, imageId: 'ubuntu' },
      },
    ])
  })

  const cases: [string, Json, Partial<CloudApiEvent>][] = [
    [
      'refused',
      { resultType: 'Failure', resultSignature: 'Failed.Forbidden' },
      { outcome: 'denied', errorCode: 'Failed.Forbidden' },
    ],
    ['refused by number', { resultType: 'Failed', resultSignature: '403' }, { outcome: 'denied' }],
    ['failed', { resultType: 'Failed', resultSignature: '409' }, { outcome: 'failure' }],
    ['with a port behind the address', { callerIpAddress: '198.51.100.7:28915' }, { srcIp: '198.51.100.7' }],
    [
      'of a scale set',
      {
        operationName: 'Microsoft.Compute/virtualMachineScaleSets/write',
        properties: { requestbody: { sku: { name: 'Standard_F72s_v2', capacity: 20 } } },
      },
      { compute: { instanceType: 'Standard_F72s_v2', count: 20, imageId: null } },
    ],
    [
      'of another resource',
      { resourceId: `/subscriptions/${SUBSCRIPTION}`, operationName: 'Microsoft.Insights/x/delete' },
      { subjects: [`account:${SUBSCRIPTION}`], compute: null },
    ],
  ]
  it.each(cases)('%s', async (_, more, expected) => {
    expect((await eventsOf(azureActivity, 'cloud-api', JSON.stringify(record(more)))).events).toMatchObject([
      expected,
    ])
  })

  it('counts when it has ended, not when it began', async () => {
    const text = [record({ resultType: 'Start' }), record()].map((one) => JSON.stringify(one)).join('\n')
    expect((await eventsOf(azureActivity, 'cloud-api', text)).events).toHaveLength(1)
  })

  it.each(['{"resourceId":"/subscriptions/x"}', '{"time":"2026-05-12T03:14:07Z","operationName":"x"}'])(
    'is not seen in %s',
    (text) => {
      expect(azureActivity.recognise(Buffer.from(text))).toBe(0)
    },
  )

  it('never breaks the source, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...Object.keys(record())), fc.jsonValue({ maxDepth: 3 })),
        async (more) => {
          const text = JSON.stringify({ ...record(more), time: '2026-05-12T03:14:07Z' })
          for (const event of (await eventsOf(azureActivity, 'cloud-api', text)).events)
            CloudApiEvent.parse(event)
        },
      ),
      { seed: 4, numRuns: 200 },
    )
  })
})
