import type { CampaignEntry } from '../../story/document.ts'
import { plural } from '../../text/plural.ts'
import { formatTime, parseTime } from '../../text/time.ts'
import { type CampaignPicture, type CampaignRow, pictureOf, type SpreadStep } from '../campaign-picture.ts'
import { nameOfOccupant } from '../phrases.ts'
import { placeOf, type Range } from '../time-axis.ts'
import { type Markup, markup } from './markup.ts'
import { percent } from './percent.ts'
import type { View } from './view.ts'

const MAX_ROWS = 20
const MAX_STEPS = 100
const ROW_PX = 24
const BAR_PX = 12
/** Room for the bar's edge, above and below. */
const BAR_TOP_PX = (ROW_PX - BAR_PX) / 2

/** A bar for each machine over time, and a line where somebody went from one to the next. Nothing where nothing was held. */
export function campaignPicture(view: View, campaign: CampaignEntry): Markup {
  const picture = pictureOf(view.investigation, campaign)
  if (picture === null) return markup``
  const range = padded(picture.range)
  const rows = picture.rows.slice(0, MAX_ROWS)
  const rowOf = new Map(rows.map(({ asset }, index) => [asset, index]))
  const bars = rows.flatMap((row, index) => barsOf(view, row, range, index * ROW_PX + BAR_TOP_PX))
  const steps = campaign.spread.slice(0, MAX_STEPS).flatMap((step) => {
    const [from, to] = [rowOf.get(step.from), rowOf.get(step.to)]
    return from === undefined || to === undefined ? [] : [stepMark(view, step, range, from, to)]
  })
  const left = picture.rows.length - rows.length
  return markup`<div class="hands" role="img" aria-label="${labelOf(view, campaign, picture)}"><div class="names" aria-hidden="true">${rows.map(({ asset }) => markup`<span title="${asset}">${asset}</span>`)}</div><svg class="track" width="100%" height="${rows.length * ROW_PX}" aria-hidden="true" focusable="false">${rows.map((_, index) => baseLine(index))}${bars}${steps}</svg><div class="ends" aria-hidden="true"><span>${view.clock.moment(formatTime(picture.range.from))}</span><span>${view.clock.moment(formatTime(picture.range.to))}</span></div></div>${left > 0 ? markup`<p class="muted">and ${plural(left, 'more machine')}</p>` : ''}`
}

/** Room at both ends, so that marks at the edges can be seen. */
function padded({ from, to }: Range): Range {
  const room = (to - from) * 0.03
  return { from: from - room, to: to + room }
}

function baseLine(index: number): Markup {
  const y = index * ROW_PX + ROW_PX / 2
  return markup`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/>`
}

function barsOf(view: View, { tenures }: CampaignRow, range: Range, y: number): Markup[] {
  return tenures.map(({ incident, tenure }) => {
    const from = placeOf(range, parseTime(tenure.start))
    const width = Math.max(0.006, placeOf(range, parseTime(tenure.end)) - from)
    const title = `${nameOfOccupant(incident, tenure.occupant)} on ${incident.asset.id}, ${view.clock.range(tenure.start, tenure.end)}`
    return markup`<rect class="bar" x="${percent(from)}" y="${y}" width="${percent(width)}" height="${BAR_PX}" rx="3" fill="url(#look-${view.looks.of(incident, tenure.occupant)})"><title>${title}</title></rect>`
  })
}

/** From the middle of one row to the edge of the bar of the other, where its head points at it. */
function stepMark(view: View, step: SpreadStep, range: Range, from: number, to: number): Markup {
  const x = percent(placeOf(range, parseTime(step.time)))
  const isDown = to >= from
  const tip = to * ROW_PX + (isDown ? BAR_TOP_PX : ROW_PX - BAR_TOP_PX)
  const head = isDown ? 'M-4.5 -7H4.5L0 0Z' : 'M-4.5 7H4.5L0 0Z'
  return markup`<g class="step"><title>${step.from} → ${step.to}, ${view.clock.moment(step.time)}: ${step.how}</title><line class="hair" x1="${x}" x2="${x}" y1="${from * ROW_PX + ROW_PX / 2}" y2="${tip}"/><svg x="${x}" y="${tip}" overflow="visible"><path class="sign" d="${head}"/></svg></g>`
}

function labelOf(view: View, campaign: CampaignEntry, { rows }: CampaignPicture): string {
  const held = rows.slice(0, MAX_ROWS).map(({ asset, tenures }) => {
    const times = tenures.map(({ tenure }) => view.clock.range(tenure.start, tenure.end))
    return times.length === 0 ? `${asset} not held` : `${asset} held ${times.join(' and ')}`
  })
  return [`${campaign.name} over time`, ...held].join('; ')
}
