import { z } from 'zod'
import type { Exposure, Surface } from '../surface/document.ts'
import type { Plan } from '../plan/document.ts'
import type { AssetEntry, IncidentEntry, StoryFinding } from '../story/document.ts'

export const ManifestInput = z.object({
  file: z.string(),
  sha256: z.string().nullable().describe('of the stored bytes, hex; null where it could not be had'),
  storedBytes: z.number().nullable(),
  format: z.string(),
  decisions: z.array(z.string()),
  records: z.number(),
  bad: z.number(),
})
export type ManifestInput = z.infer<typeof ManifestInput>

/** What a run read, and how: enough to repeat it and to show that nothing was swapped. */
export const Manifest = z.object({
  id: z.string().describe("derived from the inputs' digests and the command: the same run has the same id"),
  createdAt: z.string(),
  toolVersion: z.string(),
  folder: z
    .string()
    .optional()
    .describe('current folder of the run: where relative names of its inputs start'),
  commandLine: z.array(z.string()),
  inputs: z.array(ManifestInput),
})
export type Manifest = z.infer<typeof Manifest>

/** What one run adds to the case. */
export interface CaseEntry {
  readonly manifest: Manifest
  readonly assets: readonly AssetEntry[]
  readonly incidents: readonly IncidentEntry[]
  /** Findings outside incidents too (pressure, context). */
  readonly findings: readonly {
    readonly asset: string
    readonly incident: string | null
    readonly body: StoryFinding
  }[]
}

/** What one look at the surface adds to the case. */
export interface SurfaceEntry {
  readonly manifest: Manifest
  readonly surface: Surface
}

/**
 * The state between commands. Obligations of every implementation:
 * - `add` is all or nothing, and adding the same again changes nothing;
 * - an incident that shares a finding with one in the case *is* that one: it keeps the older id, and
 *   the newer becomes an alias;
 * - what was read back equals what was added.
 */
export interface CaseStore {
  add(entry: CaseEntry): Promise<void>
  /**
   * The surface that was looked at last takes the place of the one before; exposures of earlier looks can still be
   * opened by id.
   */
  addSurface(entry: SurfaceEntry): Promise<void>
  /** The plan that was made last takes the place of the one before. */
  keepPlan(plan: Plan): Promise<void>
  plan(): Promise<Plan | null>
  /** The surface that was looked at last. */
  surface(): Promise<Surface | null>
  exposure(id: string): Promise<Exposure | null>
  /** By id of the asset. */
  exposuresOf(asset: string): Promise<Exposure[]>
  /** By id or alias. */
  incident(id: string): Promise<IncidentEntry | null>
  incidentsOf(asset: string): Promise<IncidentEntry[]>
  incidents(): Promise<IncidentEntry[]>
  finding(id: string): Promise<{ asset: string; incident: string | null; body: StoryFinding } | null>
  /** By id or by any of its names. */
  asset(name: string): Promise<AssetEntry | null>
  assets(): Promise<AssetEntry[]>
  manifests(): Promise<Manifest[]>
  /** Rows by table: a case that was told the same twice has not grown. */
  size(): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}
