import { describe, expect, it } from 'vitest'
import { Random } from '../../random.ts'
import { collected, machineFacts, packet } from '../samples/stage.ts'
import type { ApiCall, CloudWitnessKind, MachineObservation, NameLookedUp } from '../witness.ts'
import { callOf, refused, runInstances, setTerminationProtection } from './cloud-calls.ts'
import { accountRoutine } from './cloud-routine.ts'
import { CUSTOM_FORMAT, DEFAULT_FORMAT, type FlowFormat } from './flow-format.ts'
import { FlowLog } from './flow-log.ts'
import { CLOUDTRAIL, ROUTE53, VPC_FLOW } from './index.ts'

const START_MS = Date.UTC(2026, 4, 12)
const HOUR_MS = 3_600_000
const ACCOUNT = '111122223333'
const WEB = machineFacts('web-1')
const DB = machineFacts('db-1', 't3.large', 18)

function placeFor(seed: string, hours = 30) {
  const files = collected()
  return {
    files,
    place: {
      open: files.open,
      random: new Random(seed),
      startMs: START_MS,
      endMs: START_MS + hours * HOUR_MS,
      account: ACCOUNT,
      region: 'us-east-1',
      machines: [WEB, DB],
    },
  }
}

const CALLER = {
  account: ACCOUNT,
  region: 'us-east-1',
  caller: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/instance/${WEB.instanceId}`,
    userName: null,
    accessKeyId: 'ASIAABCDEFGHIEXAMPLE',
  },
  source: '203.0.113.9',
  userAgent: 'Boto3/1.34.69',
} as const

function launched(count: number) {
  const launch = {
    instanceType: 'c5.24xlarge',
    imageId: 'ami-0123',
    count,
    keyName: 'k',
    subnetId: 'subnet-0123',
    zone: 'us-east-1a',
    hasUserData: true,
    isSpot: false,
    timeMs: START_MS,
  }
  return runInstances(launch, ACCOUNT, new Random('launch'))
}

describe('CloudTrail', () => {
  const calls: ApiCall[] = [
    callOf(CALLER, launched(3), START_MS + HOUR_MS + 1700),
    callOf(CALLER, refused(launched(1), 'Client.DryRunOperation'), START_MS + HOUR_MS + 2900),
    callOf(
      { ...CALLER, region: 'eu-west-1' },
      setTerminationProtection('i-01', true),
      START_MS + 2 * HOUR_MS,
    ),
  ]

  function recordsOf(seed = 'trail') {
    const { files, place } = placeFor(seed)
    const witness = CLOUDTRAIL.start(place)
    for (const call of calls) witness.observe(call)
    witness.end()
    expect(
      witness
        .files()
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(files.paths().toSorted())
    return files.paths().map((path) => ({
      path,
      records: (JSON.parse(files.textOf(path)) as { Records: Record<string, unknown>[] }).Records,
    }))
  }

  it('lies where S3 has it, an object per region and quarter of an hour', () => {
    for (const { path, records } of recordsOf()) {
      expect(path).toMatch(
        /^cloud\/AWSLogs\/111122223333\/CloudTrail\/(?<region>[a-z0-9-]+)\/2026\/05\/1[23]\/111122223333_CloudTrail_\k<region>_202605\d\dT\d\d(?:00|15|30|45)Z_\w{16}\.json\.gz$/u,
      )
      const times = records.map((record) => String(record['eventTime']))
      expect(times).toEqual(times.toSorted())
      expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeLessThan(15 * 60_000)
    }
  })

  it('has every field, in CloudTrail’s order', () => {
    const launch = recordsOf()
      .flatMap(({ records }) => records)
      .find((record) => record['eventName'] === 'RunInstances' && record['sourceIPAddress'] === '203.0.113.9')
    expect(Object.keys(launch ?? {})).toEqual([
      'eventVersion',
      'userIdentity',
      'eventTime',
      'eventSource',
      'eventName',
      'awsRegion',
      'sourceIPAddress',
      'userAgent',
      'requestParameters',
      'responseElements',
      'requestID',
      'eventID',
      'readOnly',
      'eventType',
      'managementEvent',
      'recipientAccountId',
      'eventCategory',
      'tlsDetails',
    ])
    expect(launch).toMatchObject({
      eventTime: '2026-05-12T01:00:01Z',
      userIdentity: {
        type: 'AssumedRole',
        arn: CALLER.caller.arn,
        accessKeyId: 'ASIAABCDEFGHIEXAMPLE',
        sessionContext: {
          sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/instance`, userName: 'instance' },
          attributes: { mfaAuthenticated: 'false' },
          ec2RoleDelivery: '2.0',
        },
      },
      requestParameters: {
        instanceType: 'c5.24xlarge',
        instancesSet: { items: [{ maxCount: 3, keyName: 'k' }] },
      },
      responseElements: {
        instancesSet: { items: [{ amiLaunchIndex: 0 }, { amiLaunchIndex: 1 }, { amiLaunchIndex: 2 }] },
      },
    })
  })

  it('tells why a call was turned down, and nothing of its answer', () => {
    const dry = recordsOf()
      .flatMap(({ records }) => records)
      .find((record) => record['eventTime'] === '2026-05-12T01:00:02Z')
    expect(dry).toMatchObject({
      errorCode: 'Client.DryRunOperation',
      errorMessage: 'Request would have succeeded, but DryRun flag is set.',
      responseElements: null,
    })
  })

  it('is the same for a seed and another for another', () => {
    expect(recordsOf()).toEqual(recordsOf())
    expect(recordsOf('other')).not.toEqual(recordsOf())
  })

  it('has an everyday that goes on in the order of time, within working hours where people are', () => {
    const { place } = placeFor('routine')
    const times: number[] = []
    const people: number[] = []
    for (const call of accountRoutine(place, place.random)) {
      if (call.timeMs > place.endMs) break
      times.push(call.timeMs)
      if (call.caller.type === 'IAMUser') people.push(new Date(call.timeMs).getUTCHours())
    }
    expect(times.length).toBeGreaterThan(300)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(people.length).toBeGreaterThan(0)
    expect(people.every((hour) => hour >= 7 && hour <= 18)).toBe(true)
  })
})

describe.each<[string, FlowFormat, 60 | 600]>([
  ['default format', DEFAULT_FORMAT, 600],
  ['custom format', CUSTOM_FORMAT, 60],
])('VPC flow logs in the %s', (_, format, intervalSeconds) => {
  function rows(seed = 'flows') {
    const { files, place } = placeFor(seed, 2)
    const settings = {
      format,
      intervalSeconds,
      account: ACCOUNT,
      region: 'us-east-1',
      vpcId: 'vpc-0a',
      flowLogId: 'fl-0a',
      folder: '',
      startMs: START_MS,
    }
    const log = new FlowLog(place.open, settings, [WEB, DB], place.random)
    for (let second = 0; second < 3600; second += 20) {
      const about = { far: '198.51.100.4', farPort: 443, port: 40_000 } as const
      const timeMs = START_MS + second * 1000
      const isFirst = second === 0
      log.passed(
        WEB,
        packet(WEB, timeMs, { ...about, direction: 'out', bytes: 120, tcpFlags: isFirst ? 0x02 : 0x18 }),
      )
      log.passed(
        WEB,
        packet(WEB, timeMs + 90, { ...about, direction: 'in', bytes: 260, tcpFlags: isFirst ? 0x12 : 0x10 }),
      )
    }
    log.end(place.endMs)
    return files.paths().flatMap((path) => {
      const [header = '', ...lines] = files.textOf(path).trimEnd().split('\n')
      expect(header).toBe(format.fields.join(' '))
      const names = header.split(' ')
      return lines.map((line) => {
        const values = line.split(' ')
        expect(values).toHaveLength(names.length)
        return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']))
      })
    })
  }

  it('counts every packet and byte once, each way for itself', () => {
    const flows = rows().filter((row) => row['action'] === 'ACCEPT')
    const out = flows.filter((row) => row['dstaddr'] === '198.51.100.4')
    const back = flows.filter((row) => row['srcaddr'] === '198.51.100.4')
    const sum = (list: typeof flows, name: string): number =>
      list.reduce((total, row) => total + Number(row[name]), 0)
    expect([sum(out, 'packets'), sum(out, 'bytes')]).toEqual([180, 180 * 120])
    expect([sum(back, 'packets'), sum(back, 'bytes')]).toEqual([180, 180 * 260])
  })

  it('keeps each line within its window', () => {
    for (const row of rows()) {
      const seconds = Number(row['end']) - Number(row['start'])
      expect(seconds).toBeGreaterThanOrEqual(0)
      expect(seconds).toBeLessThanOrEqual(intervalSeconds)
    }
  })

  it('has strangers turned away, and windows in which nothing passed', () => {
    const all = rows()
    const scans = all.filter((row) => row['action'] === 'REJECT')
    expect(scans.length).toBeGreaterThan(20)
    expect(scans.every((row) => row['dstaddr']?.startsWith('10.0.3.') === true)).toBe(true)
    const empty = all.filter((row) => row['log-status'] === 'NODATA')
    expect(empty.every((row) => row['srcaddr'] === '-' && row['packets'] === '-')).toBe(true)
    if (intervalSeconds === 60) expect(empty.length).toBeGreaterThan(0)
  })

  it('tells flags and ways where the format has them', () => {
    if (!format.fields.includes('tcp-flags')) return
    const flows = rows().filter((row) => row['action'] === 'ACCEPT')
    expect(flows.find((row) => row['dstaddr'] === '198.51.100.4')).toMatchObject({
      'tcp-flags': '2',
      'flow-direction': 'egress',
      'traffic-path': '8',
    })
    expect(flows.find((row) => row['srcaddr'] === '198.51.100.4')).toMatchObject({
      'tcp-flags': '18',
      'flow-direction': 'ingress',
      'traffic-path': '-',
    })
    expect(flows.at(-1)?.['tcp-flags']).toBe('0')
  })

  it('is the same for the same seed', () => {
    expect(rows()).toEqual(rows())
    expect(rows('another')).not.toEqual(rows())
  })
})

function answered(lookups: readonly NameLookedUp[]): Record<string, unknown>[] {
  const { files, place } = placeFor('resolver')
  const witness = ROUTE53.start(place)
  for (const seen of lookups) witness.observe({ kind: 'on-machine', machine: WEB, seen })
  witness.end()
  return files
    .paths()
    .flatMap((path) => files.textOf(path).trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('Route 53 Resolver', () => {
  const lookup: NameLookedUp = {
    kind: 'name-looked-up',
    timeMs: START_MS + 5000,
    name: 'pool.example.net',
    type: 'A',
    srcPort: 40_022,
    answers: ['198.51.100.4'],
    rcode: 'NOERROR',
  }

  it('writes a record as AWS does', () => {
    const [record] = answered([lookup])
    expect(record).toEqual({
      version: '1.100000',
      account_id: ACCOUNT,
      region: 'us-east-1',
      vpc_id: expect.stringMatching(/^vpc-0[0-9a-f]{16}$/u) as string,
      query_timestamp: '2026-05-12T00:00:05Z',
      query_name: 'pool.example.net.',
      query_type: 'A',
      query_class: 'IN',
      rcode: 'NOERROR',
      answers: [{ Rdata: '198.51.100.4', Type: 'A', Class: 'IN' }],
      srcaddr: WEB.address,
      srcport: '40022',
      transport: 'UDP',
      srcids: { instance: WEB.instanceId },
    })
  })

  it('says nothing of what it answers from its cache', () => {
    const again = Array.from({ length: 60 }, (_, i) => ({ ...lookup, timeMs: lookup.timeMs + i * 5000 }))
    const times = answered(again).length
    expect(times).toBeGreaterThan(0)
    expect(times).toBeLessThan(12)
  })
})

function vpcOf(kind: CloudWitnessKind, seen: MachineObservation['seen'], seed: string): string[] {
  const { files, place } = placeFor(seed, 1)
  const witness = kind.start(place)
  witness.observe({ kind: 'on-machine', machine: WEB, seen })
  witness.end()
  return files.paths().flatMap((path) => files.textOf(path).match(/vpc-[0-9a-f]+/gu) ?? [])
}

it('tells of the same VPC in flow logs and resolver logs', () => {
  const about = {
    direction: 'out',
    far: '198.51.100.4',
    farPort: 443,
    port: 40_000,
    bytes: 60,
    tcpFlags: 0x02,
  } as const
  // Some seeds have the custom format, which names the VPC.
  const told = ['a', 'b', 'c', 'd', 'e'].flatMap((seed) =>
    vpcOf(VPC_FLOW, packet(WEB, START_MS + 1, about), seed),
  )
  expect(told.length).toBeGreaterThan(0)
  const lookup: NameLookedUp = {
    kind: 'name-looked-up',
    timeMs: START_MS,
    name: 'a.example',
    type: 'A',
    srcPort: 1,
    answers: [],
    rcode: 'NOERROR',
  }
  expect(new Set([...told, ...vpcOf(ROUTE53, lookup, 'a')]).size).toBe(1)
})
