import type { ResourceEvent } from '../event/resource.ts'
import type { DoorCatalogue } from '../intel/doors.ts'
import type { Intel } from '../intel/intel.ts'
import { visible } from '../text/visible.ts'
import { identitiesOf, type Identity, roleOfProfile } from './account/identities.ts'
import { egressExposures, guardExposures } from './account/guards.ts'
import { credentialExposures } from './account/keys.ts'
import { machineExposures } from './account/machines.ts'
import { type ComputeRights, computeRights } from './account/starts-compute.ts'
import { trustExposures } from './account/trust.ts'
import { accountsOf, buildAssets, emptyAsset, UNKNOWN_ACCOUNT } from './assets.ts'
import { attackPaths } from './attack-paths.ts'
import type { KnownIncident, SurfaceContext } from './context.ts'
import { coverageOf } from './coverage.ts'
import type { AttackPath, Blocked, Exposure, Range, SurfaceAsset, SurfaceCoverage } from './document.ts'
import { networkExposure } from './doors/network-exposure.ts'
import { externalFindings } from './external/findings.ts'
import { byMoney } from './exposure.ts'
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
  readonly verdicts: readonly Verdict[]
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
  readonly assets: SurfaceAsset[]
  readonly exposures: Exposure[]
  readonly hygiene: Exposure[]
  readonly blocked: Blocked[]
  readonly attackPaths: AttackPath[]
  readonly coverage: SurfaceCoverage[]
  readonly notes: string[]
}

const MAX_BLOCKED = 5_000
/** The dearest: more than anybody works through, and than fits into one document. */
const MAX_EXPOSURES = 20_000

/** Every way in, what it could cost, and what makes it likelier: from what the evidence says there is. Pure. */
export function buildSurface(input: SurfaceInput): SurfaceConclusion {
  const context = contextOf(input)
  const network = input.verdicts
    .filter(({ status }) => status !== 'blocked')
    .map((verdict) => networkExposure(verdict, input.isInternet, context))
  const cluster = kubernetesExposures(context)
  const ways = [...network, ...hostExposures(context)]
  const doors = [...ways, ...cluster, ...credentialExposures(context), ...trustExposures(context)]
  const machines = machineExposures(grouped(ways), context)
  const opening = [...doors, ...machines.filter(({ sinks }) => sinks.length > 0)]
  const atRisk = riskByAccount(opening, context)
  const exposures = [
    ...doors,
    ...machines,
    ...guardExposures(atRisk, context),
    ...egressExposures(atRisk, context),
  ].toSorted(byMoney)
  const hygiene = [
    ...hygieneExposures(grouped(ways), context),
    ...kubernetesHygiene(context),
    ...externalFindings(context),
  ].toSorted(byMoney)
  const all = distinct(exposures)
  const kept = all.slice(0, MAX_EXPOSURES)
  return {
    usdPerDay: totalAtRisk(opening),
    assets: assetsNamed([...kept, ...hygiene], context),
    exposures: kept,
    hygiene: distinct(hygiene).slice(0, MAX_EXPOSURES),
    blocked: input.verdicts.flatMap(blockedOf).slice(0, MAX_BLOCKED),
    attackPaths: attackPaths(distinct(opening.toSorted(byMoney)), context),
    coverage: coverageOf(input.networkCoverage, context),
    notes: notesOf(input, all.length - kept.length),
  }
}

function contextOf(input: SurfaceInput): SurfaceContext {
  const inventory = new Inventory(input.resources)
  const hosts = hostStates(inventory)
  const hostOf = joinHosts(hosts, input.network)
  const identities = identitiesOf(inventory)
  const rightsOf = rightsByInstance(input.network, identities)
  const { network, intel, catalogue, activity, incidents, now } = input
  const memory = { losses: new Map(), accounts: new Map(), chances: new Map(), links: new WeakMap() }
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

function grouped(exposures: readonly Exposure[]): Map<string, Exposure[]> {
  const groups = new Map<string, Exposure[]>()
  for (const exposure of exposures) {
    const list = groups.get(exposure.asset)
    if (list === undefined) groups.set(exposure.asset, [exposure])
    else list.push(exposure)
  }
  return groups
}

function riskByAccount(
  exposures: readonly Exposure[],
  { assets, inventory }: SurfaceContext,
): Map<string, Range> {
  const byAccount = new Map<string, Exposure[]>()
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
function assetsNamed(exposures: readonly Exposure[], { assets }: SurfaceContext): SurfaceAsset[] {
  const named = new Map(assets)
  for (const { asset } of exposures)
    if (!named.has(asset))
      named.set(asset, emptyAsset(asset, asset === UNKNOWN_ACCOUNT ? 'account' : 'other', 'aws'))
  return [...named.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Two resources told twice make one exposure: the id says so. */
function distinct(exposures: readonly Exposure[]): Exposure[] {
  return [...new Map(exposures.map((exposure) => [exposure.id, exposure])).values()]
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
