import type { ResourceEvent } from '../../event/resource.ts'
import { isObject } from './attributes.ts'
import { BALANCERS } from './describe-balancers.ts'
import { COMPUTE } from './describe-compute.ts'
import { TRANSIT } from './describe-transit.ts'
import { VPC } from './describe-vpc.ts'
import { Draft } from './draft.ts'
import { joined } from './join.ts'
import type { Network, NetworkCoverage } from './model.ts'
import { PLANNED } from './planned.ts'

export interface Built {
  readonly network: Network
  readonly coverage: readonly NetworkCoverage[]
}

const DESCRIBED: typeof PLANNED = { ...COMPUTE, ...VPC, ...BALANCERS, ...TRANSIT }

/**
 * The network that an inventory, a plan or a state (or several of them) tells of. Resources may come in any order;
 * of one told twice the last counts. What is of no kind that matters to a network is left alone. Never throws.
 */
export function buildNetwork(resources: Iterable<ResourceEvent>): Built {
  const draft = new Draft()
  for (const event of resources) {
    if (event.provider !== 'aws') continue
    if (event.resourceType === 'listing') readListing(event, draft)
    else {
      const readers = isDescribed(event) ? DESCRIBED : PLANNED
      if (Object.hasOwn(readers, event.resourceType)) readers[event.resourceType]?.(event, draft)
    }
  }
  return joined(draft)
}

/** The AWS API writes names with a capital first; Terraform small. */
function isDescribed({ attributes, origin }: ResourceEvent): boolean {
  if (origin.source === 'terraform') return false
  for (const name in attributes) return /^[A-Z]/u.test(name)
  return true
}

/** A list that was asked for and is empty, or of which pages are missing. */
function readListing({ resourceId: list, account, region, attributes }: ResourceEvent, draft: Draft): void {
  if (!isObject(attributes)) return
  const notUsed = attributes['NotUsed']
  if (typeof notUsed === 'string') {
    draft.note(list, notUsed, account, region)
    return
  }
  draft.listings.set(list, true)
  if (attributes['IsComplete'] === false)
    draft.note(list, 'not all of the list is there: what is missing was not judged', account, region)
}
