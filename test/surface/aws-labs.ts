import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceEvent } from '../../src/event/resource.ts'
import type { Input } from '../../src/inputs/input.ts'
import { awsDescribe } from '../../src/sources/aws-describe/index.ts'
import { emptyReport } from '../../src/sources/reading.ts'
import type { Source, SourceEnv } from '../../src/sources/source.ts'
import { terraform } from '../../src/sources/terraform/index.ts'
import { buildNetwork } from '../../src/surface/network/build.ts'
import type { Network } from '../../src/surface/network/model.ts'
import { Reachability } from '../../src/surface/network/reachability.ts'

/**
 * What six labs of a public collection must come to, worked out by hand from their files: every instance and band
 * of ports from the internet, and from every instance to every other one. Between instances, the private address
 * counts. `22` is TCP 22, `ping` ICMP type 8 code 0; everything that is not in a list is shut.
 */
export interface Lab {
  readonly folder: string
  readonly why: readonly string[]
  /** Instances by what they are called below. */
  readonly machines: Readonly<Record<string, string>>
  /** From the internet: machine and bands; for the others, what shuts them. */
  readonly internet: Readonly<Record<string, string>>
  /** `from → to`: bands, or what shuts it. */
  readonly between: Readonly<Record<string, string>>
}

export const LABS: readonly Lab[] = [
  {
    folder: 'test-public-subnet',
    why: [
      'The one subnet has a table of its own with 0.0.0.0/0 to an attached internet gateway; the main table has none.',
      'The default ACL lets everything through (100 before 32767). The group lets TCP 22 in from everywhere.',
    ],
    machines: { host: 'i-06669a407b2ef3ae5' },
    internet: { host: '22' },
    between: {},
  },
  {
    folder: 'test-public-private-subnet',
    why: [
      'The public host: as in the lab above. The private one has no public address, and its subnet falls back to the',
      'main table, whose 0.0.0.0/0 goes to a VPN gateway. Both are in one VPC: local routes both ways, the ACL is open,',
      'outbound rules are open, and both groups let TCP 22 in from everywhere.',
    ],
    machines: { open: 'i-094a9e5b545a4fde4', shielded: 'i-099cf38911942421c' },
    internet: { open: '22', shielded: 'no-public-address' },
    between: { 'open → shielded': '22', 'shielded → open': '22' },
  },
  {
    folder: 'test-nat-gateway',
    why: [
      'The jump host has a public address, a table with the internet gateway, and an ACL of its own: rule 100 allows',
      'ICMP from one subnet, rule 200 everything, so all of it passes. All three have one group: TCP 22 and echo requests',
      'from everywhere. test1 leaves through a NAT gateway, which lets nobody in; test20 has local routes alone.',
      'Inside the VPC all routes are local and all ACLs open, so each reaches each.',
    ],
    machines: { jump: 'i-0b31b509174d7f5de', test1: 'i-0a128d26e59be60f3', test20: 'i-0a73a1a6021c03ddb' },
    internet: { jump: '22, ping', test1: 'no-public-address', test20: 'no-public-address' },
    between: {
      'jump → test1': '22, ping',
      'jump → test20': '22, ping',
      'test1 → jump': '22, ping',
      'test1 → test20': '22, ping',
      'test20 → jump': '22, ping',
      'test20 → test1': '22, ping',
    },
  },
  {
    folder: 'test-load-balancer',
    why: [
      'The jump host as in the lab above (its group: TCP 22 and echo requests). test1 and test20 have no public address',
      'and a group with TCP 22 alone. The network load balancer is internal: it opens nothing to the internet. It stands',
      'in the subnet of test1 and hands TCP 80 on to TCP 22 of both.',
    ],
    machines: { jump: 'i-0c8ce8bbdd98cc4e8', test1: 'i-055b0db7be365202c', test20: 'i-0f4af951d61a19245' },
    internet: { jump: '22, ping', test1: 'no-public-address', test20: 'no-public-address' },
    between: {
      'jump → test1': '22',
      'jump → test20': '22',
      'test1 → jump': '22, ping',
      'test1 → test20': '22',
      'test20 → jump': '22, ping',
      'test20 → test1': '22',
    },
  },
  {
    folder: 'test-vpc-peering',
    why: [
      'Three VPCs: a (10.10/16), b and c (both 192.168/16). a is peered with b and with c, and its table sends 192.168.1/24',
      'to b and 192.168.2/24 to c; b and c send 10.10/16 back. All groups let TCP 22 in, all ACLs are open.',
      'b and c are not peered: the address of the other lies in a block of the own VPC, where nobody has it.',
      'Nobody has a public address (and the route of b to an internet gateway is a blackhole).',
    ],
    machines: { a: 'i-06ba034d88c84ef07', b: 'i-0b14080af811fda3d', c: 'i-04a292ff83b3aa833' },
    internet: { a: 'no-public-address', b: 'no-public-address', c: 'no-public-address' },
    between: {
      'a → b': '22',
      'a → c': '22',
      'b → a': '22',
      'c → a': '22',
      'b → c': 'no-route',
      'c → b': 'no-route',
    },
  },
  {
    folder: 'hybrid-cloud-aws',
    why: [
      'All four instances are stopped: nothing reaches them and they reach nothing, whatever the rules say.',
    ],
    machines: {
      cvp: 'i-075dc46a9bc347264',
      border2: 'i-0837c877110427f2b',
      core1: 'i-0b26ec095feb42260',
      border1: 'i-0383fda87c012141d',
    },
    internet: {
      cvp: 'instance-state',
      border2: 'instance-state',
      core1: 'instance-state',
      border1: 'instance-state',
    },
    between: Object.fromEntries(
      ['cvp', 'border2', 'core1', 'border1'].flatMap((from, _, all) =>
        all.filter((to) => to !== from).map((to) => [`${from} → ${to}`, 'instance-state']),
      ),
    ),
  },
]

/** Resources in the five plans: those that it makes, changes or keeps, and what it read of others. */
export const PLANS: Readonly<Record<string, { readonly changes: number; readonly data: number }>> = {
  'checkov-plan_module_with_connected_resources-tfplan.json': { changes: 2, data: 3 },
  'checkov-plan_with_resource_reference-tfplan.json': { changes: 3, data: 0 },
  'checkov-runner-tfplan2.json': { changes: 55, data: 4 },
  'infracost-example-plan.json': { changes: 2, data: 0 },
  'infracost-terraform_v0.14_plan.json': { changes: 26, data: 6 },
}

function inputOf(file: string): Input {
  const bytes = readFileSync(file)
  return {
    name: file,
    group: '',
    storedSize: bytes.length,
    modifiedAt: 0,
    head: bytes.subarray(0, 65_536),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
    },
    tail: () => null,
  }
}

export async function resourcesIn(source: Source, files: readonly string[]): Promise<ResourceEvent[]> {
  const env: SourceEnv = {
    now: 0,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: ({ name }) => emptyReport(name),
  }
  const found: ResourceEvent[] = []
  for await (const { events } of source.read(
    files.map(inputOf).filter((one) => source.recognise(one.head) > 0.5),
    env,
  ))
    found.push(...events.filter((event) => event.kind === 'resource'))
  return found
}

export async function labNetwork(folder: string): Promise<Network> {
  const files = globSync('**/*.json', { cwd: folder }).map((file) => join(folder, file))
  return buildNetwork(await resourcesIn(awsDescribe, files.toSorted())).network
}

export async function planResources(file: string): Promise<ResourceEvent[]> {
  return resourcesIn(terraform, [file])
}

/** The bands that are open to a machine, or what shuts it. */
export function opened(reachability: Reachability, from: string, to: string): string {
  const verdicts = reachability.ask({ from, to }).filter(({ behind }) => behind === null)
  const bands = verdicts
    .filter(({ status }) => status === 'reachable')
    .map(({ protocol, portFrom, portTo }) =>
      protocol === 'tcp' && portFrom === portTo
        ? `${portFrom}`
        : protocol === 'icmp' && portFrom === 0x0800 && portTo === 0x0800
          ? 'ping'
          : `${protocol} ${portFrom}-${portTo}`,
    )
  const shut = verdicts.find(({ status }) => status !== 'reachable')
  return bands.length > 0
    ? [...new Set(bands)].join(', ')
    : (shut?.blockedBy?.kind ?? shut?.status ?? 'nothing said')
}
