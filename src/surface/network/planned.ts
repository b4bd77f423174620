import type { ResourceEvent } from '../../event/resource.ts'
import type { Draft } from './draft.ts'
import { PLANNED_BALANCERS } from './planned-balancers.ts'
import { PLANNED_COMPUTE } from './planned-compute.ts'
import { PLANNED_TRANSIT } from './planned-transit.ts'
import { PLANNED_VPC } from './planned-vpc.ts'

/** How resources are read that Terraform tells of, by type. */
export const PLANNED: Readonly<Record<string, (event: ResourceEvent, draft: Draft) => void>> = {
  ...PLANNED_COMPUTE,
  ...PLANNED_VPC,
  ...PLANNED_BALANCERS,
  ...PLANNED_TRANSIT,
}
