import { address, type BareInstance, type Draft } from './draft.ts'
import type { InterfaceAddress } from './model.ts'

/** What Terraform leaves unsaid because AWS adds it: first interfaces, main route tables, default ACLs and groups. */
export function joinPlanned(draft: Draft): void {
  addOwn(draft)
  for (const { instance, networkInterface } of draft.attachments) {
    const found = draft.interfaces.get(networkInterface)
    if (found !== undefined) found.instance = instance
  }
  const attached = new Set(draft.attachments.map((one) => one.instance))
  for (const [id, bare] of draft.bareInstances) {
    // One that names its interfaces has no other.
    const isNamed = attached.has(id) && bare.groups.length === 0 && draft.instances.get(id)?.subnet === null
    if (!isNamed) addFirst(draft, id, bare)
  }
  joinTransitDefaults(draft)
}

function addFirst(draft: Draft, id: string, bare: BareInstance): void {
  const instance = draft.instances.get(id)
  if (instance === undefined || draft.interfaces.get(bare.networkInterface)?.instance === id) return
  const subnet = draft.subnets.get(instance.subnet ?? '')
  const vpc = subnet?.vpc ?? null
  if (bare.hasUnknownGroups && bare.groups.length === 0) {
    // Nobody says which: none given means the default group of the VPC.
    draft.note(
      id,
      `security groups of ${id} are not known until apply: taken for the default group of its VPC`,
    )
  }
  const fallback = draft.defaultGroups.get(vpc ?? '')
  draft.interfaces.set(bare.networkInterface, {
    id: bare.networkInterface,
    vpc,
    subnet: instance.subnet,
    account: instance.account,
    region: instance.region,
    groups: bare.groups.length > 0 ? [...bare.groups] : [fallback ?? `default group of the VPC of ${id}`],
    // Of a subnet that nobody describes it is not known either: what is asked there says so.
    addresses: addressesOf(bare, subnet?.mapsPublicAddresses ?? true),
    instance: id,
    type: 'interface',
    description: null,
    checksSourceAndDestination: bare.checksSourceAndDestination,
  })
}

function addressesOf(bare: BareInstance, subnetMaps: boolean): InterfaceAddress[] {
  const isPromised = bare.publicAddress === null && bare.isPublicUnknown && (bare.wantsPublic ?? subnetMaps)
  return [
    address(bare.privateAddress, bare.publicAddress, isPromised),
    ...bare.moreAddresses.map((one) => address(one, null)),
    ...bare.v6Addresses.map((one) => address(one, null)),
  ]
}

/** Every VPC has a main route table with local routes, an ACL that lets everything through, and a default group. */
function addOwn(draft: Draft): void {
  for (const { vpc, table, acl, group, isNew } of draft.ownOfVpcs) {
    draft.defaultGroups.set(vpc, draft.defaultGroups.get(vpc) ?? group)
    // Of one that exists already somebody may have changed them.
    if (!isNew) continue
    if (!draft.routeTables.has(table))
      draft.routeTables.set(table, { id: table, vpc, isMain: true, subnets: [], gateways: [], routes: [] })
    else adopt(draft.routeTables.get(table), vpc)
    if (draft.networkAcls.has(acl)) adopt(draft.networkAcls.get(acl), vpc)
    else draft.networkAcls.set(acl, { id: acl, vpc, isDefault: true, subnets: [], rules: [...OPEN] })
    if (!draft.securityGroups.has(group))
      draft.securityGroups.set(group, {
        id: group,
        name: 'default',
        vpc,
        account: null,
        region: null,
        rules: [
          { ...ALL, direction: 'ingress', peer: { kind: 'group', id: group, account: null, vpc: null } },
          { ...ALL, direction: 'egress', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } },
        ],
      })
  }
}

function adopt(one: { vpc: string | null } | undefined, vpc: string): void {
  if (one !== undefined) one.vpc ??= vpc
}

const EVERY_PORT = { from: 0, to: 65_535 } as const
const ALL = { id: null, protocol: -1, ports: EVERY_PORT, description: null } as const
const OPEN = (['ingress', 'egress'] as const).flatMap((direction) =>
  ['0.0.0.0/0', '::/0'].map((cidr, i) => ({
    number: 100 + i,
    direction,
    action: 'allow' as const,
    protocol: -1,
    ports: EVERY_PORT,
    cidr,
  })),
)

function joinTransitDefaults(draft: Draft): void {
  for (const { attachment, gateway, associates, propagates } of draft.transitJoins) {
    const own = draft.transitDefaults.get(gateway)
    if (own === undefined) continue
    if (associates && own.associates) draft.transitTables.unshift({ table: own.table, attachment })
    if (propagates && own.propagates) draft.transitPropagations.push({ table: own.table, attachment })
  }
}
