import type { ResourceEvent } from '../../event/resource.ts'
import { textAt, valueAt } from '../attributes.ts'
import { accountsOf, UNKNOWN_ACCOUNT } from '../assets.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, Range } from '../document.ts'
import { visible } from '../../text/visible.ts'
import { exposureOf } from '../exposure.ts'
import { proofOf, saidOrReferred } from '../inventory.ts'
import { given, product, stated } from '../risk/derive.ts'
import { openRegions } from '../losses.ts'

interface Guard {
  readonly check: string
  /** Types of resources that are the guard. */
  readonly types: readonly string[]
  /** Lists whose answer says that there is none. */
  readonly lists: readonly string[]
  readonly what: string
  readonly command: string
  readonly title: string
  readonly explanation: string
  readonly fix: string
  /** Whether one of it covers the whole account, a region, or a VPC. */
  readonly covers: 'account' | 'region' | 'vpc'
  /** Whether a resource of the type really guards. */
  readonly isOn?: (event: ResourceEvent) => boolean
}

const GUARDS: readonly Guard[] = [
  {
    check: 'no-budget',
    covers: 'account',
    types: ['aws_budgets_budget'],
    lists: ['Budgets'],
    what: 'budgets',
    command: 'aws budgets describe-budgets --account-id ACCOUNT',
    title: 'nobody is told when the account costs more than planned',
    explanation:
      'A budget sends a message when the bill passes an amount. Without one a miner runs until somebody reads the monthly bill.',
    fix: 'Make a monthly cost budget a little above what you spend, with messages at 80 % and 100 % and on its forecast.',
  },
  {
    check: 'no-anomaly-monitor',
    covers: 'account',
    types: ['aws_ce_anomaly_monitor'],
    lists: ['AnomalyMonitors'],
    what: 'cost anomaly monitors',
    command: 'aws ce get-anomaly-monitors',
    title: 'nobody watches for sudden costs',
    explanation:
      'AWS Cost Anomaly Detection is free and tells within a day or two when a service suddenly costs more. It is slow, but quicker than the bill.',
    fix: 'Switch on a Cost Anomaly Detection monitor for all services, with messages to somebody who reads them.',
  },
  {
    check: 'guardduty-off',
    covers: 'region',
    types: ['aws_guardduty_detector'],
    lists: ['DetectorIds'],
    what: 'GuardDuty',
    command: 'aws guardduty list-detectors --region REGION',
    title: 'nobody watches the account for signs of mining (GuardDuty is off)',
    explanation:
      'GuardDuty looks at DNS, network and account logs and says when a machine talks to a mining pool or a key is used from a strange place.',
    fix: 'Switch GuardDuty on in every region that is open.',
    isOn: ({ attributes }) =>
      textAt(attributes, 'Status', 'status') !== 'DISABLED' && valueAt(attributes, 'enable') !== false,
  },
  {
    check: 'cloudtrail-off',
    covers: 'account',
    types: ['aws_cloudtrail'],
    lists: ['trailList', 'Trails'],
    what: 'CloudTrail',
    command: 'aws cloudtrail describe-trails',
    title: 'what is done in the account is not recorded (CloudTrail)',
    explanation:
      'CloudTrail writes down who started what, when, and from where. Without it nobody can tell how a thief came in or what else he did.',
    fix: 'Make a trail for all regions that writes to a bucket in another account.',
  },
  {
    check: 'flow-logs-off',
    covers: 'vpc',
    types: ['aws_flow_log'],
    lists: ['FlowLogs'],
    what: 'VPC flow logs',
    command: 'aws ec2 describe-flow-logs --region REGION',
    title: 'who talks to whom in the network is not recorded (flow logs)',
    explanation:
      'Flow logs write down every connection’s addresses, ports and amounts. They show a miner’s connection to its pool, and what a thief reached.',
    fix: 'Switch flow logs on for every VPC.',
  },
  {
    check: 'dns-firewall-off',
    covers: 'vpc',
    types: ['aws_route53_resolver_firewall_rule_group_association'],
    lists: ['FirewallRuleGroupAssociations'],
    what: 'DNS firewall',
    command: 'aws route53resolver list-firewall-rule-group-associations --region REGION',
    title: 'machines may look up the names of mining pools (no DNS firewall)',
    explanation:
      'Nearly every miner looks up its pool by name first. A DNS firewall refuses names from a list, so that it never finds it.',
    fix: 'Attach a DNS Firewall rule group with a list of mining pools (and AWS’s own lists of bad names) to every VPC.',
  },
]

/** What would shorten a miner’s stay or keep him from mining, and is not there; what could not be read is coverage. */
export function guardExposures(atRisk: ReadonlyMap<string, Range>, context: SurfaceContext): Exposure[] {
  const accounts = accountsOf(context.inventory)
  return accounts.flatMap((account) => [
    ...GUARDS.flatMap((guard) => guardExposure(guard, account, atRisk, context)),
    ...regions(account, atRisk, context),
  ])
}

function guardExposure(
  guard: Guard,
  account: string,
  atRisk: ReadonlyMap<string, Range>,
  context: SurfaceContext,
): Exposure[] {
  const { inventory, coverage } = context
  const isMine = (event: ResourceEvent): boolean =>
    event.account === null || event.account === account || account === UNKNOWN_ACCOUNT
  const there = inventory.of(...guard.types).filter(isMine)
  const asked = inventory
    .of('listing')
    .filter((event) => guard.lists.includes(event.resourceId) && isMine(event))
  if (asked.length === 0 && there.length === 0) {
    const isPlan = inventory.of('aws_instance').some(({ state }) => state === 'planned')
    coverage.push({
      what: guard.what,
      scope: account,
      status: 'missing',
      note: isPlan
        ? 'a plan shows only what it makes: whether this is there already is not known'
        : 'not in what was read, so nobody can say whether this is there',
      command: guard.command,
    })
    return []
  }
  const on = there.filter((event) => guard.isOn?.(event) ?? true)
  const bare = uncovered(guard, on, asked, account, context)
  if (bare === null) {
    coverage.push({ what: guard.what, scope: account, status: 'read', note: 'it is there', command: null })
    return []
  }
  return [guardMissing(guard, account, [...there, ...asked], bare, atRisk, context)]
}

/** What the guard leaves out: regions, VPCs, or, as an empty list, all of the account. Null = nothing. */
function uncovered(
  { covers }: Guard,
  on: readonly ResourceEvent[],
  asked: readonly ResourceEvent[],
  account: string,
  { network, inventory }: SurfaceContext,
): string[] | null {
  const isOf = (owner: string | null): boolean =>
    owner === null || owner === account || account === UNKNOWN_ACCOUNT
  if (covers === 'account') return on.length > 0 ? null : []
  if (covers === 'region') {
    const used = [...inventory.of('aws_instance'), ...asked]
      .filter((event) => isOf(event.account))
      .flatMap(({ region }) => region ?? [])
    const guarded = new Set(on.map(({ region }) => region))
    if (on.length > 0 && guarded.has(null)) return null
    const bare = [...new Set(used)].filter((region) => !guarded.has(region)).toSorted()
    return bare.length > 0 || on.length === 0 ? bare : null
  }
  const inUse = new Set(
    [...network.instances.values()]
      .filter(({ account: owner }) => isOf(owner))
      .flatMap(({ vpc }) => vpc ?? []),
  )
  const guarded = new Set(
    on.flatMap((event) => [
      saidOrReferred(event, 'VpcId', 'vpc_id'),
      saidOrReferred(event, 'ResourceId', 'resource_id'),
    ]),
  )
  const bare = [...inUse].filter((vpc) => !guarded.has(vpc)).toSorted()
  return bare.length > 0 || (on.length === 0 && inUse.size === 0) ? bare : null
}

const MAX_BARE = 1_000

function guardMissing(
  { check, title, explanation, fix, covers }: Guard,
  account: string,
  asked: readonly ResourceEvent[],
  bare: readonly string[],
  atRisk: ReadonlyMap<string, Range>,
  { catalogue }: SurfaceContext,
): Exposure {
  const where =
    bare.length === 0
      ? ''
      : ` in ${bare.slice(0, 3).join(', ')}${bare.length > 3 ? ` and ${bare.length - 3} more` : ''}`
  return {
    ...shareExposure(check, account, atRisk, catalogue, {
      title: visible(title + where),
      explanation,
      fix,
      why: [
        covers === 'account'
          ? 'the account was asked, and there is none'
          : visible(`it was asked for, and there is none${where}`),
      ],
      evidence: asked.slice(0, 3).map(proofOf),
    }),
    resources: bare.slice(0, MAX_BARE).map(visible),
  }
}

const MANY_REGIONS = 6

function regions(account: string, atRisk: ReadonlyMap<string, Range>, context: SurfaceContext): Exposure[] {
  const { inventory, catalogue, coverage } = context
  const open = openRegions(inventory, account === UNKNOWN_ACCOUNT ? null : account)
  if (open === null) {
    coverage.push({
      what: 'regions',
      scope: account,
      status: 'missing',
      note: 'which regions are open was not read: a new account has 17',
      command: 'aws ec2 describe-regions --all-regions',
    })
    return []
  }
  const used = new Set(
    inventory
      .of('aws_instance', 'aws_lb', 'aws_db_instance', 'aws_eks_cluster')
      .filter((event) => event.account === account || event.account === null || account === UNKNOWN_ACCOUNT)
      .flatMap(({ region }) => region ?? []),
  )
  const unused = open.filter((region) => !used.has(region))
  if (unused.length < MANY_REGIONS) return []
  return [
    shareExposure('regions-open', account, atRisk, catalogue, {
      title: `${unused.length} regions are open in which nothing of yours runs`,
      explanation:
        'Thieves start machines where nobody looks. A region that nobody needs can be closed for everybody in the account.',
      fix: 'Switch off opt-in regions, and deny the others with a service control policy on aws:RequestedRegion (the account has to be in an organisation).',
      why: [
        `nothing was found in ${unused.slice(0, 8).join(', ')}${unused.length > 8 ? ' …' : ''}`,
        'service control policies are not evaluated: one may close them already',
      ],
      evidence: [],
    }),
  ]
}

function shareExposure(
  check: string,
  account: string,
  atRisk: ReadonlyMap<string, Range>,
  catalogue: SurfaceContext['catalogue'],
  words: Pick<Parameters<typeof exposureOf>[0], 'title' | 'explanation' | 'fix' | 'why' | 'evidence'>,
): Exposure {
  const entry = catalogue.check(check)
  const chance = stated('no way in by itself', 0, 'chance')
  const exposure = exposureOf({
    kind: 'account',
    check,
    asset: account,
    key: [],
    likelihood: chance,
    losses: [],
    severity: entry.severity,
    ...words,
  })
  const derivation = product(
    'at risk a day that this would save',
    'usdPerDay',
    [
      stated(
        'at risk a day in this account',
        atRisk.get(account) ?? { low: 0, mid: 0, high: 0 },
        'usdPerDay',
      ),
      given('share of it that this would save', entry.value, 'factor'),
    ],
    'part of what the ways in put at risk, not on top of it',
  )
  return { ...exposure, usdPerDay: derivation.value, derivation }
}

/** Machines that may open connections to anywhere: how a miner reaches its pool. */
export function egressExposures(atRisk: ReadonlyMap<string, Range>, context: SurfaceContext): Exposure[] {
  const open = new Map<string, string[]>()
  for (const group of context.network.securityGroups.values()) {
    const isOpen = group.rules.some(
      ({ direction, protocol, peer }) =>
        direction === 'egress' &&
        protocol === -1 &&
        peer.kind === 'cidr' &&
        /^(?:0\.0\.0\.0|::)\/0$/u.test(peer.cidr),
    )
    if (!isOpen) continue
    const account = group.account ?? UNKNOWN_ACCOUNT
    const list = open.get(account)
    if (list === undefined) open.set(account, [group.id])
    else list.push(group.id)
  }
  return [...open].map(([account, groups]) => ({
    ...shareExposure('egress-open', account, atRisk, context.catalogue, {
      title: `machines in ${groups.length === 1 ? 'one security group' : `${groups.length} security groups`} may connect to anywhere`,
      explanation:
        'A miner has to reach its pool. Most servers need few places outside: updates, a few services. Letting out only that stops most miners even after somebody got in.',
      fix: 'Let out what was really used (flow logs show it) and refuse the rest; at first only record what would be refused.',
      why: ['AWS lets every new security group out to everywhere; nobody changed that here'],
      evidence: [],
    }),
    resources: groups.slice(0, 1000).toSorted(),
  }))
}
