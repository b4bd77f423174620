import { describe, expect, it } from 'vitest'
import type { CloudApiEvent } from '../event/cloud-api.ts'
import { CloudCallers, cloudEntryOf } from './cloud-callers.ts'
import { at, finding, hostFacts, proof } from './samples.ts'

const ACCOUNT = 'account:111122223333'
const ROLE = 'arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0'
const OWN = '198.51.100.4'
const STRANGER = '203.0.113.9'

function call(minutes: number, srcIp: string | null, caller: string | null = ROLE): CloudApiEvent {
  return {
    kind: 'cloud-api',
    time: at(minutes),
    timeQuality: 'exact',
    observer: ACCOUNT,
    subjects: [ACCOUNT],
    origin: { source: 'cloudtrail', file: 'trail.json', offset: minutes, raw: `${caller}` },
    provider: 'aws',
    service: 'ec2.amazonaws.com',
    operation: 'DescribeInstances',
    outcome: 'success',
    errorCode: null,
    isDryRun: false,
    isReadOnly: true,
    account: '111122223333',
    region: 'us-east-1',
    caller,
    callerType: 'AssumedRole',
    accessKeyId: null,
    hasMfa: null,
    srcIp,
    srcHost: null,
    userAgent: null,
    resources: [],
    compute: null,
  }
}

function seen(calls: readonly CloudApiEvent[]): CloudCallers {
  const callers = new CloudCallers()
  for (const one of calls) callers.observe(one)
  return callers
}

function entry(calls: readonly CloudApiEvent[], stepAt: number, raw = `{"arn":"${ROLE}"}`): unknown {
  const callers = seen(calls)
  const step = finding('launch', stepAt, {
    facts: hostFacts(),
    evidence: [{ ...proof(raw, stepAt), source: 'cloudtrail' }],
  })
  const found = cloudEntryOf([step], (time, text) => callers.visitOf([ACCOUNT], time, text))
  return found === null ? null : [found.kind, found.srcIp, found.time, found.user, found.confidence]
}

describe('how somebody came into an account', () => {
  it('is the first call of that visit, by those credentials, from a new address', () => {
    expect(entry([call(0, OWN), call(100, STRANGER), call(105, OWN), call(110, STRANGER)], 110)).toEqual([
      'cloud-credentials',
      STRANGER,
      at(100),
      'assumed-role/web/i-0123456789abcdef0',
      0.8,
    ])
  })

  it('is less sure where the address is the only one there is', () => {
    expect(entry([call(100, STRANGER), call(110, STRANGER)], 110)).toEqual([
      'cloud-credentials',
      STRANGER,
      at(100),
      'assumed-role/web/i-0123456789abcdef0',
      0.6,
    ])
  })

  it.each([
    ['the caller is another', [call(100, STRANGER)], '{"arn":"arn:aws:iam::111122223333:user/build"}'],
    ['nobody called then', [call(-2000, STRANGER)], undefined],
    [
      'it is how its owner has worked for days',
      Array.from({ length: 40 }, (_, i) => call(110 - i * 60, OWN)).toReversed(),
      undefined,
    ],
    ['a service of the cloud called', [call(100, null)], undefined],
  ] as const)('is not claimed where %s', (_name, calls, raw) => {
    expect(entry(calls, 110, raw)).toBeNull()
  })

  it('keeps within its bounds', () => {
    const callers = seen(Array.from({ length: 10_000 }, (_, i) => call(i, `203.0.${i >> 8}.${i & 255}`)))
    expect(callers.visitOf([ACCOUNT], at(1), ROLE)).toBeNull()
    expect(callers.visitOf([ACCOUNT], at(9999), ROLE)?.from).toBe(at(9999))
  })
})
