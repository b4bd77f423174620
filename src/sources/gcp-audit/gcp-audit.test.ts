import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CloudApiEvent } from '../../event/cloud-api.ts'
import { eventsOf } from '../samples/read-records.ts'
import { gcpAudit } from './index.ts'

type Json = Record<string, unknown>

function entry(methodName: string, payload: Json = {}, more: Json = {}): Json {
  return {
    insertId: 'abc',
    logName: 'projects/shop-1/logs/cloudaudit.googleapis.com%2Factivity',
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'compute.googleapis.com',
      methodName,
      resourceName: 'projects/shop-1/zones/europe-west3-a/instances/web-1',
      authenticationInfo: { principalEmail: 'alice@example.org' },
      requestMetadata: { callerIp: '198.51.100.7', callerSuppliedUserAgent: 'gcloud/1' },
      ...payload,
    },
    resource: {
      type: 'gce_instance',
      labels: { project_id: 'shop-1', zone: 'europe-west3-a', instance_id: '1234567890123456789' },
    },
    severity: 'NOTICE',
    timestamp: '2026-05-12T03:14:07.123456789Z',
    ...more,
  }
}

const INSERT = entry('v1.compute.instances.insert', {
  request: {
    machineType: 'projects/shop-1/zones/europe-west3-a/machineTypes/a2-highgpu-8g',
    disks: [{ initializeParams: { sourceImage: 'projects/debian-cloud/global/images/debian-12' } }],
  },
})

describe('an audit entry', () => {
  const forms: [string, string][] = [
    ['gcloud logging read', JSON.stringify([INSERT], null, 2)],
    ['lines of a sink', JSON.stringify(INSERT)],
    ['entries.list', JSON.stringify({ entries: [INSERT] })],
  ]
  it.each(forms)('%s', async (_, text) => {
    expect(gcpAudit.recognise(Buffer.from(text))).toBe(1)
    const { events, report } = await eventsOf(gcpAudit, 'cloud-api', text)
    expect(report.problems).toEqual([])
    expect(events.map((event) => CloudApiEvent.parse(event))).toMatchObject([
      {
        time: Date.UTC(2026, 4, 12, 3, 14, 7) + 123.457,
        observer: 'account:shop-1',
        subjects: ['instance:1234567890123456789', 'account:shop-1'],
        provider: 'gcp',
        service: 'compute.googleapis.com',
        operation: 'v1.compute.instances.insert',
        outcome: 'success',
        region: 'europe-west3-a',
        caller: 'alice@example.org',
        callerType: 'User',
        srcIp: '198.51.100.7',
        resources: ['projects/shop-1/zones/europe-west3-a/instances/web-1'],
        compute: { instanceType: 'a2-highgpu-8g', count: 1, imageId: 'debian-12' },
      },
    ])
  })

  const cases: [string, Json, Partial<CloudApiEvent>][] = [
    [
      'refused',
      entry('x', { status: { code: 7, message: 'PERMISSION_DENIED' } }),
      { outcome: 'denied', errorCode: 'PERMISSION_DENIED' },
    ],
    [
      'refused without a status',
      entry('x', { authorizationInfo: [{ granted: true }, { granted: false, resource: 'r' }] }),
      { outcome: 'denied', resources: [expect.any(String), 'r'] as string[] },
    ],
    ['failed', entry('x', { status: { code: 5 } }), { outcome: 'failure', errorCode: 'NOT_FOUND' }],
    [
      'of an unknown code',
      entry('x', { status: { code: 99 } }),
      { outcome: 'failure', errorCode: 'code 99' },
    ],
    [
      'that only reads',
      entry('x', { authorizationInfo: [{ granted: true, permissionType: 'ADMIN_READ' }] }),
      { isReadOnly: true },
    ],
    [
      'of a service account',
      entry('x', {
        authenticationInfo: {
          principalEmail: 'b@shop-1.iam.gserviceaccount.com',
          serviceAccountKeyName: 'k',
        },
      }),
      { callerType: 'ServiceAccount', accessKeyId: 'k' },
    ],
    [
      'of many machines',
      entry('v1.compute.instances.bulkInsert', {
        request: { count: '40', instanceProperties: { machineType: 'n2-standard-80' } },
      }),
      { compute: { instanceType: 'n2-standard-80', count: 40, imageId: null } },
    ],
    [
      'of a group',
      entry('v1.compute.instanceGroupManagers.resize', { request: { size: '30' } }),
      { compute: { instanceType: null, count: 30, imageId: null } },
    ],
    [
      'that names its project in its log only',
      entry('x', {}, { resource: {} }),
      { account: 'shop-1', subjects: ['account:shop-1'] },
    ],
  ]
  it.each(cases)('%s', async (_, record, expected) => {
    expect((await eventsOf(gcpAudit, 'cloud-api', JSON.stringify(record))).events).toMatchObject([expected])
  })

  it.each(['{"protoPayload":1}', '{"jsonPayload":{},"timestamp":"2026-05-12T03:14:07Z"}'])(
    'is not seen in %s',
    (text) => {
      expect(gcpAudit.recognise(Buffer.from(text))).toBe(0)
    },
  )

  it('never breaks the source, whatever it holds', async () => {
    const keys = fc.constantFrom(
      'status',
      'authorizationInfo',
      'authenticationInfo',
      'request',
      'requestMetadata',
      'methodName',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 })),
        fc.jsonValue(),
        async (payload, resource) => {
          const text = JSON.stringify(entry('v1.compute.instances.insert', payload, { resource }))
          for (const event of (await eventsOf(gcpAudit, 'cloud-api', text)).events) CloudApiEvent.parse(event)
        },
      ),
      { seed: 4, numRuns: 200 },
    )
  })
})
