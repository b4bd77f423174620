import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eventsOf } from '../samples/read-records.ts'
import { prowler } from './index.ts'

type Json = Record<string, unknown>

function finding(more: Json = {}): Json {
  return {
    message: 'SSH is open.',
    metadata: { event_code: 'ec2_ssh_open', product: { name: 'Prowler' }, version: '1.4.0' },
    severity: 'High',
    status: 'New',
    status_code: 'FAIL',
    class_uid: 2004,
    finding_info: { uid: 'f-1', title: 'SSH is open to the internet', created_time: 1_778_000_000 },
    resources: [
      {
        uid: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0b00000000000000a',
        name: 'web-1',
        region: 'us-east-1',
        type: 'AwsEc2Instance',
      },
    ],
    cloud: { account: { uid: '111122223333' }, provider: 'aws', region: 'us-east-1' },
    remediation: { desc: 'Close it.', references: [] },
    risk_details: 'Bots guess passwords.',
    ...more,
  }
}

it('reads a finding as what it is about', async () => {
  const { events } = await eventsOf(prowler, 'resource', JSON.stringify([finding()]))
  expect(events).toMatchObject([
    {
      resourceType: 'posture-finding',
      account: '111122223333',
      region: 'us-east-1',
      provider: 'aws',
      time: 1_778_000_000_000,
      attributes: {
        tool: 'Prowler',
        check: 'ec2_ssh_open',
        status: 'FAIL',
        severity: 'high',
        targets: ['arn:aws:ec2:us-east-1:111122223333:instance/i-0b00000000000000a', 'web-1'],
      },
    },
  ])
})

it.each([
  ['that passed', { status_code: 'PASS' }, 'PASS'],
  ['that somebody muted', { unmapped: { muted: true } }, 'MUTED'],
  ['that somebody suppressed', { status: 'Suppressed' }, 'MUTED'],
  ['to be looked at by hand', { status_code: 'MANUAL' }, 'MANUAL'],
])('keeps apart one %s', async (_, more, status) => {
  const { events } = await eventsOf(prowler, 'resource', JSON.stringify([finding(more)]))
  expect(events[0]?.attributes['status']).toBe(status)
})

it('counts the same finding once, and one of each resource', async () => {
  const other = { resources: [{ uid: 'a' }, { uid: 'b' }] }
  const { events } = await eventsOf(
    prowler,
    'resource',
    JSON.stringify([finding(), finding(), finding(other)]),
  )
  expect(events).toHaveLength(3)
})

it('survives any JSON in its place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...Object.keys(finding())), fc.jsonValue()),
      async (more) => {
        await eventsOf(prowler, 'resource', JSON.stringify([finding(more)]))
      },
    ),
    { seed: 6, numRuns: 100 },
  )
})

const sample = resolve(
  import.meta.dirname,
  '../../../../shared/corpus/posture/prowler/example_output_aws.ocsf.json',
)

it.skipIf(!existsSync(sample))('reads all of a public example', async () => {
  const { events, report } = await eventsOf(prowler, 'resource', readFileSync(sample, 'utf8'))
  expect(events).toHaveLength(5)
  expect(report.bad).toBe(0)
  expect(prowler.recognise(readFileSync(sample).subarray(0, 65_536))).toBe(1)
})
