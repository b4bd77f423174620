import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import type { Machine } from '../assets/asset.ts'

/**
 * One instance of `aws ec2 describe-instances`. The world wrote this, so it is read leniently:
 * whatever has the wrong shape counts as absent, and only an instance without its id is left out.
 */
const text = z.string().min(1).optional().catch(undefined)

function lenientList<T>(element: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .array(z.unknown())
    .catch([])
    .transform((list) =>
      list.flatMap((item) => {
        const parsed = element.safeParse(item)
        return parsed.success ? [parsed.data] : []
      }),
    )
}

const Association = z.object({ PublicIp: text }).optional().catch(undefined)

const NetworkInterface = z.object({
  PrivateIpAddress: text,
  Association,
  PrivateIpAddresses: lenientList(z.object({ PrivateIpAddress: text, Association })),
  Ipv6Addresses: lenientList(z.object({ Ipv6Address: text })),
})

const Instance = z.object({
  InstanceId: z.string().min(1),
  InstanceType: text,
  PrivateIpAddress: text,
  PublicIpAddress: text,
  Ipv6Address: text,
  PrivateDnsName: text,
  PublicDnsName: text,
  Placement: z.object({ AvailabilityZone: text }).optional().catch(undefined),
  Tags: lenientList(z.object({ Key: z.string(), Value: z.string() })),
  NetworkInterfaces: lenientList(NetworkInterface),
})
type Instance = z.infer<typeof Instance>

/** Anything deeper is not what the command prints. */
const MAX_DEPTH = 8

/**
 * The machines in a describe-instances answer: the whole answer, its reservations or its instances
 * alone (as `--query` gives them), pages in a list. `dropped` counts instances that made no sense;
 * null where the document is no such answer at all.
 */
export function machinesIn(document: unknown): { machines: Machine[]; dropped: number } | null {
  const found = { machines: [] as Machine[], dropped: 0 }
  return visit(document, found, 0) ? found : null
}

function visit(value: unknown, found: { machines: Machine[]; dropped: number }, depth: number): boolean {
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(value)) {
    // All must be looked at, whatever the first one was.
    const recognised = value.filter((item) => visit(item, found, depth + 1))
    return recognised.length > 0
  }
  if (typeof value !== 'object' || value === null) return false
  if ('Reservations' in value) return visitList(value.Reservations, found, depth)
  if ('Instances' in value) return visitList(value.Instances, found, depth)
  if (!('InstanceId' in value) && !('InstanceType' in value)) return false
  const instance = Instance.safeParse(value)
  if (instance.success) found.machines.push(machineOf(instance.data))
  else found.dropped++
  return true
}

/** An empty list is an answer too. */
function visitList(value: unknown, found: { machines: Machine[]; dropped: number }, depth: number): boolean {
  if (!Array.isArray(value)) return false
  for (const item of value) {
    if (!visit(item, found, depth + 1)) found.dropped++
  }
  return true
}

function machineOf(instance: Instance): Machine {
  const tagged = instance.Tags.find(({ Key }) => Key === 'Name')?.Value.trim() ?? ''
  const hostNames = [instance.PrivateDnsName, instance.PublicDnsName].filter((name) => name !== undefined)
  return {
    name: tagged === '' ? (instance.PrivateDnsName?.split('.', 1)[0] ?? instance.InstanceId) : tagged,
    id: instance.InstanceId,
    addresses: addressesOf(instance),
    hostNames,
    instanceType: instance.InstanceType ?? null,
    region: regionOf(instance.Placement?.AvailabilityZone),
    usdPerHour: null,
  }
}

function addressesOf(instance: Instance): string[] {
  const candidates = [
    instance.PrivateIpAddress,
    instance.PublicIpAddress,
    instance.Ipv6Address,
    ...instance.NetworkInterfaces.flatMap((nic) => [
      nic.PrivateIpAddress,
      nic.Association?.PublicIp,
      ...nic.PrivateIpAddresses.flatMap((address) => [
        address.PrivateIpAddress,
        address.Association?.PublicIp,
      ]),
      ...nic.Ipv6Addresses.map((address) => address.Ipv6Address),
    ]),
  ]
  const named = candidates.filter((address) => address !== undefined)
  return [...new Set(named.filter((address) => ipaddr.isValid(address)))]
}

/** `us-east-1` of `us-east-1a` and of the local zone `us-east-1-bos-1a`. */
function regionOf(zone: string | undefined): string | null {
  return /^[a-z]{2}(?:-[a-z]+){1,2}-\d+/u.exec(zone ?? '')?.[0] ?? null
}
