import type { MachineFacts } from '../../machine.ts'
import type { Random } from '../../random.ts'
import { TimeQueue } from '../../time-queue.ts'
import type { ApiCall } from '../witness.ts'
import {
  accessKeyId,
  authorizeIngress,
  callOf,
  change,
  type CloudCaller,
  type CloudDeed,
  createAccessKey,
  getServiceQuota,
  instanceCaller,
  look,
  refused,
  runInstances,
  sessionKeyId,
} from './cloud-calls.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export interface RoutinePlace {
  readonly account: string
  readonly region: string
  readonly machines: readonly MachineFacts[]
  readonly startMs: number
}

/** Somebody who calls now and again, and what he does in one go: deeds with the pause before each. */
interface Habit {
  readonly by: CloudCaller
  nextMs(afterMs: number): number
  deeds(timeMs: number): readonly CloudDeed[]
}

/**
 * An account's everyday calls without end, in the order of time: monitoring, agents, deployments, people at the console
 * and at the command line, services among themselves, with the refusals and rare acts that such days have.
 */
export function* accountRoutine(place: RoutinePlace, random: Random): Generator<ApiCall, never, undefined> {
  const due = new TimeQueue<{ habit: Habit; deeds: readonly CloudDeed[] }>()
  const start = (habit: Habit, afterMs: number): void => {
    due.put(habit.nextMs(afterMs), { habit, deeds: [] })
  }
  for (const habit of habitsOf(place, random)) start(habit, place.startMs)
  for (;;) {
    const next = due.takeDue(Infinity)
    if (next === null) throw new RangeError('an account has no habits')
    const { timeMs, value } = next
    const { habit } = value
    const [deed, ...rest] = value.deeds.length > 0 ? value.deeds : habit.deeds(timeMs)
    if (deed !== undefined) yield callOf(renewed(habit.by, timeMs), deed, timeMs)
    if (rest.length > 0) due.put(timeMs + random.between(120, 2600), { habit, deeds: rest })
    else start(habit, timeMs)
  }
}

/** Sessions of roles come with a new key every few hours. */
function renewed(by: CloudCaller, timeMs: number): CloudCaller {
  if (by.caller.type !== 'AssumedRole') return by
  return { ...by, caller: { ...by.caller, accessKeyId: sessionKeyId(by.caller.arn, timeMs) } }
}

function habitsOf(place: RoutinePlace, random: Random): Habit[] {
  const { account, machines } = place
  const office = `192.0.2.${random.integer(61, 90)}`
  const nat = `198.18.9.${random.integer(1, 250)}`
  return [
    watching(
      callerOf(place, role(account, 'observability', 'discovery', place.startMs), nat, GO_SDK),
      random,
    ),
    checkingBucket(place, random),
    deploying(callerOf(place, role(account, 'deploy', 'pipeline', place.startMs), nat, TERRAFORM), random),
    atTheConsole(callerOf(place, user(account, 'mira', random), office, BROWSER), random),
    atTheCommandLine(callerOf(place, user(account, 'jonas', random), office, CLI), place, random),
    ...machines.map((machine) =>
      reporting(
        callerOf(
          place,
          instanceCaller(account, machine.instanceId, place.startMs),
          machine.publicAddress,
          SSM_AGENT,
        ),
        machine,
        random,
      ),
    ),
  ]
}

const GO_SDK = 'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.173.0'
const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.65.0'
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const CLI = 'aws-cli/2.17.44 md/awscrt#0.21.2 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9'
const SSM_AGENT = 'aws-sdk-go/1.55.5 (go1.22.8; linux; amd64) amazon-ssm-agent/3.3.987.0'

function watching(by: CloudCaller, random: Random): Habit {
  return {
    by,
    nextMs: (afterMs) => afterMs + 5 * MINUTE_MS + random.between(-2000, 2000),
    deeds: () => {
      const instances = look('ec2', 'DescribeInstances', {
        maxResults: 1000,
        instancesSet: {},
        filterSet: {},
      })
      const alarms = look('monitoring', 'DescribeAlarms', { maxRecords: 100 })
      if (random.chance(0.01)) return [refused(instances, 'Client.RequestLimitExceeded')]
      return random.chance(0.3) ? [instances, alarms] : [instances]
    },
  }
}

/** The trail itself asks whether it may write into its bucket. */
function checkingBucket(place: RoutinePlace, random: Random): Habit {
  const source = 'cloudtrail.amazonaws.com'
  const caller = { type: 'AWSService', arn: source, userName: null, accessKeyId: null } as const
  return {
    by: { account: place.account, region: place.region, caller, source, userAgent: source },
    nextMs: (afterMs) => afterMs + random.between(5, 25) * MINUTE_MS,
    deeds: () => [look('s3', 'GetBucketAcl', { bucketName: `trail-${place.account}`, acl: '' })],
  }
}

function reporting(by: CloudCaller, machine: MachineFacts, random: Random): Habit {
  return {
    by,
    nextMs: (afterMs) => afterMs + 30 * MINUTE_MS + random.between(-90_000, 90_000),
    deeds: () => [
      change('ssm', 'UpdateInstanceInformation', {
        instanceId: machine.instanceId,
        agentVersion: '3.3.987.0',
        agentStatus: 'Active',
        platformType: 'Linux',
        iPAddress: machine.address,
        computerName: machine.name,
      }),
    ],
  }
}

function deploying(by: CloudCaller, random: Random): Habit {
  const reads = [
    'DescribeVpcs',
    'DescribeSubnets',
    'DescribeSecurityGroups',
    'DescribeInstances',
    'DescribeImages',
  ]
  return {
    by,
    nextMs: (afterMs) => workingTime(afterMs + random.exponential(3 * HOUR_MS)),
    deeds: () => [
      look('sts', 'GetCallerIdentity'),
      ...reads.map((name) => look('ec2', name, { filterSet: {} })),
      look('iam', 'ListPolicies', { scope: 'Local', onlyAttached: false }),
      ...(random.chance(0.3) ? [authorizeIngress(`sg-0${random.hex(16)}`, 8080, '10.0.0.0/8')] : []),
      ...(random.chance(0.2)
        ? [change('ec2', 'CreateTags', { resourcesSet: {}, tagSet: {} }, { _return: true })]
        : []),
    ],
  }
}

function atTheConsole(by: CloudCaller, random: Random): Habit {
  const signIn = change('signin', 'ConsoleLogin', null, { ConsoleLogin: 'Success' })
  return {
    by,
    nextMs: (afterMs) => workingTime(afterMs + random.exponential(7 * HOUR_MS)),
    deeds: () => [
      signIn,
      look('ec2', 'DescribeInstances', { maxResults: 1000, instancesSet: {}, filterSet: {} }),
      look('ec2', 'DescribeInstanceStatus', { instancesSet: {}, filterSet: {}, includeAllInstances: false }),
      look('monitoring', 'DescribeAlarms', { maxRecords: 50 }),
      look('ce', 'GetCostAndUsage', { granularity: 'DAILY', metrics: ['UnblendedCost'] }),
      refused(look('organizations', 'DescribeOrganization'), 'AccessDenied'),
    ],
  }
}

/** Rare and harmless: a look at quotas, a launch tried dry or in vain, a key of his own turned over. */
function atTheCommandLine(by: CloudCaller, place: RoutinePlace, random: Random): Habit {
  return {
    by,
    nextMs: (afterMs) => workingTime(afterMs + random.exponential(14 * HOUR_MS)),
    deeds: (timeMs) => {
      const whoami = look('sts', 'GetCallerIdentity')
      switch (random.pick(['quota', 'dry-run', 'no-capacity', 'key', 'look'])) {
        case 'quota':
          return [whoami, getServiceQuota('L-1216C47A')]
        case 'dry-run':
          return [whoami, refused(loadTest(place, timeMs, random), 'Client.DryRunOperation')]
        case 'no-capacity':
          return [whoami, refused(loadTest(place, timeMs, random), 'Server.InsufficientInstanceCapacity')]
        case 'key':
          return keyRotation(random)
        default:
          return [whoami, look('ec2', 'DescribeInstances', { instancesSet: {}, filterSet: {} })]
      }
    },
  }
}

function loadTest(place: RoutinePlace, timeMs: number, random: Random): CloudDeed {
  const launch = {
    instanceType: random.pick(['c5.2xlarge', 'c6i.4xlarge', 'm6i.2xlarge']),
    imageId: `ami-0${random.hex(16)}`,
    count: random.integer(1, 2),
    keyName: 'jonas',
    subnetId: `subnet-0${random.hex(16)}`,
    zone: `${place.region}a`,
    hasUserData: false,
    isSpot: false,
    timeMs,
  }
  return runInstances(launch, place.account, random)
}

function keyRotation(random: Random): CloudDeed[] {
  const userName = 'jonas'
  const [fresh, old] = [accessKeyId('AKIA', random), accessKeyId('AKIA', random)]
  return [
    look('iam', 'ListAccessKeys', { userName }),
    createAccessKey(userName, fresh),
    change('iam', 'UpdateAccessKey', { userName, accessKeyId: old, status: 'Inactive' }),
    change('iam', 'DeleteAccessKey', { userName, accessKeyId: old }),
  ]
}

/** People work from 7 to 18 UTC: what falls outside waits until the next morning. */
function workingTime(timeMs: number): number {
  const hour = new Date(timeMs).getUTCHours()
  if (hour >= 7 && hour < 18) return timeMs
  const dayMs = timeMs - (timeMs % (24 * HOUR_MS))
  const morningMs = dayMs + 7 * HOUR_MS + (timeMs % (90 * MINUTE_MS))
  return hour < 7 ? morningMs : morningMs + 24 * HOUR_MS
}

function callerOf(
  place: RoutinePlace,
  caller: CloudCaller['caller'],
  source: string,
  userAgent: string,
): CloudCaller {
  return { account: place.account, region: place.region, caller, source, userAgent }
}

function user(account: string, userName: string, random: Random): CloudCaller['caller'] {
  return {
    type: 'IAMUser',
    arn: `arn:aws:iam::${account}:user/${userName}`,
    userName,
    accessKeyId: accessKeyId('AKIA', random),
  }
}

function role(account: string, name: string, session: string, timeMs: number): CloudCaller['caller'] {
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${session}`
  return { type: 'AssumedRole', arn, userName: null, accessKeyId: sessionKeyId(arn, timeMs) }
}
