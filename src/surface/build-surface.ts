import type { ResourceEvent } from '../event/resource.ts'
import type { DoorCatalogue } from '../intel/doors.ts'
import type { Intel } from '../intel/intel.ts'
import { visible } from '../text/visible.ts'
import { identitiesOf, type Identity, roleOfProfile } from './account/identities.ts'
import { egressExposures } from './account/egress.ts'
import { guardExposures } from './account/guards.ts'
import { credentialExposures } from './account/keys.ts'
import { MachineShare } from './account/machine-share.ts'
import { machineExposures } from './account/machines.ts'
import { type ComputeRights, computeRights } from './account/starts-compute.ts'
import { trustExposures } from './account/trust.ts'
import { accountsOf, buildAssets, emptyAsset, UNKNOWN_ACCOUNT } from './assets.ts'
import { attackPaths } from './attack-paths.ts'
import type { KnownIncident, SurfaceContext } from './context.ts'
import { coverageOf } from './coverage.ts'
import type {
  AttackPath,
  Blocked,
  Exposure,
  Range,
  Surface,
  SurfaceAsset,
  SurfaceCoverage,
} from './document.ts'
import { networkExposure } from './doors/network-exposure.ts'
import { NetworkWayIn } from './doors/network-way-in.ts'
import { externalFindings } from './external/findings.ts'
import { dearest, type WayIn } from './exposure.ts'
import { joinHosts } from './host/join-hosts.ts'
import { hostStates } from './host/host-state.ts'
import { hostExposures } from './host/host-exposures.ts'
import type { Activity } from './hygiene/activity.ts'
import { hygieneExposures } from './hygiene/hygiene.ts'
import { Inventory } from './inventory.ts'
import { kubernetesExposures } from './kubernetes/exposures.ts'
import { kubernetesHygiene } from './kubernetes/hygiene.ts'
import type { Network, NetworkCoverage } from './network/model.ts'
import type { Verdict } from './network/verdict.ts'
import { totalAtRisk } from './risk/total.ts'

export interface SurfaceInput {
  readonly resources: readonly ResourceEvent[]
  readonly network: Network
  readonly networkCoverage: readonly NetworkCoverage[]
  /** Looked at once, in order. */
  readonly verdicts: Iterable<Verdict>
  /** Asked for strangers of the internet; else for everybody in the network of --from. */
  readonly isInternet: boolean
  readonly activity: Activity
  readonly incidents: readonly KnownIncident[]
  readonly catalogue: DoorCatalogue
  readonly intel: Pick<Intel, 'priceOf'>
  /** Epoch ms. */
  readonly now: number
}

/** The part of the document that is concluded; the rest says how it was read. */
export interface SurfaceConclusion {
  readonly usdPerDay: Range
  readonly totals: Surface['totals']
  readonly assets: SurfaceAsset[]
  readonly exposures: Exposure[]
  readonly hygiene: Exposure[]
  readonly blocked: Blocked[]
  readonly attackPaths: AttackPath[]
  readonly coverage: SurfaceCoverage[]
  readonly notes: string[]
}

/** So many of what is shut are told. */
export const MAX_BLOCKED = 5_000
/** The dearest: more than anybody works through, and than fits into one document. */
const MAX_EXPOSURES = 10_000

/** Every way in, what it could cost, and what makes it likelier: from what the evidence says there is. Pure. */
export function buildSurface(input: SurfaceInput): SurfaceConclusion {
  const context = contextOf(input)
  // What is not kept is let go before the rest is written out: of a large network it is ten times as much.
  const { kept, ...conclusion } = weighed(input, context)
  return { ...conclusion, exposures: kept.map((one) => writtenOut(one, context)) }
}

type Weighed = Omit<SurfaceConclusion, 'exposures'> & { readonly kept: readonly Found[] }

/** Much is written out only where the document has room for it. */
type Found = NetworkWayIn | MachineShare | Exposure

function weighed(input: SurfaceInput, context: SurfaceContext): Weighed {
  const { network, blocked } = judged(input, context)
  const hosts = hostExposures(context)
  const ways = grouped([...network, ...hosts])
  const doors = [
    ...hosts,
    ...kubernetesExposures(context),
    ...credentialExposures(context),
    ...trustExposures(context),
  ]
  const machines = machineExposures(ways, context)
  const opening: WayIn[] = [...network, ...doors, ...machines.filter(({ sinks }) => sinks.length > 0)]
  const atRisk = riskByAccount(opening, context)
  const all = distinct<Found>([
    ...network,
    ...doors,
    ...machines,
    ...guardExposures(atRisk, context),
    ...egressExposures(atRisk, context),
  ])
  const kept = dearest(all, MAX_EXPOSURES)
  const hygiene = distinct([
    ...hygieneExposures(ways, context),
    ...kubernetesHygiene(context),
    ...externalFindings(context),
  ])
  return {
    // With hygiene: a plan counts the same, and its sum has to be this one.
    usdPerDay: totalAtRisk([...opening, ...hygiene]),
    totals: totalsOf(opening, ways, context),
    assets: assetsNamed([...kept, ...hygiene], context),
    kept,
    hygiene: dearest(hygiene, MAX_EXPOSURES),
    blocked,
    attackPaths: attackPaths(distinct(opening), context),
    coverage: coverageOf(input.networkCoverage, context),
    notes: notesOf(input, all.length - kept.length),
  }
}

/** Ways in of the network, and what is shut though something would let it in. */
function judged(
  { verdicts, isInternet }: SurfaceInput,
  context: SurfaceContext,
): { network: NetworkWayIn[]; blocked: Blocked[] } {
  const network: NetworkWayIn[] = []
  const blocked: Blocked[] = []
  for (const verdict of verdicts) {
    if (verdict.status !== 'blocked') network.push(new NetworkWayIn(verdict, isInternet, context))
    else if (blocked.length < MAX_BLOCKED) blocked.push(...blockedOf(verdict))
  }
  return { network, blocked }
}

function writtenOut(one: Found, context: SurfaceContext): Exposure {
  if (one instanceof NetworkWayIn) return networkExposure(one, context)
  return one instanceof MachineShare ? one.written() : one
}

/** Of everything found, also of what the document has no room for. */
function totalsOf(
  opening: readonly WayIn[],
  ways: ReadonlyMap<string, readonly WayIn[]>,
  { assets }: SurfaceContext,
): Surface['totals'] {
  const machines = [...assets.values()].filter(({ kind }) => kind === 'instance' || kind === 'host')
  return {
    waysIn: opening.filter(({ sinks, likelihood }) => likelihood.mid > 0 && sinks.length > 0).length,
    machines: machines.length,
    machinesReached: machines.filter(({ id }) => ways.has(id)).length,
  }
}

function contextOf(input: SurfaceInput): SurfaceContext {
  const inventory = new Inventory(input.resources)
  const hosts = hostStates(inventory)
  const hostOf = joinHosts(hosts, input.network)
  const identities = identitiesOf(inventory)
  const rightsOf = rightsByInstance(input.network, identities)
  const { network, intel, catalogue, activity, incidents, now } = input
  const memory = {
    losses: new Map(),
    accounts: new Map(),
    chances: new WeakMap(),
    behind: new Map(),
    links: new WeakMap(),
    amounts: new WeakMap(),
  }
  const assets = buildAssets({ inventory, network, hosts, hostOf, rightsOf, intel })
  return {
    inventory,
    network,
    hosts,
    hostOf,
    identities,
    rightsOf,
    assets,
    activity,
    incidents,
    catalogue,
    intel,
    now,
    coverage: [],
    memory,
  }
}

function rightsByInstance(
  network: Network,
  identities: readonly Identity[],
): Map<string, { role: Identity; rights: ComputeRights }> {
  const byProfile = new Map<string, { role: Identity; rights: ComputeRights } | null>()
  const rights = new Map<string, { role: Identity; rights: ComputeRights }>()
  for (const { id, instanceProfile } of network.instances.values()) {
    if (instanceProfile === null) continue
    let known = byProfile.get(instanceProfile)
    if (known === undefined) {
      const role = roleOfProfile(instanceProfile, identities)
      known = role === null ? null : { role, rights: computeRights(role) }
      byProfile.set(instanceProfile, known)
    }
    if (known !== null) rights.set(id, known)
  }
  return rights
}

function grouped(ways: readonly WayIn[]): Map<string, WayIn[]> {
  const groups = new Map<string, WayIn[]>()
  for (const exposure of ways) {
    const list = groups.get(exposure.asset)
    if (list === undefined) groups.set(exposure.asset, [exposure])
    else list.push(exposure)
  }
  return groups
}

function riskByAccount(
  exposures: readonly WayIn[],
  { assets, inventory }: SurfaceContext,
): Map<string, Range> {
  const byAccount = new Map<string, WayIn[]>()
  const accounts = accountsOf(inventory)
  const only = accounts.length === 1 ? accounts[0] : undefined
  for (const exposure of exposures) {
    const account = only ?? assets.get(exposure.asset)?.account ?? exposure.asset
    const list = byAccount.get(account)
    if (list === undefined) byAccount.set(account, [exposure])
    else list.push(exposure)
  }
  return new Map([...byAccount].map(([account, list]) => [account, totalAtRisk(list)]))
}

/** Assets of the document: all machines, and whatever an exposure names. */
function assetsNamed(exposures: readonly WayIn[], { assets }: SurfaceContext): SurfaceAsset[] {
  const named = new Map(assets)
  for (const { asset } of exposures)
    if (!named.has(asset))
      named.set(asset, emptyAsset(asset, asset === UNKNOWN_ACCOUNT ? 'account' : 'other', 'aws'))
  return [...named.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Two resources told twice make one exposure: the id says so. Addresses of the network are there once anyway. */
function distinct<T extends WayIn>(ways: readonly T[]): T[] {
  const seen = new Set<string>()
  return ways.filter((way) => {
    if (way instanceof NetworkWayIn) return true
    if (seen.has(way.id)) return false
    seen.add(way.id)
    return true
  })
}

function blockedOf(verdict: Verdict): Blocked[] {
  if (verdict.status !== 'blocked' || verdict.blockedBy === null) return []
  const { kind, id, detail } = verdict.blockedBy
  return [
    {
      asset: verdict.asset,
      address: verdict.address,
      protocol: verdict.protocol,
      portFrom: verdict.portFrom,
      portTo: verdict.portTo,
      by: { type: kind, id: visible(id), says: visible(detail) },
    },
  ]
}

function notesOf({ isInternet, resources }: SurfaceInput, left: number): string[] {
  const notes = [
    'Money at risk a day is the chance that somebody comes in within 30 days times what he could burn a day. Chances are judgement unless a source is named: davylamp surface why ID shows every number.',
  ]
  if (left > 0)
    notes.push(
      `${left.toLocaleString('en-US')} more exposures, the cheapest, are left out; the sum at risk counts them.`,
    )
  if (!isInternet) notes.push('The chances count everybody in the network asked about as a stranger.')
  if (resources.some(({ state }) => state === 'planned'))
    notes.push('A plan tells of what will be: what it does not know until it is applied is said as such.')
  return notes
}
