import {
  accessKeyId,
  attachUserPolicy,
  authorizeIngress,
  callOf,
  type CloudCaller,
  type CloudDeed,
  createAccessKey,
  createAutoScalingGroup,
  createCluster,
  createKeyPair,
  createLaunchTemplate,
  createLoginProfile,
  createService,
  createUser,
  deleteAlarms,
  deleteDetector,
  deleteFlowLogs,
  getServiceQuota,
  instanceCaller,
  look,
  refused,
  registerTaskDefinition,
  runInstances,
  setTerminationProtection,
  stopLogging,
  updateDetector,
} from '../../evidence/aws/cloud-calls.ts'
import type { AccountRaid } from '../../gangs/account-raid.ts'
import type { Random } from '../../random.ts'
import { type Act, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../schedule.ts'
import { someOf, word } from './draw.ts'

/** EC2, Linux on demand, us-east-1; price list of July 2026. What this account may not start costs nothing. */
const WANTED_TYPES = [
  { type: 'c5.24xlarge', usdPerHour: 4.08 },
  { type: 'c5.18xlarge', usdPerHour: 3.06 },
  { type: 'c5.9xlarge', usdPerHour: 1.53 },
  { type: 'c5.4xlarge', usdPerHour: 0.68 },
] as const
const GPU_TYPES = ['p3.16xlarge', 'g5.48xlarge', 'g4dn.12xlarge', 'p4d.24xlarge'] as const
const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-southeast-1',
  'ap-northeast-1',
  'sa-east-1',
  'us-west-1',
] as const
const VCPU_QUOTAS = ['L-1216C47A', 'L-DB2E81BA'] as const
const AGENTS = [
  'Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.15.0 md/arch#x86_64 lang/python#3.10.12',
  'aws-cli/1.22.34 Python/3.10.12 Linux/5.15.0-91-generic botocore/1.23.34',
  'S3 Browser/9.5.5 (https://s3browser.com)',
] as const
/** Keys are tried within minutes. */
const FIRST_CALL_MS = { from: 20 * SECOND_MS, to: 14 * MINUTE_MS }
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'
const PUBLIC_IMAGE = 'docker.io/library-cache/worker:latest'

/** A machine that the thief started at the owner's expense. */
interface StolenInstance {
  readonly instanceId: string
  readonly instanceType: string
  readonly region: string
  readonly startMs: number
  readonly usdPerHour: number
}

/**
 * After public accounts of raids with stolen credentials: who am I, what may I start and where, a launch tried dry, then as
 * much as the account gives; users and keys to come back with, guards switched off, machines that cannot be ended in a hurry.
 * What it starts runs until the evidence ends.
 */
export function* raidAccount(raid: AccountRaid, random: Random): Act {
  const { schedule } = raid.machine
  yield schedule.nowMs + random.between(FIRST_CALL_MS.from, FIRST_CALL_MS.to)
  const thief = new Thief(raid, random)
  yield* thief.lookAround()
  yield* thief.probeQuotas()
  if (random.chance(0.6)) yield* thief.blindGuards()
  if (random.chance(0.7)) yield* thief.makeUser()
  for (const stolen of yield* thief.startMachines()) schedule.start(hoursOf(raid, stolen))
  if (random.chance(0.4)) yield* thief.startContainers()
}

/** Tells of each hour of a stolen machine. */
function* hoursOf({ account }: AccountRaid, stolen: StolenInstance): Act {
  const { instanceId, instanceType, region, usdPerHour } = stolen
  for (let startMs = stolen.startMs; startMs < account.endMs;) {
    const endMs = Math.min(Math.floor(startMs / HOUR_MS + 1) * HOUR_MS, account.endMs)
    yield endMs - 1
    account.tell({
      kind: 'instance-hour',
      timeMs: endMs - 1,
      account: account.id,
      machine: { name: '', instanceId, instanceType },
      region,
      startMs,
      endMs,
      usdPerHour,
      burstUsd: 0,
      egressBytes: 0,
    })
    startMs = endMs
  }
}

class Thief {
  readonly #raid: AccountRaid
  readonly #random: Random
  #by: CloudCaller

  constructor(raid: AccountRaid, random: Random) {
    this.#raid = raid
    this.#random = random
    const { account, machine } = raid
    const { instanceId } = machine.facts
    this.#by = {
      account: account.id,
      region: account.region,
      caller: instanceCaller(account.id, instanceId, machine.nowMs),
      source: raid.sources[0] ?? machine.facts.publicAddress,
      userAgent: random.pick(AGENTS),
    }
  }

  get #nowMs(): number {
    return this.#raid.machine.nowMs
  }

  *lookAround(): Act {
    yield* this.#call(look('sts', 'GetCallerIdentity'))
    const { instanceId } = this.#raid.machine.facts
    const looks = [
      look('ec2', 'DescribeInstances', { instancesSet: {}, filterSet: {} }),
      look('ec2', 'DescribeRegions', { regionSet: {} }),
      look('ec2', 'DescribeInstanceAttribute', { instanceId, attribute: 'userData' }),
      look('ses', 'GetSendQuota'),
      refused(look('iam', 'ListUsers'), 'AccessDenied'),
      refused(look('iam', 'GetAccountSummary'), 'AccessDenied'),
      refused(look('s3', 'ListBuckets'), 'AccessDenied'),
    ]
    for (const deed of someOf(this.#random, looks, 0.7)) yield* this.#call(deed)
  }

  *probeQuotas(): Act {
    const own = this.#by
    for (const region of someOf(this.#random, REGIONS, 0.85)) {
      this.#by = { ...own, region }
      yield* this.#call(getServiceQuota(this.#random.pick(VCPU_QUOTAS)), 0.3 * SECOND_MS)
    }
    this.#by = own
    if (this.#random.chance(0.8)) {
      yield* this.#call(refused(this.#launch(WANTED_TYPES[0].type, 1), 'Client.DryRunOperation'))
    }
  }

  *blindGuards(): Act {
    const { id: account, region } = this.#raid.account
    const detector = this.#random.hex(32)
    const deeds = [
      look('guardduty', 'ListDetectors'),
      updateDetector(detector, false),
      deleteDetector(detector),
      stopLogging(`arn:aws:cloudtrail:${region}:${account}:trail/trail-${account}`),
      deleteFlowLogs(`fl-0${this.#random.hex(16)}`),
      deleteAlarms(['billing-alarm']),
    ]
    for (const deed of someOf(this.#random, deeds, 0.5)) {
      yield* this.#call(this.#random.chance(0.35) ? refused(deed, 'AccessDenied') : deed)
    }
  }

  /** From here on they call as a user of their own. */
  *makeUser(): Act {
    const { account, sources } = this.#raid
    const { id } = account
    const userName = this.#random.pick(['backup-svc', 'ses-smtp', 'deploy2', `user-${this.#random.hex(8)}`])
    const key = accessKeyId('AKIA', this.#random)
    yield* this.#call(createUser(userName, id))
    yield* this.#call(attachUserPolicy(userName, ADMINISTRATOR))
    yield* this.#call(createAccessKey(userName, key))
    if (this.#random.chance(0.4)) yield* this.#call(createLoginProfile(userName))
    this.#by = {
      ...this.#by,
      source: sources.at(-1) ?? this.#by.source,
      caller: {
        type: 'IAMUser',
        arn: `arn:aws:iam::${id}:user/${userName}`,
        userName,
        accessKeyId: key,
      },
    }
  }

  *startMachines(): Act<StolenInstance[]> {
    const keyName = word(this.#random, 4, 9)
    yield* this.#call(createKeyPair(keyName, this.#random))
    if (this.#random.chance(0.5)) {
      yield* this.#call(authorizeIngress(`sg-0${this.#random.hex(16)}`, 22, '0.0.0.0/0'))
    }
    for (const type of someOf(this.#random, GPU_TYPES, 0.5)) {
      yield* this.#call(refused(this.#launch(type, this.#random.integer(1, 8)), 'Client.VcpuLimitExceeded'))
    }
    const stolen: StolenInstance[] = []
    const own = this.#by
    for (const region of [own.region, ...someOf(this.#random, REGIONS, 0.25)]) {
      this.#by = { ...own, region }
      stolen.push(...(yield* this.#startIn(region, keyName)))
    }
    this.#by = own
    return stolen
  }

  /** The largest first, until one is granted. */
  *#startIn(region: string, keyName: string): Act<StolenInstance[]> {
    for (const { type, usdPerHour } of WANTED_TYPES) {
      const deed = this.#launch(type, this.#random.integer(1, 4), keyName)
      if (this.#random.chance(0.55)) {
        yield* this.#call(refused(deed, 'Client.VcpuLimitExceeded'))
        continue
      }
      yield* this.#call(deed)
      const startMs = this.#nowMs
      const stolen = instanceIdsOf(deed).map((instanceId) => {
        return { instanceId, instanceType: type, region, startMs, usdPerHour }
      })
      for (const { instanceId } of stolen) {
        if (this.#random.chance(0.6)) yield* this.#call(setTerminationProtection(instanceId, true))
      }
      return stolen
    }
    return []
  }

  *startContainers(): Act {
    const family = word(this.#random, 5, 9)
    const zone = `${this.#raid.account.region}a`
    for (let i = this.#random.integer(1, 5); i > 0; i--) yield* this.#call(createCluster(`${family}-${i}`))
    yield* this.#call(registerTaskDefinition(family, PUBLIC_IMAGE))
    yield* this.#call(refused(createService(`${family}-1`, family, 10), 'AccessDenied'))
    yield* this.#call(createLaunchTemplate(family, 'c5.24xlarge', `ami-0${this.#random.hex(16)}`))
    const sizes = { minSize: 20, maxSize: 999 }
    yield* this.#call(refused(createAutoScalingGroup(family, family, sizes, [zone]), 'AccessDenied'))
  }

  #launch(instanceType: string, count: number, keyName: string | null = null): CloudDeed {
    const launch = {
      instanceType,
      imageId: `ami-0${this.#random.hex(16)}`,
      count,
      keyName,
      subnetId: `subnet-0${this.#random.hex(16)}`,
      zone: `${this.#by.region}a`,
      hasUserData: true,
      isSpot: this.#random.chance(0.3),
      timeMs: this.#nowMs,
    }
    return runInstances(launch, this.#raid.account.id, this.#random)
  }

  /** A script calls within seconds, a hand thinks a while. */
  *#call(deed: CloudDeed, atMostMs: number = 6 * SECOND_MS): Act {
    const pauseMs = this.#random.chance(0.06) ? MINUTE_MS : 0
    yield this.#nowMs + pauseMs + this.#random.between(0.2, 1) * atMostMs
    this.#raid.account.tell(callOf(this.#by, deed, this.#nowMs))
  }
}

function instanceIdsOf({ response }: CloudDeed): string[] {
  const set: unknown = response?.['instancesSet']
  const items: unknown = typeof set === 'object' && set !== null && 'items' in set ? set.items : []
  if (!Array.isArray(items)) return []
  return items.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null && 'instanceId' in item && typeof item.instanceId === 'string'
      ? [item.instanceId]
      : [],
  )
}
