import { WAYS_IN, type WayInKind } from '../gangs/gang.ts'
import type { Hardware } from '../host/host.ts'
import type { MachineFacts } from '../machine.ts'
import type { Random } from '../random.ts'

/** Linux on demand in us-east-1, EC2 price list of July 2026, with RandomX rates of that many cores. */
export interface InstanceClass extends Hardware {
  readonly type: string
  readonly usdPerHour: number
}

const CLASSES: readonly [InstanceClass, ...InstanceClass[]] = [
  { type: 't3.large', usdPerHour: 0.0832, cores: 2, fullHashrate: 780 },
  { type: 't3.xlarge', usdPerHour: 0.1664, cores: 4, fullHashrate: 1480 },
  { type: 'c5.xlarge', usdPerHour: 0.17, cores: 4, fullHashrate: 1620 },
  { type: 'm5.xlarge', usdPerHour: 0.192, cores: 4, fullHashrate: 1550 },
  { type: 'c6i.2xlarge', usdPerHour: 0.34, cores: 8, fullHashrate: 3650 },
  { type: 'm6a.2xlarge', usdPerHour: 0.3456, cores: 8, fullHashrate: 4100 },
]

const ROLES = ['web', 'api', 'db', 'ci', 'cache', 'worker', 'mail', 'build', 'app', 'edge'] as const

export interface Berth {
  readonly facts: MachineFacts
  readonly instance: InstanceClass
  readonly doors: readonly WayInKind[]
  readonly clockSkewMs: number
  readonly everydayLoad: number
}

export const REGION = 'us-east-1'
/** What machines run ahead or behind: most hardly, some badly. */
const SKEW_MS = { usual: 40, bad: 25_000 }
const BAD_CLOCK = 0.2

/** Machines of one account in one private network. */
export function castFleet(count: number, random: Random): Berth[] {
  const numbers = new Map<string, number>()
  const publicHosts = new Set<number>()
  return Array.from({ length: count }, (_, i) => {
    const own = random.fork(`machine-${i}`)
    const role = own.pick(ROLES)
    const number = (numbers.get(role) ?? 0) + 1
    numbers.set(role, number)
    const subnet = 3 + Math.floor(i / 200)
    let publicHost = own.integer(2, 4000)
    while (publicHosts.has(publicHost)) publicHost += 1
    publicHosts.add(publicHost)
    const instance = own.pick(CLASSES)
    const isBad = own.chance(BAD_CLOCK)
    return {
      facts: {
        name: `${role}-${number}`,
        instanceId: `i-0${own.hex(16)}`,
        instanceType: instance.type,
        address: `10.0.${subnet}.${10 + (i % 200)}`,
        publicAddress: `198.18.${4 + (publicHost >> 8)}.${publicHost & 0xff}`,
        gateway: `10.0.${subnet}.1`,
        resolver: '10.0.0.2',
      },
      instance,
      doors: doorsOf(own),
      clockSkewMs: isBad
        ? own.between(-SKEW_MS.bad, SKEW_MS.bad)
        : own.between(-SKEW_MS.usual, SKEW_MS.usual),
      everydayLoad: own.between(0.03, 0.2),
    }
  })
}

/** One to three ways in; a stolen key is no door of the machine's own. */
function doorsOf(random: Random): WayInKind[] {
  const doors = WAYS_IN.filter(
    (kind) => kind !== 'ssh-key' && random.chance(kind === 'ssh-password' ? 0.6 : 0.35),
  )
  return doors.length > 0 ? doors : ['ssh-password']
}
