import { burstOf, steadySurplusUsdPerHour } from '../cost/burst.ts'
import type { Intel } from '../intel/intel.ts'
import type { ResourceEvent } from '../event/resource.ts'
import { formatTime } from '../text/time.ts'
import { visible } from '../text/visible.ts'
import type { Identity } from './account/identities.ts'
import type { ComputeRights } from './account/starts-compute.ts'
import { textAt, timeAt } from './attributes.ts'
import type { SurfaceAsset } from './document.ts'
import type { HostState } from './host/host-state.ts'
import { type Inventory, proofOf, terraformAddressOf } from './inventory.ts'
import { kubernetesAssets } from './kubernetes/assets.ts'
import type { Instance, LoadBalancer, Network } from './network/model.ts'

/** What is taken for a machine whose type nobody knows: a common small one. */
export const ASSUMED_TYPE = 't3.medium'

export interface AssetSources {
  readonly inventory: Inventory
  readonly network: Network
  readonly hosts: readonly HostState[]
  readonly hostOf: ReadonlyMap<string, HostState>
  readonly rightsOf: ReadonlyMap<string, { readonly role: Identity; readonly rights: ComputeRights }>
  readonly intel: Pick<Intel, 'priceOf'>
}

/** Machines, load balancers, hosts and accounts of the evidence, by id. */
export function buildAssets(from: AssetSources): Map<string, SurfaceAsset> {
  const assets = new Map<string, SurfaceAsset>()
  const images = imageTimes(from.inventory)
  const credits = creditModes(from.inventory)
  for (const instance of from.network.instances.values())
    assets.set(
      instance.id,
      instanceAsset(
        instance,
        from.inventory.find('aws_instance', instance.id) ?? undefined,
        images,
        credits,
        from,
      ),
    )
  for (const balancer of from.network.loadBalancers.values())
    assets.set(balancer.id, balancerAsset(balancer, from.inventory))
  const joined = new Set(from.hostOf.values())
  for (const host of from.hosts) if (!joined.has(host)) addHost(host, assets, from)
  for (const asset of kubernetesAssets(from.inventory, from.intel)) assets.set(asset.id, asset)
  for (const account of accountsOf(from.inventory)) assets.set(account, accountAsset(account))
  return assets
}

/** Types whose account is whoever was asked: images, lists of networks and the other side of a peering may be somebody else's. */
const OWN_TYPES = [
  'aws_instance',
  'aws_vpc',
  'aws_subnet',
  'aws_security_group',
  'aws_lb',
  'aws_iam_role',
  'aws_iam_user',
  'aws_iam_credential_report',
]

/** Accounts that resources say they belong to; `unknown-account` stands for one that nobody names. */
export function accountsOf(inventory: Inventory): string[] {
  const accounts = new Set<string>()
  let isNameless = false
  for (const { account } of inventory.of(...OWN_TYPES)) {
    if (account === null) isNameless = true
    else accounts.add(account)
  }
  if (accounts.size === 0 && isNameless) accounts.add(UNKNOWN_ACCOUNT)
  return [...accounts].toSorted()
}

export const UNKNOWN_ACCOUNT = 'unknown-account'

export function emptyAsset(id: string, kind: string, provider: string): SurfaceAsset {
  return {
    id,
    kind,
    names: [],
    provider,
    account: null,
    region: null,
    resourceType: null,
    terraformAddress: null,
    addresses: [],
    state: null,
    instanceType: null,
    price: null,
    burst: null,
    role: null,
    launchTime: null,
    imageTime: null,
    subnet: null,
    vpc: null,
    securityGroups: [],
    evidence: [],
  }
}

function accountAsset(account: string): SurfaceAsset {
  return { ...emptyAsset(account, 'account', 'aws'), account: account === UNKNOWN_ACCOUNT ? null : account }
}

function instanceAsset(
  instance: Instance,
  event: ResourceEvent | undefined,
  images: ReadonlyMap<string, number>,
  credits: ReadonlyMap<string, string>,
  { network, rightsOf, intel }: AssetSources,
): SurfaceAsset {
  const interfaces = instance.interfaces.flatMap((id) => network.interfaces.get(id) ?? [])
  const addresses = interfaces
    .flatMap((one) => one.addresses)
    .flatMap(({ address, publicAddress }) => [publicAddress, address])
    .filter((address): address is string => address !== null)
  const held = rightsOf.get(instance.id)
  const imageTime = instance.image === null ? undefined : images.get(instance.image)
  return {
    ...emptyAsset(instance.id, 'instance', 'aws'),
    names: unique(instance.names),
    account: instance.account,
    region: instance.region,
    resourceType: 'aws_instance',
    terraformAddress: terraformAddressOf(event ?? null),
    addresses: unique(addresses),
    state: instance.isPlanned ? 'planned' : instance.state,
    ...priced(instance.type, credits.get(instance.id) ?? null, intel),
    role:
      held === undefined
        ? null
        : {
            id: held.role.arn ?? held.role.name,
            startsCompute: held.rights.startsCompute,
            actions: [...held.rights.actions],
            notEvaluated: [...held.rights.notEvaluated].map(visible),
          },
    launchTime: instance.launchedAt === null ? null : formatTime(instance.launchedAt),
    imageTime: imageTime === undefined ? null : formatTime(imageTime),
    subnet: instance.subnet,
    vpc: instance.vpc,
    securityGroups: unique(interfaces.flatMap(({ groups }) => groups)),
    evidence: event === undefined ? [] : [proofOf(event)],
  }
}

function priced(
  type: string | null,
  mode: string | null,
  intel: Pick<Intel, 'priceOf'>,
): Pick<SurfaceAsset, 'instanceType' | 'price' | 'burst'> {
  const known = type === null ? null : intel.priceOf(type)
  const price = known ?? intel.priceOf(ASSUMED_TYPE)
  const why =
    type === null
      ? 'nobody said what type it is'
      : known === null
        ? `no price known for ${visible(type)}`
        : null
  return {
    instanceType: type === null ? null : visible(type),
    price:
      price === null
        ? null
        : {
            usdPerHour: price.usdPerHour,
            basis: `${why === null ? '' : `${why}: taken for a ${ASSUMED_TYPE}; `}on demand, Linux, ${price.region}, ${price.date}`,
          },
    burst: burstAt(type, mode),
  }
}

/** How far the bill of a burstable machine can grow, in the mode it is in; where nobody says, in the one AWS starts it in. */
function burstAt(type: string | null, mode: string | null): SurfaceAsset['burst'] {
  const unlimited = burstOf(type, 'unlimited')
  if (unlimited === null) return null
  const isUnlimitedByDefault = burstOf(type)?.surplusUsdPerVcpuHour !== null
  return {
    mode: mode === 'unlimited' || mode === 'standard' ? mode : isUnlimitedByDefault ? 'unknown' : 'standard',
    surplusUsdPerHour: Number(steadySurplusUsdPerHour(unlimited, 1).toFixed(4)),
  }
}

function balancerAsset(balancer: LoadBalancer, inventory: Inventory): SurfaceAsset {
  const event = inventory.find('aws_lb', balancer.id) ?? inventory.find('aws_elb', balancer.id)
  return {
    ...emptyAsset(balancer.id, 'load-balancer', 'aws'),
    names: unique([balancer.name, balancer.dnsName].filter((name): name is string => name !== null)),
    account: balancer.account,
    region: balancer.region,
    resourceType: balancer.kind === 'classic' ? 'aws_elb' : 'aws_lb',
    addresses: unique([...balancer.publicAddresses, ...balancer.privateAddresses]),
    state: balancer.isActive ? 'active' : 'inactive',
    vpc: balancer.vpc,
    securityGroups: [...(balancer.groups ?? [])],
    evidence: event === null ? [] : [proofOf(event)],
  }
}

function addHost(host: HostState, assets: Map<string, SurfaceAsset>, { intel }: AssetSources): void {
  const id = host.id.slice(host.id.indexOf(':') + 1)
  if (assets.has(id)) return
  assets.set(id, {
    ...emptyAsset(id, 'host', 'host'),
    names: unique([...host.names].filter((name) => !isAddress(name))),
    addresses: unique([...host.names].filter(isAddress)),
    state: 'running',
    ...priced(null, null, intel),
    evidence: (host.sockets ?? []).slice(0, 1).map(({ proof }) => proof),
  })
}

function isAddress(name: string): boolean {
  return /^[\d.]+$|:/u.test(name)
}

function imageTimes(inventory: Inventory): Map<string, number> {
  const times = new Map<string, number>()
  for (const { resourceId, attributes } of inventory.of('aws_ami')) {
    const time = timeAt(attributes, 'CreationDate', 'creation_date')
    if (time !== null) times.set(textAt(attributes, 'ImageId', 'id') ?? resourceId, time)
  }
  return times
}

function creditModes(inventory: Inventory): Map<string, string> {
  const modes = new Map<string, string>()
  for (const { attributes, resourceId } of inventory.of('aws_instance_credit_specification')) {
    const mode = textAt(attributes, 'CpuCredits')
    if (mode !== null) modes.set(textAt(attributes, 'InstanceId') ?? resourceId, mode)
  }
  for (const { attributes, resourceId } of inventory.of('aws_instance')) {
    const block = attributes['credit_specification']
    const first: unknown = Array.isArray(block) ? block[0] : block
    if (typeof first !== 'object' || first === null || !('cpu_credits' in first)) continue
    if (typeof first.cpu_credits === 'string') modes.set(resourceId, first.cpu_credits)
  }
  return modes
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.map(visible))]
}
