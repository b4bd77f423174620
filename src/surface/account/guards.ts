import type { ResourceEvent } from '../../event/resource.ts'
import { accountsOf, UNKNOWN_ACCOUNT } from '../assets.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, Range } from '../document.ts'
import { visible } from '../../text/visible.ts'
import { proofOf, saidOrReferred } from '../inventory.ts'
import { openRegions } from '../losses.ts'
import { shareExposure } from './account-share.ts'
import { type Guard, GUARDS } from './guard-table.ts'

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
