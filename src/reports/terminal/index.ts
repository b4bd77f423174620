import type { AssetEntry, IncidentEntry, Investigation } from '../../story/document.ts'
import { visible } from '../../text/visible.ts'
import { answerOf, headingOf, moneyParts, sumUsd } from '../phrases.ts'
import type { RenderOptions, Report } from '../report.ts'
import { formatUsd } from '../../text/units.ts'
import {
  writeAttention,
  writeCoverage,
  writeHints,
  writeMachines,
  writeNotes,
  writePressure,
} from './closing.ts'
import { writeCampaigns } from './campaigns.ts'
import { writeIncident, writeJoins } from './incident.ts'
import { pageOf, type Page } from './page.ts'
import { writeSpending } from './spending.ts'
import { writeIncidentTable, writeMachineLine } from './table.ts'

/** Up to so many incidents are all told in full; of more, the most expensive one, under a table of all. */
const FULL_INCIDENTS = 3

function render(investigation: Investigation, options: Partial<RenderOptions> = {}): string {
  const page = pageOf(investigation, options)
  if (page.options.quiet)
    return investigation.incidents.map((incident) => `${quietLine(incident)}\n`).join('')
  const { incidents } = investigation
  const isTable = incidents.length > FULL_INCIDENTS
  if (incidents.length === 0 || isTable) writeAnswer(page, investigation)
  if (isTable) writeIncidentTable(page, incidents)
  const told = isTable && !page.options.full ? incidents.slice(0, 1) : incidents
  for (const incident of told) {
    writeIncident(page, incident, assetOf(investigation, incident))
    page.line()
  }
  writeCampaigns(page, investigation)
  writePressure(page, investigation)
  writeAttention(page, investigation)
  writeSpending(page, investigation)
  writeMachines(page, investigation)
  writeCoverage(page, investigation)
  writeNotes(page, investigation)
  writeHints(page, investigation)
  return page.toString()
}

function writeAnswer(page: Page, investigation: Investigation): void {
  const { incidents } = investigation
  const isCalm = incidents.length === 0
  const soFar = sumUsd(incidents, (money) => money.usdSoFar)
  const month = sumUsd(
    incidents.filter(({ status }) => status !== 'ended'),
    (money) => money.usdPerMonth,
  )
  const goesOn = month === null ? '' : `; ${formatUsd(month)} a month if it goes on`
  const cost = soFar === null ? '' : ` It has cost ${formatUsd(soFar)} so far${goesOn}.`
  const sign = isCalm ? page.glyphs.calm : page.glyphs.alarm
  page.text(`${sign} `, page.plain(answerOf(investigation) + cost), 'bold', isCalm ? 'fine' : 'alarm')
  page.line()
}

function assetOf(investigation: Investigation, incident: IncidentEntry): AssetEntry | null {
  return investigation.assets.find((asset) => asset.id === incident.asset.id) ?? null
}

/** One machine of a case, or one incident on it, with everything that is known. */
export function renderMachine(
  asset: AssetEntry | null,
  incidents: readonly IncidentEntry[],
  options: Partial<RenderOptions>,
): string {
  const page = pageOf(null, { ...options, full: true })
  for (const [i, incident] of incidents.entries()) {
    if (i > 0) page.line()
    writeIncident(page, incident, asset)
  }
  if (incidents.length === 0 && asset !== null) {
    writeMachineLine(page, asset)
    writeJoins(page, asset)
  }
  return page.toString()
}

/** What is in a case: its incidents, then its other machines. */
export function renderOverview(
  assets: readonly AssetEntry[],
  incidents: readonly IncidentEntry[],
  options: Partial<RenderOptions>,
): string {
  const page = pageOf(null, { ...options, full: true })
  if (incidents.length > 0) writeIncidentTable(page, incidents)
  const held = new Set(incidents.map((incident) => incident.asset.id))
  for (const asset of assets) if (!held.has(asset.id)) writeMachineLine(page, asset)
  if (assets.length === 0) page.text('  ', 'Nothing is in this case yet.')
  page.text('  ', 'more about one of them: davylamp show NAME', 'dim')
  return page.toString()
}

/** `OCCUPIED web-1: Monero is mined on web-1 ($1.94 so far, $118 a month) inc-0123456789ab` */
function quietLine(incident: IncidentEntry): string {
  const money = moneyParts(incident.money).join(', ')
  const cost = money === '' ? '' : ` (${money})`
  return visible(`${headingOf(incident)} ${incident.asset.id}: ${incident.title}${cost} ${incident.id}`)
}

/** One screen, the answer first. With colours off or in ASCII it says the same. */
export const terminal: Report = {
  id: 'terminal',
  title: 'for people, on the terminal',
  mediaType: 'text/plain',
  extension: '.txt',
  render,
}
