import { existsSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import { safeJson } from '../reports/safe-json.ts'
import type { RenderOptions } from '../reports/report.ts'
import { renderMachine, renderOverview } from '../reports/terminal/index.ts'
import type { CaseStore } from '../store/case-store.ts'
import type { AssetEntry, IncidentEntry } from '../story/document.ts'
import type { Composition } from './composition.ts'
import { openCase } from './keep-case.ts'
import { CASE_FOLDER, caseFile } from './own-case.ts'
import { exposureInWords } from './surface-why.ts'
import { showFinding } from './show-finding.ts'
import { terminalOptions } from './terminal.ts'
import { parseZone } from './zone.ts'

export interface ShowOptions {
  readonly case: string
  readonly format: string
  readonly timezone?: string
  readonly showSecrets?: boolean
  readonly full?: boolean
  /** Folder that holds the evidence now. */
  readonly evidence?: string
}

/** `davylamp show ID|MACHINE`: what the case knows about it; without one, what is in the case. */
export async function show(id: string | null, options: ShowOptions, composition: Composition): Promise<void> {
  const timezone = parseZone(options.timezone ?? 'UTC').name
  const look = { ...terminalOptions(process.stdout, process.env), timezone, canShow: true }
  if (!existsSync(caseFile(options.case))) {
    throw new DavylampError('not-in-case', `there is no case in ${options.case}`, {
      hint: `davylamp investigate PATH… makes one${options.case === CASE_FOLDER ? ' in the current folder; name another place with --case DIR' : ''}`,
    })
  }
  const store = openCase(composition, options.case)
  try {
    if (id === null) return await showAll(store, options, look)
    const incident = await store.incident(id)
    if (incident !== null) return await showIncident(incident, store, options, look)
    const finding = await store.finding(id)
    if (finding !== null) return await showFinding(finding, { store, options, composition, look })
    const exposure = await store.exposure(id)
    if (exposure !== null) {
      process.stdout.write(options.format === 'json' ? safeJson(exposure) : exposureInWords(exposure))
      return
    }
    const asset = await store.asset(id)
    if (asset !== null) return await showMachine(asset, store, options, look)
    throw notThere(id, await store.assets())
  } finally {
    await store.close()
  }
}

type Look = Partial<RenderOptions>

async function showAll(store: CaseStore, options: ShowOptions, look: Look): Promise<void> {
  const incidents = await store.incidents()
  const assets = await store.assets()
  if (options.format === 'json') {
    process.stdout.write(safeJson({ incidents, assets, manifests: await store.manifests() }))
    return
  }
  process.stdout.write(renderOverview(assets, incidents, look))
}

async function showIncident(
  incident: IncidentEntry,
  store: CaseStore,
  options: ShowOptions,
  look: Look,
): Promise<void> {
  const text =
    options.format === 'json'
      ? safeJson(incident)
      : renderMachine(await store.asset(incident.asset.id), [incident], look)
  process.stdout.write(text)
}

async function showMachine(
  asset: AssetEntry,
  store: CaseStore,
  options: ShowOptions,
  look: Look,
): Promise<void> {
  const incidents = await store.incidentsOf(asset.id)
  process.stdout.write(
    options.format === 'json' ? safeJson({ ...asset, incidents }) : renderMachine(asset, incidents, look),
  )
}

const MAX_NAMES = 8

function notThere(id: string, assets: readonly AssetEntry[]): DavylampError {
  const names = assets.map((asset) => asset.id)
  const more = names.length > MAX_NAMES ? `, … (${names.length} in all)` : ''
  return new DavylampError(
    'not-in-case',
    `the case knows no incident, finding, exposure or machine called ${id}`,
    {
      hint: `it knows the machines ${names.slice(0, MAX_NAMES).join(', ')}${more}; davylamp show lists what is in it`,
    },
  )
}
