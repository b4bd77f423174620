import type { DoorCatalogue } from '../intel/doors.ts'
import type { Intel } from '../intel/intel.ts'
import type { Identity } from './account/identities.ts'
import type { ComputeRights } from './account/starts-compute.ts'
import type { ChainLink, Derivation, Range, SurfaceAsset, SurfaceCoverage } from './document.ts'
import type { Behind } from './doors/behind.ts'
import type { Loss } from './exposure.ts'
import type { Reach } from './risk/reach.ts'
import type { HostState } from './host/host-state.ts'
import type { Inventory } from './inventory.ts'
import type { Network } from './network/model.ts'
import type { Link } from './network/verdict.ts'
import type { Activity } from './hygiene/activity.ts'

/** What an incident of the case says of a way in. */
export interface KnownIncident {
  readonly id: string
  readonly names: readonly string[]
  /** `ssh-password` and the like; null = nobody knows. */
  readonly wayIn: string | null
}

/** Everything that the parts of the surface work on. Collected once, never changed. */
export interface SurfaceContext {
  readonly inventory: Inventory
  readonly network: Network
  readonly hosts: readonly HostState[]
  /** The host behind an instance, by the instance's id. */
  readonly hostOf: ReadonlyMap<string, HostState>
  readonly identities: readonly Identity[]
  /** What the role of an instance may start, by the instance's id. */
  readonly rightsOf: ReadonlyMap<string, { readonly role: Identity; readonly rights: ComputeRights }>
  readonly assets: ReadonlyMap<string, SurfaceAsset>
  readonly activity: Activity
  readonly incidents: readonly KnownIncident[]
  readonly catalogue: DoorCatalogue
  readonly intel: Pick<Intel, 'priceOf'>
  /** Epoch ms: the moment that ages are counted to. */
  readonly now: number
  readonly coverage: SurfaceCoverage[]
  /** What was worked out once and is asked for often: a memory, nothing more. */
  readonly memory: SurfaceMemory
}

export interface SurfaceMemory {
  /** By id of the asset. */
  readonly losses: Map<string, Loss[]>
  /** By account and regions. */
  readonly accounts: Map<string, Loss>
  /** By what waits behind a port of machines that told nothing of themselves, by who reaches it, and by the rest. */
  readonly chances: WeakMap<Behind, Map<Reach | null, Map<number, Derivation>>>
  /** By protocol and ports, of machines that told nothing of themselves. */
  readonly behind: Map<string, Behind>
  readonly links: WeakMap<Link, ChainLink>
  /** What a chance of a loss comes to, by the chance and the middle of the loss. */
  readonly amounts: WeakMap<Derivation, Map<number, { readonly loss: Range; readonly amount: Range }>>
}
