import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { AssetEntry, IncidentEntry, StoryFinding } from '../../story/document.ts'
import { Plan } from '../../plan/document.ts'
import { Exposure, Surface } from '../../surface/document.ts'
import { type CaseEntry, type CaseStore, Manifest, type SurfaceEntry } from '../case-store.ts'
import { MIGRATIONS } from './schema.ts'

/** Exposures of a surface have rows of their own. */
const LISTS = ['exposures', 'hygiene'] as const

/** The case in one SQLite file (write-ahead log; survives being killed at any moment). */
export class SqliteCase implements CaseStore {
  private readonly db: DatabaseSync

  /**
   * Opens or makes the file, readable by its owner alone; `read` changes nothing, not even where it lies.
   * Throws what the file system or SQLite says.
   */
  constructor(file: string, access: 'write' | 'read' = 'write') {
    if (access === 'read') {
      this.db = openUnchanged(file)
      return
    }
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    this.db = new DatabaseSync(file)
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;')
    this.migrate()
  }

  // oxlint-disable-next-line require-await -- the contract is asynchronous, SQLite is not
  async add(entry: CaseEntry): Promise<void> {
    this.db.exec('BEGIN IMMEDIATE')
    try {
      this.addAssets(entry.assets)
      const ids = new Map(entry.incidents.map((incident) => [incident.id, this.addIncident(incident)]))
      this.addFindings(entry.findings, ids)
      this.addManifest(entry.manifest)
      this.db.exec('COMMIT')
    } catch (error) {
      this.db.exec('ROLLBACK')
      throw error
    }
  }

  // oxlint-disable-next-line require-await -- the contract is asynchronous, SQLite is not
  async addSurface({ manifest, surface }: SurfaceEntry): Promise<void> {
    this.db.exec('BEGIN IMMEDIATE')
    try {
      this.run('DELETE FROM surfaces WHERE id <> ?', manifest.id)
      this.run(
        'INSERT INTO surfaces (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
        manifest.id,
        JSON.stringify({ ...surface, exposures: [], hygiene: [] }),
      )
      const statement = this.db.prepare(
        `INSERT INTO exposures (id, asset, body) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET asset = excluded.asset, body = excluded.body`,
      )
      this.run('DELETE FROM surface_exposures')
      const place = this.db.prepare('INSERT INTO surface_exposures (list, place, exposure) VALUES (?, ?, ?)')
      // One by one: those of a large account are longer together than what is nice to hold as one text.
      for (const list of LISTS)
        for (const [i, exposure] of surface[list].entries()) {
          statement.run(exposure.id, exposure.asset, JSON.stringify(exposure))
          place.run(list, i, exposure.id)
        }
      this.addManifest(manifest)
      this.db.exec('COMMIT')
    } catch (error) {
      this.db.exec('ROLLBACK')
      throw error
    }
  }

  // oxlint-disable-next-line require-await -- the contract is asynchronous, SQLite is not
  async keepPlan(plan: Plan): Promise<void> {
    this.run(
      "INSERT INTO plans (id, body) VALUES ('last', ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
      JSON.stringify(plan),
    )
  }

  async plan(): Promise<Plan | null> {
    return this.one(Plan, "SELECT body FROM plans WHERE id = 'last'")
  }

  async surface(): Promise<Surface | null> {
    const surface = this.one(Surface, 'SELECT body FROM surfaces LIMIT 1')
    // A case of an earlier version has them within, and where it is only read it stays as it is.
    if (surface === null || LISTS.some((list) => surface[list].length > 0) || !this.hasLists()) return surface
    const [exposures, hygiene] = LISTS.map((list) => this.listed(list))
    return { ...surface, exposures: exposures ?? [], hygiene: hygiene ?? [] }
  }

  private hasLists(): boolean {
    return this.db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'surface_exposures'`).get() !== undefined
  }

  private listed(list: (typeof LISTS)[number]): Exposure[] {
    return this.many(
      Exposure,
      `SELECT body FROM surface_exposures JOIN exposures ON exposures.id = surface_exposures.exposure
       WHERE list = ? ORDER BY place`,
      list,
    )
  }

  async exposure(id: string): Promise<Exposure | null> {
    return this.one(Exposure, 'SELECT body FROM exposures WHERE id = ?', id)
  }

  async exposuresOf(asset: string): Promise<Exposure[]> {
    return this.many(Exposure, 'SELECT body FROM exposures WHERE asset = ? ORDER BY id', asset)
  }

  async incident(id: string): Promise<IncidentEntry | null> {
    return this.one(
      IncidentEntry,
      'SELECT body FROM incidents WHERE id = ? OR id = (SELECT incident FROM incident_aliases WHERE alias = ?)',
      id,
      id,
    )
  }

  async incidentsOf(asset: string): Promise<IncidentEntry[]> {
    return this.many(
      IncidentEntry,
      'SELECT body FROM incidents WHERE asset = ? ORDER BY first_seen, id',
      asset,
    )
  }

  async incidents(): Promise<IncidentEntry[]> {
    return this.many(IncidentEntry, 'SELECT body FROM incidents ORDER BY first_seen, id')
  }

  async finding(id: string): Promise<{ asset: string; incident: string | null; body: StoryFinding } | null> {
    const row = this.db.prepare('SELECT asset, incident, body FROM findings WHERE id = ?').get(id)
    if (row === undefined) return null
    const incident = row['incident']
    return {
      asset: String(row['asset']),
      incident: incident === null || incident === undefined ? null : String(incident),
      body: parse(StoryFinding, row['body']),
    }
  }

  async asset(name: string): Promise<AssetEntry | null> {
    return this.one(
      AssetEntry,
      'SELECT body FROM assets WHERE id = ? OR id IN (SELECT asset FROM asset_names WHERE name = ?) ORDER BY id = ? DESC, id LIMIT 1',
      name,
      name,
      name,
    )
  }

  async assets(): Promise<AssetEntry[]> {
    return this.many(AssetEntry, 'SELECT body FROM assets ORDER BY id')
  }

  async manifests(): Promise<Manifest[]> {
    return this.many(Manifest, 'SELECT body FROM manifests ORDER BY id')
  }

  async size(): Promise<Readonly<Record<string, number>>> {
    const tables = [
      'assets',
      'asset_names',
      'incidents',
      'incident_aliases',
      'findings',
      'manifests',
      'surfaces',
      'exposures',
      'plans',
    ]
    return Object.fromEntries(
      tables.map((table) => [
        table,
        Number(this.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'] ?? 0),
      ]),
    )
  }

  async close(): Promise<void> {
    this.db.close()
  }

  private migrate(): void {
    const done = Number(this.db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
    if (done > MIGRATIONS.length) throw new Error('this case was written by a newer Davylamp')
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < done) continue
      this.db.exec(`BEGIN; ${migration}; PRAGMA user_version = ${index + 1}; COMMIT;`)
    }
  }

  private addAssets(assets: readonly AssetEntry[]): void {
    for (const asset of assets) {
      this.run(
        'INSERT INTO assets (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
        asset.id,
        JSON.stringify(asset),
      )
      for (const name of asset.names) {
        this.run('INSERT INTO asset_names (name, asset) VALUES (?, ?) ON CONFLICT DO NOTHING', name, asset.id)
      }
    }
  }

  /** Gives the id it is kept under. */
  private addIncident(incident: IncidentEntry): string {
    const id = this.knownAs(incident)
    const aliases = [
      ...new Set([...this.aliasesOf(id), ...incident.aliases, ...(id === incident.id ? [] : [incident.id])]),
    ]
    const body: IncidentEntry = { ...incident, id, aliases: aliases.toSorted() }
    this.run(
      `INSERT INTO incidents (id, asset, severity, first_seen, last_seen, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET asset = excluded.asset, severity = excluded.severity,
         first_seen = excluded.first_seen, last_seen = excluded.last_seen, body = excluded.body`,
      id,
      incident.asset.id,
      incident.severity,
      incident.firstSeen,
      incident.lastSeen,
      JSON.stringify(body),
    )
    for (const alias of aliases) {
      this.run(
        'INSERT INTO incident_aliases (alias, incident) VALUES (?, ?) ON CONFLICT (alias) DO UPDATE SET incident = excluded.incident',
        alias,
        id,
      )
    }
    return id
  }

  /** The first run with these inputs is the one that is kept. */
  private addManifest(manifest: Manifest): void {
    this.run(
      'INSERT INTO manifests (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
      manifest.id,
      JSON.stringify(manifest),
    )
  }

  private knownAs(incident: IncidentEntry): string {
    if (this.db.prepare('SELECT 1 FROM incidents WHERE id = ?').get(incident.id) !== undefined)
      return incident.id
    const alias = this.db.prepare('SELECT incident FROM incident_aliases WHERE alias = ?').get(incident.id)?.[
      'incident'
    ]
    if (typeof alias === 'string') return alias
    for (const finding of incident.findings) {
      const owner = this.db.prepare('SELECT incident FROM findings WHERE id = ?').get(finding.id)?.[
        'incident'
      ]
      if (typeof owner === 'string') return owner
    }
    return incident.id
  }

  private aliasesOf(id: string): string[] {
    return this.db
      .prepare('SELECT alias FROM incident_aliases WHERE incident = ?')
      .all(id)
      .map((row) => String(row['alias']))
  }

  private addFindings(findings: CaseEntry['findings'], ids: ReadonlyMap<string, string>): void {
    const statement = this.db.prepare(
      `INSERT INTO findings (id, asset, incident, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET asset = excluded.asset, incident = excluded.incident, body = excluded.body`,
    )
    for (const finding of findings) {
      const incident = finding.incident === null ? null : (ids.get(finding.incident) ?? finding.incident)
      statement.run(finding.body.id, finding.asset, incident, JSON.stringify(finding.body))
    }
  }

  private run(sql: string, ...values: (string | null)[]): void {
    this.db.prepare(sql).run(...values)
  }

  private one<T>(schema: z.ZodType<T>, sql: string, ...values: string[]): T | null {
    const row = this.db.prepare(sql).get(...values)
    return row === undefined ? null : parse(schema, row['body'])
  }

  private many<T>(schema: z.ZodType<T>, sql: string, ...values: string[]): T[] {
    return this.db
      .prepare(sql)
      .all(...values)
      .map((row) => parse(schema, row['body']))
  }
}

/** A case on a disk that cannot be written has no place for SQLite's side files: `immutable` does without. */
function openUnchanged(file: string): DatabaseSync {
  const url = pathToFileURL(file)
  url.searchParams.set('immutable', '1')
  return new DatabaseSync(url, { readOnly: true })
}

/** A case outlives the version that wrote it: what does not fit any more is an error, not a surprise later. */
function parse<T>(schema: z.ZodType<T>, body: SQLOutputValue | undefined): T {
  return schema.parse(JSON.parse(String(body)))
}
