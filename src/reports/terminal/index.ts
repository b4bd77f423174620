import type { IncidentEntry, Investigation } from '../../story/document.ts'
import { visible } from '../../text/visible.ts'
import { answerOf, headingOf, moneyParts } from '../phrases.ts'
import { DEFAULT_OPTIONS, type RenderOptions, type Report } from '../report.ts'
import { writeHints, writeMachines, writeNotes, writePressure } from './closing.ts'
import { seeMore, writeHeading, writeIncident } from './incident.ts'
import { Page } from './page.ts'

/** Told in full; the rest, less expensive, get their heading and title. */
const FULL_INCIDENTS = 3

function render(investigation: Investigation, options: Partial<RenderOptions> = {}): string {
  const page = new Page(investigation, { ...DEFAULT_OPTIONS, ...options })
  if (page.options.quiet)
    return investigation.incidents.map((incident) => `${quietLine(incident)}\n`).join('')
  if (investigation.incidents.length === 0) {
    page.text(`${page.glyphs.calm} `, page.plain(answerOf(investigation)), 'bold', 'fine')
    page.line()
  }
  for (const [i, incident] of investigation.incidents.entries()) {
    if (page.options.full || i < FULL_INCIDENTS) writeIncident(page, incident)
    else writeBrief(page, incident)
  }
  writePressure(page, investigation)
  writeMachines(page, investigation)
  writeNotes(page, investigation)
  writeHints(page, investigation)
  return page.toString()
}

function writeBrief(page: Page, incident: IncidentEntry): void {
  writeHeading(page, incident)
  page.text('  ', page.plain(incident.title) + seeMore(page, incident.id))
  page.line()
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
