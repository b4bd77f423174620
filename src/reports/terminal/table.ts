import { plural } from '../../text/plural.ts'
import type { AssetEntry, IncidentEntry } from '../../story/document.ts'
import { formatUsd } from '../../text/units.ts'
import { cutWidth, displayWidth, padWidth } from '../../text/width.ts'
import { headingOf, otherNames } from '../phrases.ts'
import type { Page } from './page.ts'

const MAX_ROWS = 20
const MAX_NAME = 32
const HEADING_WIDTH = 'OCCUPIED'.length

/** A line per incident, in the order given: state, machine, money, what and when. */
export function writeIncidentTable(page: Page, incidents: readonly IncidentEntry[]): void {
  const shown = page.options.full ? incidents : incidents.slice(0, MAX_ROWS)
  const names = shown.map((incident) => page.plain(incident.asset.id))
  const costs = shown.map(({ money }) => (money.usdSoFar === null ? '' : formatUsd(money.usdSoFar)))
  const nameWidth = Math.min(MAX_NAME, Math.floor(page.width / 3), Math.max(...names.map(displayWidth)))
  const costWidth = Math.max(...costs.map(displayWidth))
  for (const [i, incident] of shown.entries()) {
    const heading = `${page.glyphs.alarm} ${headingOf(incident).padEnd(HEADING_WIDTH)}  `
    const name = padWidth(cutWidth(names[i] ?? '', nameWidth, page.glyphs.ellipsis), nameWidth)
    const cost = ' '.repeat(costWidth - displayWidth(costs[i] ?? '')) + (costs[i] ?? '')
    const room = page.width - displayWidth(heading) - nameWidth - costWidth - 4
    const facts = cutWidth(page.plain(factsOf(page, incident)), Math.max(0, room), page.glyphs.ellipsis)
    page.line(
      `${page.paint('alarm', heading)}${page.paint('bold', name)}  ${cost}${facts === '' ? '' : `  ${facts}`}`.trimEnd(),
    )
  }
  const left = incidents.length - shown.length
  if (left > 0)
    page.text(
      '  ',
      `${page.glyphs.ellipsis} and ${plural(left, 'more incident')}: --full, or --format html`,
      'dim',
    )
  page.line()
}

/** `Monero, 6 Jan 2020, 22:54 to 23:12`, `Monero since 12 May 2026, 03:09`: the machine's name stands before it already. */
function factsOf(page: Page, { title, asset, status, firstSeen, lastSeen }: IncidentEntry): string {
  const { clock } = page
  const what = title
    .replace(` on ${asset.id}`, '')
    .replace(` into ${asset.id}`, ' in')
    .replace(/ (?:is|was) mined$/u, '')
  if (status === 'ongoing') return `${what} since ${clock.moment(firstSeen)}`
  const [from, to] = [clock.date(firstSeen), clock.date(lastSeen)]
  return `${what}, ${from === to ? clock.range(firstSeen, lastSeen) : `${from} to ${to}`}`
}

const STATES: Readonly<Record<AssetEntry['status'], string>> = {
  occupied: 'OCCUPIED',
  intruded: 'INTRUDED',
  pressure: 'PRESSURE',
  clean: 'CLEAN',
  'not-judged': 'NOT JUDGED',
}

/** `○ CLEAN      db-2   10.0.3.9: nothing found in its traffic` */
export function writeMachineLine(page: Page, asset: AssetEntry): void {
  const others = otherNames(asset)
  const names = others.length === 0 ? '' : `${page.glyphs.dot}${others.slice(0, 3).join(page.glyphs.dot)}`
  const lead = `${page.glyphs.calm} ${STATES[asset.status].padEnd(HEADING_WIDTH)}   `
  page.text(lead, page.plain(`${asset.id}${names}: ${asset.reason}`))
}
