import type { Intel } from '../intel/intel.ts'
import { numberAt, textAt } from './attributes.ts'
import type { SurfaceContext } from './context.ts'
import type { SurfaceAsset } from './document.ts'
import type { Loss } from './exposure.ts'
import type { Inventory } from './inventory.ts'
import { accountLoss, type ComputeReach, machineLoss } from './risk/loss.ts'
import { product, stated } from './risk/derive.ts'

/** What thieves start where they may choose: cheap per vCPU, in every region. */
const CHOSEN_TYPE = 'c5.large'
const CHOSEN_VCPUS = 2
/** Where no price list has it. */
const FALLBACK_USD_PER_VCPU_HOUR = 0.0425

type LossContext = Pick<SurfaceContext, 'catalogue' | 'intel' | 'inventory' | 'memory'>

/** What somebody who has taken a machine can burn: the machine, and what its role may start. */
export function lossesBehind(
  asset: SurfaceAsset,
  context: LossContext & Pick<SurfaceContext, 'rightsOf'>,
): Loss[] {
  const known = context.memory.losses.get(asset.id)
  if (known !== undefined) return known
  const losses: Loss[] = []
  context.memory.losses.set(asset.id, losses)
  const machine = machineLoss(asset, context.catalogue)
  if (machine !== null)
    losses.push({
      sink: { id: `machine:${asset.id}`, title: `the compute of ${nameOf(asset)}`, usdPerDay: machine.value },
      derivation: machine,
    })
  const rights = context.rightsOf.get(asset.id)?.rights
  if (rights !== undefined && rights.startsCompute !== 'no') {
    const whole = accountCompute(asset.account, rights.regions, context)
    losses.push(rights.startsCompute === 'yes' ? whole : unsure(whole))
  }
  return losses
}

/** What somebody who may start machines in an account can burn; `regions`: those his rights are limited to. */
export function accountCompute(
  account: string | null,
  regions: readonly string[] | null,
  { catalogue, intel, inventory, memory }: LossContext,
): Loss {
  const key = `${account ?? ''} ${regions?.join(' ') ?? '*'}`
  const known = memory.accounts.get(key)
  if (known !== undefined) return known
  const derivation = accountLoss(computeReach(account, regions, inventory, intel), catalogue)
  const id = `account:${account ?? 'unknown'}${regions === null ? '' : `:${regions.join('+')}`}`
  const where = account === null ? 'the account' : `account ${account}`
  const loss: Loss = {
    sink: { id, title: `machines started in ${where}`, usdPerDay: derivation.value },
    derivation,
  }
  memory.accounts.set(key, loss)
  return loss
}

function unsure(loss: Loss): Loss {
  const derivation = product('what can be started in this account, if its role may', 'usdPerDay', [
    loss.derivation,
    stated('its rights could not be read in full', { low: 0, mid: 0.3, high: 1 }, 'factor'),
  ])
  return { sink: { ...loss.sink, usdPerDay: derivation.value }, derivation }
}

function computeReach(
  account: string | null,
  regions: readonly string[] | null,
  inventory: Inventory,
  intel: Pick<Intel, 'priceOf'>,
): ComputeReach {
  const price = intel.priceOf(CHOSEN_TYPE)
  return {
    regions: regions ?? openRegions(inventory, account),
    quotas: vcpuQuotas(inventory, account),
    usdPerVcpuHour: price === null ? FALLBACK_USD_PER_VCPU_HOUR : price.usdPerHour / CHOSEN_VCPUS,
    vcpuBasis:
      price === null
        ? 'half the price of a c5.large'
        : `half the price of a ${CHOSEN_TYPE} (${price.region}, on demand, ${price.date})`,
  }
}

/** Regions that are open, where `describe-regions` was read. */
export function openRegions(inventory: Inventory, account: string | null): string[] | null {
  const regions = inventory
    .of('aws_region')
    .filter((event) => event.account === account || event.account === null)
    .filter(({ attributes }) => textAt(attributes, 'OptInStatus') !== 'not-opted-in')
    .map(({ resourceId }) => resourceId)
  return regions.length === 0 ? null : [...new Set(regions)].toSorted()
}

/** Running On-Demand Standard instances: the quota that counts vCPUs. */
const VCPU_QUOTA = 'L-1216C47A'

function vcpuQuotas(inventory: Inventory, account: string | null): Map<string, number> {
  const quotas = new Map<string, number>()
  for (const event of inventory.of('aws_servicequotas_service_quota')) {
    if (textAt(event.attributes, 'QuotaCode', 'quota_code') !== VCPU_QUOTA) continue
    if (event.account !== account && event.account !== null && account !== null) continue
    const value = numberAt(event.attributes, 'Value', 'value')
    if (value !== null && value >= 0) quotas.set(event.region ?? 'its region', value)
  }
  return quotas
}

export function nameOf(asset: Pick<SurfaceAsset, 'id' | 'names'>): string {
  return asset.names[0] ?? asset.id
}
