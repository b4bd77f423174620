import type { Exposure, Sink, Surface, SurfaceAsset } from '../../src/surface/document.ts'
import { SURFACE_SCHEMA } from '../../src/surface/document.ts'
import { Draw } from '../sigma/records.ts'

const DOORS = [
  { id: 'ssh', port: 22, chance: 0.04 },
  { id: 'docker-api', port: 2375, chance: 0.5 },
  { id: 'redis', port: 6379, chance: 0.3 },
  { id: 'jupyter', port: 8888, chance: 0.2 },
  { id: 'web', port: 443, chance: 0.01 },
  { id: 'kubelet', port: 10_250, chance: 0.3 },
  { id: 'elasticsearch', port: 9200, chance: 0.1 },
] as const
const TYPES = ['t3.micro', 't3.large', 'm5.xlarge', 'c5.2xlarge', 'p3.2xlarge'] as const
const MACHINE_CHECKS = ['imds-v1', 'forgotten-machine', 'image-old'] as const
const ACCOUNTS = 5

function range(mid: number): { low: number; mid: number; high: number } {
  return { low: mid / 5, mid, high: mid * 3 }
}

/** A surface of so many exposures in the shape that `davylamp surface` gives, by seed: three or so to a machine, five accounts. */
export function stagedSurface(count: number, seed: number): Surface {
  const draw = new Draw(seed)
  const machines = Array.from({ length: Math.ceil(count / 3) }, (_, i) => machine(i, draw))
  const exposures = Array.from({ length: count }, (_, i) => exposure(i, draw.of(machines), draw))
  return {
    schema: SURFACE_SCHEMA,
    generatedAt: '2026-05-12T08:00:00.000000Z',
    tool: { name: 'davylamp', version: '0' },
    from: 'internet',
    usdPerDay: range(0),
    totals: { waysIn: 1, machines: 1, machinesReached: 1 },
    inputs: [],
    skipped: [],
    assets: machines,
    exposures: exposures.filter(({ kind }) => kind !== 'hygiene'),
    hygiene: exposures.filter(({ kind }) => kind === 'hygiene'),
    blocked: [],
    attackPaths: [],
    coverage: [],
    notes: [],
  }
}

function machine(i: number, draw: Draw): SurfaceAsset {
  const id = `i-${i.toString(16).padStart(17, '0')}`
  const instanceType = draw.of(TYPES)
  const account = String(111_122_220_000 + (i % ACCOUNTS))
  return {
    id,
    kind: 'instance',
    names: [`host-${i}`],
    provider: 'aws',
    account,
    region: 'eu-central-1',
    resourceType: 'aws_instance',
    terraformAddress: null,
    addresses: [`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`],
    state: 'running',
    instanceType,
    price: { usdPerHour: 0.01 + draw.number() * 3, basis: 'staged' },
    burst: instanceType.startsWith('t3') ? { mode: 'unlimited', surplusUsdPerHour: 0.07 } : null,
    role:
      draw.number() < 0.1
        ? { id: `role-${i % 40}`, startsCompute: 'yes', actions: ['ec2:RunInstances'], notEvaluated: [] }
        : null,
    launchTime: null,
    imageTime: null,
    subnet: `subnet-${i % 50}`,
    vpc: `vpc-${i % 20}`,
    securityGroups: [groupOf(i)],
    evidence: [],
  }
}

function groupOf(i: number): string {
  return `sg-${(i >> 1).toString(16).padStart(17, '0')}`
}

function exposure(i: number, asset: SurfaceAsset, draw: Draw): Exposure {
  const isNetwork = draw.number() < 0.8
  const door = draw.of(DOORS)
  const chance = (isNetwork ? door.chance : 0.02) * (0.3 + draw.number())
  const number = Number.parseInt(asset.id.slice(2), 16)
  const own: Sink = {
    id: `machine:${asset.id}`,
    title: asset.id,
    usdPerDay: range((asset.price?.usdPerHour ?? 0) * 24),
  }
  const whole: Sink = { id: `account:${asset.account}`, title: 'account', usdPerDay: range(20_000) }
  const sinks = asset.role === null ? [own] : [own, whole]
  const total = sinks.reduce((sum, { usdPerDay }) => sum + usdPerDay.mid, 0)
  return {
    id: `exposure-${i}`,
    kind: isNetwork ? 'network' : 'hygiene',
    check: isNetwork ? 'open-port' : draw.of(MACHINE_CHECKS),
    title: `exposure ${i}`,
    explanation: '',
    fix: '',
    asset: asset.id,
    resources: isNetwork ? [groupOf(number)] : [],
    address: isNetwork ? (asset.addresses[0] ?? null) : null,
    protocol: isNetwork ? 'tcp' : null,
    portFrom: isNetwork ? door.port : null,
    portTo: isNetwork ? door.port : null,
    sources: [{ cidr: '0.0.0.0/0' }],
    chain: [],
    cutEdge: isNetwork
      ? {
          type: 'security-group-rule',
          id: groupOf(number),
          ruleId: `sgr-${((number >> 1) * 100 + (door.port % 97)).toString(16).padStart(17, '0')}`,
          terraformAddress: null,
          account: asset.account,
          region: asset.region,
          protocol: 'tcp',
          portFrom: door.port,
          portTo: door.port,
          source: '0.0.0.0/0',
          isOnly: draw.number() < 0.9,
          says: '',
        }
      : null,
    door: isNetwork ? door.id : null,
    doors: isNetwork
      ? [
          {
            id: door.id,
            title: door.id,
            port: door.port,
            certainty: draw.number() < 0.5 ? 'seen' : 'port-only',
            gangs: [],
            cves: [],
          },
        ]
      : [],
    listening: 'unknown',
    listeners: [],
    software: [],
    severity: 'medium',
    likelihood: range(Math.min(0.3, chance)),
    sinks,
    usdPerDay: range(chance * total),
    derivation: {
      label: '',
      value: range(chance * total),
      unit: 'usdPerDay',
      operation: 'given',
      note: null,
      source: null,
      parts: [],
    },
    why: [],
    usedIn: [],
    evidence: [],
  }
}
