import type { DoorCatalogue } from '../../intel/doors.ts'
import type { Derivation, SurfaceAsset } from '../document.ts'
import { given, product, stated, sum } from './derive.ts'

const HOURS_A_DAY = 24

/** What one machine costs a day in the hands of whoever mines on it; null for what is no machine. */
export function machineLoss(asset: SurfaceAsset, catalogue: DoorCatalogue): Derivation | null {
  if (asset.price === null) return null
  const price = stated(
    `${asset.instanceType ?? 'the machine'} an hour`,
    asset.price.usdPerHour,
    'usdPerHour',
    asset.price.basis,
  )
  const parts = [price, ...surplusOf(asset, catalogue)]
  const hour = parts.length === 1 ? price : sum('at full load an hour', 'usdPerHour', parts)
  return product('what this machine costs a day in the hands of a miner', 'usdPerDay', [
    hour,
    stated('hours a day', HOURS_A_DAY, 'count'),
    given(
      'share of the machine that miners take',
      catalogue.factor('machine-share'),
      'factor',
      'many hold back so that nobody notices',
    ),
  ])
}

function surplusOf({ burst, instanceType }: SurfaceAsset, catalogue: DoorCatalogue): Derivation[] {
  if (burst === null || burst.mode === 'standard') return []
  const surplus = stated(
    `surplus credits of ${instanceType ?? 'the machine'} at full load`,
    burst.surplusUsdPerHour,
    'usdPerHour',
    'AWS adds this to the bill in unlimited mode once a day’s credits are used up',
  )
  if (burst.mode === 'unlimited') return [surplus]
  const chance = given(
    'nobody said whether it may use them: unlimited is what AWS sets',
    catalogue.factor('unlimited-unknown'),
    'factor',
  )
  return [product('surplus credits, if it may use them', 'usdPerHour', [surplus, chance])]
}

/** What an account lets somebody start. */
export interface ComputeReach {
  /** Regions he can use, and why it is those. */
  readonly regions: readonly string[] | null
  /** vCPUs on demand by region, where quotas were read. */
  readonly quotas: ReadonlyMap<string, number>
  readonly usdPerVcpuHour: number
  readonly vcpuBasis: string
}

/** What somebody who may start machines in an account can burn a day. */
export function accountLoss(reach: ComputeReach, catalogue: DoorCatalogue): Derivation {
  const vcpus = vcpusOf(reach, catalogue)
  return product('what can be started in this account, a day', 'usdPerDay', [
    vcpus,
    stated('one vCPU an hour', reach.usdPerVcpuHour, 'usdPerHour', reach.vcpuBasis),
    stated('hours a day', HOURS_A_DAY, 'count'),
  ])
}

function vcpusOf({ regions, quotas }: ComputeReach, catalogue: DoorCatalogue): Derivation {
  const known = [...quotas].filter(([region]) => regions === null || regions.includes(region))
  const quota = given(
    'vCPUs on demand that a region allows',
    catalogue.factor('quota-vcpu'),
    'vcpu',
    'no quotas were read: 5 is what AWS gives a new account, established ones have more',
  )
  if (known.length > 0) {
    const parts = known.map(([region, vcpus]) =>
      stated(`vCPUs on demand that ${region} allows`, vcpus, 'vcpu', 'its quota'),
    )
    const others = regions === null ? [] : regions.filter((region) => !quotas.has(region))
    if (others.length > 0)
      parts.push(
        product('in regions whose quotas were not read', 'vcpu', [
          stated('regions', others.length, 'count', others.slice(0, 20).join(', ')),
          quota,
        ]),
      )
    return sum('vCPUs that can be started', 'vcpu', parts)
  }
  const count =
    regions === null
      ? given(
          'regions that are open',
          catalogue.factor('regions-open'),
          'count',
          'nobody said which are closed: 17 are open in every new account',
        )
      : stated('regions that are open', regions.length, 'count', regions.slice(0, 20).join(', '))
  return product('vCPUs that can be started', 'vcpu', [count, quota])
}
