import type { Exposure, SurfaceAsset } from '../surface/document.ts'
import type { Change } from './change.ts'
import type { Overhead } from './overhead.ts'

/** How good a number is. */
export interface Basis {
  readonly kind: 'measured' | 'sourced' | 'judgement'
  /** What was measured, the source, or the reason. */
  readonly why: string
}

/**
 * Something that can be done against a kind of exposure. Shares and overheads are data with their basis; `measures`
 * says where in this surface it could be done. Pure.
 */
export interface Control {
  /** Folder name, config key and what `--without`, `--only` and `plan why` take. */
  readonly id: string
  /** What to do, in plain words. */
  readonly title: string
  /** For somebody without the knowledge: what it is, and why it helps. */
  readonly what: string
  /** Of controls on one layer only the best counts; see `solver/problem.ts`. */
  readonly layer: string
  /** What it takes away of what is left, 0–1; single measures may take less. */
  readonly share: number
  readonly shareBasis: Basis
  /** Per target; friction once for the control. */
  readonly overhead: Overhead
  readonly overheadBasis: Basis
  /** What has to be so before it is applied, in plain words. */
  readonly needs: readonly string[]
  readonly measures: (scene: Scene) => MeasureDraft[]
}

/** What controls look at. */
export interface Scene {
  readonly exposures: readonly Exposure[]
  readonly byAsset: ReadonlyMap<string, readonly Exposure[]>
  readonly assets: ReadonlyMap<string, SurfaceAsset>
  /** Networks of the people who run this: never locked out. */
  readonly operators: readonly string[]
  readonly incidents: readonly OpenIncident[]
  /** What a machine was seen talking to, by asset; nothing where no traffic was read. */
  readonly egress: ReadonlyMap<string, readonly Destination[]>
  readonly poolNames: readonly string[]
}

export interface Destination {
  readonly address: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

/** An incident of the case that nobody has ended. */
export interface OpenIncident {
  readonly id: string
  readonly asset: string
  readonly names: readonly string[]
  readonly title: string
  readonly usdPerDay: number
  readonly todo: readonly { readonly text: string; readonly command?: string | undefined }[]
}

/** What a measure takes away: of one way in (as far as it leads to one kind of sink), or of a sink's loss. */
export type Effect =
  | {
      readonly on: 'exposure'
      /** Id of an exposure, or of an open incident: somebody who is in already. */
      readonly exposure: string
      /** Only as far as the exposure leads to such sinks; null = all. */
      readonly sinkKind: 'machine' | 'account' | null
      readonly share: number
    }
  | { readonly on: 'sink'; readonly sink: string; readonly share: number }

/** A control on one target. */
export interface MeasureDraft {
  /** What tells it from other measures of its control; ids are made from it. */
  readonly target: string
  /** Ids of assets and resources that are changed. */
  readonly targets: readonly string[]
  /** What is done, in one line. */
  readonly title: string
  readonly effects: readonly Effect[]
  /** Where it differs from the control's. */
  readonly overhead?: Partial<Overhead>
  /** What the bill gets smaller by; not part of the budget. */
  readonly savesUsdPerMonth?: number
  /** Machines that carry the CPU and the downtime. */
  readonly carriers: readonly string[]
  readonly changes: readonly Change[]
  /** Exposures that must be gone from a new dump once it is done. */
  readonly closes: readonly string[]
  /** Why it cannot be proposed as things are; null = it can. */
  readonly obstacle?: string
}
