import type { AssetEntry, IncidentEntry, StoryFinding } from '../story/document.ts'

/** What a run read, and how: enough to repeat it and to show that nothing was swapped. */
export interface Manifest {
  /** Derived from the inputs' digests and the command: the same run has the same id. */
  readonly id: string
  readonly createdAt: string
  readonly toolVersion: string
  readonly commandLine: readonly string[]
  readonly inputs: readonly ManifestInput[]
}

export interface ManifestInput {
  readonly file: string
  /** SHA-256 of the stored bytes, hex; null where it could not be had. */
  readonly sha256: string | null
  readonly storedBytes: number | null
  readonly format: string
  readonly decisions: readonly string[]
  readonly records: number
  readonly bad: number
}

/** What one run adds to the case. */
export interface CaseEntry {
  readonly manifest: Manifest
  readonly assets: readonly AssetEntry[]
  readonly incidents: readonly IncidentEntry[]
  /** Findings outside incidents too (pressure, context). */
  readonly findings: readonly { readonly asset: string; readonly incident: string | null; readonly body: StoryFinding }[]
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
