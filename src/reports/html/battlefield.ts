import type { Change, IncidentEntry, PressureEntry, Strip, Tenure } from '../../story/document.ts'
import { formatTime, parseTime } from '../../text/time.ts'
import { formatDuration, formatHashrate, formatShare, formatUsd } from '../../text/units.ts'
import { headingOf, nameOfOccupant, otherNames, plural, pressurePhrase } from '../phrases.ts'
import { placeOf, pressureTimes, type Range, rangeOf, type Tick, ticksOf, timesOf } from '../time-axis.ts'
import { DOOR, legend, SWORDS } from './legend.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

const MAX_ROWS = 200
/** The most expensive stand open; a fold holds the others. */
const OPEN_ROWS = 25
const TICKS = 8
const LANE_PX = 26
const STRIP_PX = 14
const TOP_PX = 16

/** Machines as rows, time across: who held what, when it changed hands, and what it costs. */
export function battlefield(view: View): Markup {
  const { incidents, pressure } = view.investigation
  if (incidents.length + pressure.length === 0) return markup``
  const shown = rangeOf([...incidents.flatMap(timesOf), ...pressure.flatMap(pressureTimes)])
  const range = padded(shown)
  const ticks = ticksOf(range, TICKS, view.clock)
  const tried = pressure.slice(0, Math.max(0, MAX_ROWS - incidents.length))
  const rows = [
    ...incidents.slice(0, MAX_ROWS).map((incident, i) => incidentRow(view, incident, i, range, ticks)),
    ...tried.map((entry) => pressureRow(view, entry, range, ticks)),
  ]
  return markup`<section class="battlefield" id="battlefield" aria-labelledby="battlefield-title">
<h2 id="battlefield-title">Battlefield</h2>
<p class="muted">${view.clock.range(formatTime(shown.from), formatTime(shown.to))} · ${view.clock.zone}.${incidents.some(({ tenures }) => tenures.length > 0) ? ' Each coloured bar is somebody holding a machine.' : ''}</p>
<div class="field">
${axis(ticks)}
${rows.slice(0, OPEN_ROWS)}
${folded(rows.slice(OPEN_ROWS))}
</div>
${legend(view)}
${leftOut(incidents.length + pressure.length)}
</section>`
}

function folded(rows: readonly Markup[]): Markup {
  return rows.length === 0
    ? markup``
    : markup`<details class="more"><summary>${plural(rows.length, 'more machine')}</summary>${rows}</details>`
}

function leftOut(count: number): Markup {
  return count <= MAX_ROWS
    ? markup``
    : markup`<p class="muted">${plural(count - MAX_ROWS, 'more row')} below, in words.</p>`
}

/** Room at both ends, so that marks at the edges can be seen. */
function padded({ from, to }: Range): Range {
  const room = (to - from) * 0.02
  return { from: from - room, to: to + room }
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`
}

function axis(ticks: readonly Tick[]): Markup {
  return markup`<div class="row axis" aria-hidden="true"><div class="who"></div><svg class="track" width="100%" height="20">${ticks.map(
    (tick, i) =>
      markup`<text x="${percent(tick.at)}" y="14"${i % 2 === 1 ? markup` class="odd"` : ''}>${tick.label}</text>`,
  )}</svg><div class="cost"></div></div>`
}

function grid(ticks: readonly Tick[]): Markup {
  return markup`${ticks.map(({ at }) => markup`<line class="grid" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`)}`
}

/** Tenures that overlap go into lanes of their own. */
function lanesOf(tenures: readonly Tenure[]): Tenure[][] {
  const lanes: Tenure[][] = []
  for (const tenure of tenures.toSorted((a, b) => a.start.localeCompare(b.start))) {
    const free = lanes.find((lane) => (lane.at(-1)?.end ?? '') <= tenure.start)
    if (free) free.push(tenure)
    else lanes.push([tenure])
  }
  return lanes
}

function incidentRow(
  view: View,
  incident: IncidentEntry,
  index: number,
  range: Range,
  ticks: readonly Tick[],
): Markup {
  const lanes = lanesOf(incident.tenures)
  const base = TOP_PX + Math.max(1, lanes.length) * LANE_PX
  const height = base + incident.strips.length * STRIP_PX + 4
  const bars = lanes.flatMap((lane, row) =>
    lane.map((tenure) => bar(view, incident, index, tenure, range, TOP_PX + row * LANE_PX)),
  )
  const laneOf = (id: string): number =>
    Math.max(
      0,
      lanes.findIndex((lane) => lane.some(({ occupant }) => occupant === id)),
    )
  const marks = incident.changes.map((change) =>
    takeover(view, incident, index, change, range, TOP_PX + laneOf(change.to) * LANE_PX),
  )
  const strips = incident.strips.map((one, row) => strip(one, range, base + row * STRIP_PX))
  const { usdSoFar, usdPerMonth } = incident.money
  return markup`<div class="row">
<div class="who"><a href="#incident-${index + 1}">${incident.asset.id}</a><span class="sub">${otherNames(incident.asset).join(' · ')}</span></div>
<svg class="track" width="100%" height="${height}" role="group" aria-label="${rowLabel(view, incident)}">${grid(ticks)}${strips}${bars}${wayIn(view, incident, index, range)}${marks}</svg>
<div class="cost"><b>${usdSoFar === null ? '' : formatUsd(usdSoFar)}</b><span class="sub">${usdPerMonth === null ? '' : `${formatUsd(usdPerMonth)} a month`}</span></div>
</div>`
}

function rowLabel(view: View, incident: IncidentEntry): string {
  const held = incident.tenures.map(
    (tenure) => `${nameOfOccupant(incident, tenure.occupant)} ${view.clock.range(tenure.start, tenure.end)}`,
  )
  return `${incident.asset.id}, ${headingOf(incident).toLowerCase()}${held.length === 0 ? '' : `: ${held.join('; ')}`}`
}

function bar(
  view: View,
  incident: IncidentEntry,
  index: number,
  tenure: Tenure,
  range: Range,
  y: number,
): Markup {
  const from = placeOf(range, parseTime(tenure.start))
  const width = Math.max(0.004, placeOf(range, parseTime(tenure.end)) - from)
  const name = nameOfOccupant(incident, tenure.occupant)
  const height = LANE_PX - 6
  const open = [tenure.startKnown ? null : from, tenure.endKnown ? null : from + width].filter(
    (end) => end !== null,
  )
  return markup`<a href="#incident-${index + 1}-occupants"><title>${tenureTitle(view, name, tenure)}</title><rect class="bar" x="${percent(from)}" y="${y}" width="${percent(width)}" height="${height}" rx="4" fill="url(#look-${view.looks.of(incident, tenure.occupant)})"/>${open.map(
    (end) =>
      markup`<svg x="${percent(end)}" y="${y}" overflow="visible"><path class="open" d="M0 -2V${height + 2}"/></svg>`,
  )}${tenure.startKnown ? begin(from, y + height / 2) : ''}</a>`
}

/** Where the evidence shows that mining begins. */
function begin(at: number, y: number): Markup {
  return markup`<svg x="${percent(at)}" y="${y}" overflow="visible"><circle class="begin" cx="8" r="3.5"/></svg>`
}

function tenureTitle(view: View, name: string, tenure: Tenure): string {
  const held = formatDuration((parseTime(tenure.end) - parseTime(tenure.start)) / 1000)
  const from = tenure.startKnown ? 'from' : 'from at the latest'
  const facts = [`${name}: ${held}, ${from} ${view.clock.range(tenure.start, tenure.end)}`]
  if (!tenure.endKnown) facts.push('end not seen')
  if (tenure.hashrate !== null) facts.push(formatHashrate(tenure.hashrate))
  if (tenure.sharesAccepted !== null) facts.push(plural(tenure.sharesAccepted, 'accepted share'))
  return `${facts.join(', ')}. Confidence ${formatShare(tenure.confidence)}.`
}

/** A point in time: a sign above the bar with a hair line down to it, linked to the sentence that tells it. */
function mark(href: string, title: string, at: number, sign: Markup, lineTo: number): Markup {
  return markup`<a href="#${href}" aria-label="${title}"><title>${title}</title><svg class="mark" x="${percent(at)}" y="0" overflow="visible"><path class="hair" d="M0 14V${lineTo}"/><rect class="touch" x="-11" y="-2" width="22" height="22"/>${sign}</svg></a>`
}

function sentenceAt(incident: IncidentEntry, index: number, time: string): string {
  const at = incident.sentences.findIndex((sentence) => sentence.time === time)
  return at === -1 ? `incident-${index + 1}` : `sentence-${index + 1}-${at + 1}`
}

function wayIn(view: View, incident: IncidentEntry, index: number, range: Range): Markup {
  const { wayIn } = incident
  if (!wayIn) return markup``
  const user = wayIn.user === null ? '' : ` as ${wayIn.user}`
  const from = wayIn.srcIp === null ? '' : ` from ${wayIn.srcIp}`
  const title = `Way in: ${wayIn.kind}${user}${from}, ${view.clock.moment(wayIn.time)}`
  return mark(
    sentenceAt(incident, index, wayIn.time),
    title,
    placeOf(range, parseTime(wayIn.time)),
    DOOR,
    TOP_PX + LANE_PX - 4,
  )
}

function takeover(
  view: View,
  incident: IncidentEntry,
  index: number,
  change: Change,
  range: Range,
  y: number,
): Markup {
  const [from, to] = [nameOfOccupant(incident, change.from), nameOfOccupant(incident, change.to)]
  const title = `${to} takes over from ${from}, ${view.clock.moment(change.time)}${change.how.length === 0 ? '' : `: ${change.how.join(', ')}`}`
  return mark(
    sentenceAt(incident, index, change.time),
    title,
    placeOf(range, parseTime(change.time)),
    SWORDS,
    y + LANE_PX - 4,
  )
}

function strip(one: Strip, range: Range, y: number): Markup {
  const highest = Math.max(...one.values.slice(0, 1000), 0)
  if (highest <= 0) return markup``
  const from = placeOf(range, parseTime(one.from))
  const step = (placeOf(range, parseTime(one.to)) - from) / one.values.length
  const rects = one.values.slice(0, 1000).map((value, i) => {
    if (!(value > 0)) return markup``
    const height = Math.max(1.5, Math.round((value / highest) * (STRIP_PX - 3) * 10) / 10)
    return markup`<rect x="${percent(from + i * step)}" width="${percent(step)}" y="${y + STRIP_PX - height}" height="${height}"/>`
  })
  return markup`<g class="strip"><title>${one.label}</title>${rects}</g>`
}

function pressureRow(view: View, entry: PressureEntry, range: Range, ticks: readonly Tick[]): Markup {
  const [from, to] = [placeOf(range, parseTime(entry.firstSeen)), placeOf(range, parseTime(entry.lastSeen))]
  const phrase = pressurePhrase(entry)
  return markup`<div class="row tried"><div class="who"><a href="#pressure">${entry.asset}</a><span class="sub">only tried</span></div>
<svg class="track" width="100%" height="30" role="img" aria-label="${entry.asset}: ${phrase}, ${view.clock.range(entry.firstSeen, entry.lastSeen)}">${grid(ticks)}<rect class="tries" x="${percent(from)}" y="11" width="${percent(Math.max(0.004, to - from))}" height="8" rx="4"><title>${phrase}</title></rect></svg>
<div class="cost"><span class="sub">${plural(entry.count, 'try', 'tries')}</span></div></div>`
}
