import type { Event, EventOf } from '../event/event.ts'
import { identifier, type Identifier, typeOf, valueOf } from '../event/identifier.ts'
import type { Machine } from './asset.ts'

/** Instances remembered; of a larger cloud the first ones. */
const MAX_INSTANCES = 50_000
/** So many flows with nothing in common but one address: it is the instance's own. */
const MIN_FLOWS = 3

interface Told {
  readonly names: Set<Identifier>
  why: string
}

/** Addresses that all flows of one instance share. */
interface Common {
  addresses: readonly string[]
  flows: number
  readonly file: string
}

/**
 * What the cloud itself says of its machines: listings of instances, findings that name an instance with its address,
 * flow logs that name the instance behind every flow.
 */
export class CloudBook {
  private readonly told = new Map<Identifier, Told>()
  private readonly common = new Map<Identifier, Common>()
  private readonly listed = new Map<string, Machine>()

  observe(event: Event): void {
    if (event.kind === 'resource') this.list(event)
    else if (event.kind === 'alert') this.pair(event)
    else if (event.kind === 'flow') this.narrow(event)
  }

  /** Machines as listings of the cloud name them, and only they: an inventory knows better. */
  machines(inventory: readonly Machine[]): Machine[] {
    const known = new Set(inventory.map(({ id }) => id))
    return [...this.listed.values()].filter(({ id }) => !known.has(id))
  }

  /** Names that are one machine, each with why. An address that several instances use is left out. */
  joins(): { readonly instance: Identifier; readonly name: Identifier; readonly why: string }[] {
    this.settleCommon()
    const users = new Map<Identifier, number>()
    for (const { names } of this.told.values())
      for (const name of names) users.set(name, (users.get(name) ?? 0) + 1)
    return [...this.told].flatMap(([instance, { names, why }]) =>
      [...names].filter((name) => users.get(name) === 1).map((name) => ({ instance, name, why })),
    )
  }

  private tell(instance: Identifier, name: Identifier, why: string): void {
    const known = this.told.get(instance)
    if (known !== undefined) known.names.add(name)
    else if (this.told.size < MAX_INSTANCES) this.told.set(instance, { names: new Set([name]), why })
  }

  private list({
    provider,
    resourceType,
    resourceId,
    state,
    attributes,
    region,
    origin,
  }: EventOf<'resource'>): void {
    if (provider !== 'aws' || resourceType !== 'aws_instance' || state !== 'observed') return
    const addresses = addressesOf(attributes)
    const why = `${origin.file} lists it as ${resourceId}`
    for (const address of addresses)
      this.tell(identifier('instance', resourceId), identifier('ip', address), why)
    if (this.listed.size >= MAX_INSTANCES) return
    const type = attributes['InstanceType']
    this.listed.set(resourceId, {
      name: resourceId,
      id: resourceId,
      addresses: [],
      hostNames: [],
      instanceType: typeof type === 'string' ? type : null,
      region,
      usdPerHour: null,
    })
  }

  private pair({ subjects, sensor, origin }: EventOf<'alert'>): void {
    const instances = subjects.filter((id) => typeOf(id) === 'instance')
    const addresses = subjects.filter((id) => typeOf(id) === 'ip')
    const [instance, address] = [instances[0], addresses[0]]
    if (instances.length !== 1 || addresses.length !== 1 || instance === undefined || address === undefined)
      return
    this.tell(instance, address, `${sensor} names both in ${origin.file}`)
  }

  private narrow({ observer, srcIp, dstIp, origin }: EventOf<'flow'>): void {
    if (!observer.startsWith('instance:')) return
    const known = this.common.get(observer)
    if (known === undefined) {
      if (this.common.size < MAX_INSTANCES)
        this.common.set(observer, { addresses: [srcIp, dstIp], flows: 1, file: origin.file })
      return
    }
    known.flows++
    if (known.addresses.length > 1)
      known.addresses = known.addresses.filter((address) => address === srcIp || address === dstIp)
  }

  private settleCommon(): void {
    for (const [instance, { addresses, flows, file }] of this.common) {
      const [own] = addresses
      if (own === undefined || addresses.length !== 1 || flows < MIN_FLOWS) continue
      this.tell(instance, identifier('ip', own), `${file} has ${valueOf(instance)} behind every flow of it`)
    }
    this.common.clear()
  }
}

/** Private and public addresses of an instance as `describe-instances` gives it. */
function addressesOf(attributes: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set<string>()
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value !== '') found.add(value)
  }
  add(attributes['PrivateIpAddress'])
  add(attributes['PublicIpAddress'])
  for (const card of listOf(attributes['NetworkInterfaces'])) {
    for (const one of listOf(card['PrivateIpAddresses'])) {
      add(one['PrivateIpAddress'])
      add(fieldsOf(one['Association'])['PublicIp'])
    }
    for (const one of listOf(card['Ipv6Addresses'])) add(one['Ipv6Address'])
  }
  return found
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.slice(0, 64).map(fieldsOf) : []
}
