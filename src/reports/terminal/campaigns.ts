import type { CampaignEntry, Investigation } from '../../story/document.ts'
import { cutWidth, displayWidth, padWidth } from '../../text/width.ts'
import { type CampaignRow, pictureOf } from '../campaign-picture.ts'
import { campaignPhrase, sharedPhrase } from '../campaigns.ts'
import type { Range } from '../time-axis.ts'
import { axisLine, cellsOf } from './bars.ts'
import { writeRest } from './closing.ts'
import type { Page } from './page.ts'
import { occupantStyle } from './paint.ts'

const MAX_CAMPAIGNS = 12
const MAX_STEPS = 4
const MAX_ROWS = 8
const MAX_LABEL = 16
const LEAD = '      '

/** The same hands on several machines, and how they went from one to the next. */
export function writeCampaigns(page: Page, investigation: Investigation): void {
  const { campaigns } = investigation
  if (campaigns.length === 0) return
  page.text('  ', 'The same hands on several machines', 'bold')
  const shown = page.options.full ? campaigns : campaigns.slice(0, MAX_CAMPAIGNS)
  for (const [index, campaign] of shown.entries()) {
    page.text('    ', page.plain(`${campaignPhrase(campaign)}: ${sharedPhrase(campaign)}`))
    drawPicture(page, investigation, campaign, index)
    const steps = page.options.full ? campaign.spread : campaign.spread.slice(0, MAX_STEPS)
    for (const { from, to, time, how } of steps)
      page.text(LEAD, page.plain(`${from} → ${to}, ${page.clock.moment(time)}: ${how}`), 'dim')
    writeRest(page, campaign.spread.length - steps.length, 'step')
  }
  writeRest(page, campaigns.length - shown.length, 'gang')
  page.line()
}

/** A bar for each machine over time, with an arrow where somebody went on to it. */
function drawPicture(page: Page, investigation: Investigation, campaign: CampaignEntry, index: number): void {
  const picture = pictureOf(investigation, campaign)
  if (picture === null) return
  const rows = page.options.full ? picture.rows : picture.rows.slice(0, MAX_ROWS)
  const names = rows.map(({ asset }) => page.plain(asset))
  const width = Math.min(MAX_LABEL, Math.max(...names.map(displayWidth)))
  const cells = page.width - LEAD.length - width - 2
  const label = (name: string): string =>
    `${LEAD}${padWidth(cutWidth(name, width, page.glyphs.ellipsis), width)}  `
  page.line((label('') + axisLine(page, picture.range, cells)).trimEnd())
  for (const [at, row] of rows.entries()) {
    const bar = barLine(page, row, campaign, picture.range, cells)
    page.line((label(names[at] ?? '') + page.paint(occupantStyle(index), bar)).trimEnd())
  }
  writeRest(page, picture.rows.length - rows.length, 'machine')
}

/** Whole blocks while held, shaded cells at ends that the evidence does not show. */
function barLine(
  page: Page,
  { asset, tenures }: CampaignRow,
  campaign: CampaignEntry,
  range: Range,
  cells: number,
): string {
  const { full, open, arrives } = page.glyphs
  const line = Array.from({ length: cells }, () => ' ')
  for (const { tenure } of tenures) {
    const { first, last } = cellsOf(range, tenure.start, tenure.end, cells)
    for (let cell = first; cell <= last; cell += 1) line[cell] = full
    if (last === first) continue
    if (!tenure.startKnown) line[first] = open
    if (!tenure.endKnown) line[last] = open
  }
  for (const { time } of campaign.spread.filter(({ to }) => to === asset)) {
    const { first } = cellsOf(range, time, time, cells)
    // In the free cell before the bar, so that the bar keeps its length.
    line[first > 0 && line[first] !== ' ' && line[first - 1] === ' ' ? first - 1 : first] = arrives
  }
  return line.join('').trimEnd()
}
