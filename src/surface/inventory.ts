import type { ResourceEvent } from '../event/resource.ts'
import { MAX_RAW_BYTES } from '../event/origin.ts'
import { maskSecrets } from '../text/secrets.ts'
import { cutBytes, visible } from '../text/visible.ts'
import { textAt } from './attributes.ts'
import type { SurfaceProof } from './document.ts'

/** What the evidence says there is, by type. */
export class Inventory {
  readonly #byType = new Map<string, ResourceEvent[]>()
  readonly #byId = new Map<string, ResourceEvent>()
  readonly all: readonly ResourceEvent[]

  constructor(resources: readonly ResourceEvent[]) {
    this.all = resources
    for (const resource of resources) {
      this.#byId.set(`${resource.resourceType} ${resource.resourceId}`, resource)
      const list = this.#byType.get(resource.resourceType)
      if (list === undefined) this.#byType.set(resource.resourceType, [resource])
      else list.push(resource)
    }
  }

  of(...types: readonly string[]): readonly ResourceEvent[] {
    if (types.length === 1) return this.#byType.get(types[0] ?? '') ?? NONE
    return types.flatMap((type) => this.#byType.get(type) ?? [])
  }

  /** The resource of a type with this id; of several the one that was told last. */
  find(type: string, id: string): ResourceEvent | null {
    return this.#byId.get(`${type} ${id}`) ?? null
  }

  has(...types: readonly string[]): boolean {
    return types.some((type) => this.#byType.has(type))
  }

  get types(): readonly string[] {
    return [...this.#byType.keys()].toSorted()
  }
}

const NONE: readonly ResourceEvent[] = Object.freeze([])

/** The Terraform address of a resource that a plan or a state tells of. */
export function terraformAddressOf(event: ResourceEvent | null): string | null {
  return event !== null && event.origin.source === 'terraform' ? (event.origin.recordId ?? null) : null
}

/** What an attribute says, or, where a plan does not know it yet, the resource that it will be taken from. */
export function saidOrReferred(event: ResourceEvent, ...names: readonly string[]): string | null {
  const said = textAt(event.attributes, ...names)
  if (said !== null) return said
  for (const name of names) {
    const found = event.references?.[name]?.[0]?.resourceId
    if (found !== undefined) return found
  }
  return null
}

/** Only a memory of a pure function: many exposures are proven by the same resource. */
const PROOFS = new WeakMap<ResourceEvent, SurfaceProof>()

/** Where a resource stands in what was read. */
export function proofOf(event: ResourceEvent): SurfaceProof {
  const known = PROOFS.get(event)
  if (known !== undefined) return known
  const proof = writeProof(event)
  PROOFS.set(event, proof)
  return proof
}

function writeProof({ origin }: ResourceEvent): SurfaceProof {
  return {
    source: origin.source,
    file: visible(origin.file),
    ...(origin.line === undefined ? {} : { line: origin.line }),
    ...(origin.recordId === undefined ? {} : { recordId: visible(origin.recordId) }),
    offset: origin.offset,
    raw: cutBytes(visible(maskSecrets(origin.raw)), MAX_RAW_BYTES),
  }
}
