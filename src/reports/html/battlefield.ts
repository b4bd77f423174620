import { plural } from '../../text/plural.ts'
import type { Change, IncidentEntry, Strip, Tenure } from '../../story/document.ts'
import { formatTime, parseTime } from '../../text/time.ts'
import { formatDuration, formatHashrate, formatShare, formatUsd } from '../../text/units.ts'
import { headingOf, nameOfOccupant, otherNames, sumUsd } from '../phrases.ts'
import { type Pressed, pressedMachines, pressurePhrase } from '../pressure.ts'
import { placeOf, pressureTimes, type Range, rangeOf, type Tick, ticksOf, timesOf } from '../time-axis.ts'
import { DOOR, legend, SWORDS } from './legend.ts'
import { type Markup, markup } from './markup.ts'
import { percent } from './percent.ts'
import type { View } from './view.ts'

const MAX_ROWS = 200
/** The most expensive stand open; a fold holds the others. */
const OPEN_ROWS = 25
const TICKS = 8
const LANE_PX = 26
const STRIP_PX = 14
const TOP_PX = 16

/** An incident and its place in the document, which its article is called by. */
interface Told {
  readonly incident: IncidentEntry
  readonly index: number
}

/** Machines as rows, time across: who held what, when it changed hands, and what it costs. */
export function battlefield(view: View): Markup {
  const { incidents, pressure } = view.investigation
  if (incidents.length + pressure.length === 0) return markup``
  const shown = rangeOf([...incidents.flatMap(timesOf), ...pressure.flatMap(pressureTimes)])
  const range = padded(shown)
  const ticks = ticksOf(range, TICKS, view.clock)
  const held = Map.groupBy(
    incidents.map((incident, index) => ({ incident, index })),
    ({ incident }) => incident.asset.id,
  )
  const pressed = pressedMachines(pressure)
  const tried = pressed.filter(({ asset }) => !held.has(asset))
  const rows = [
    ...[...held.values()].map((told) => () => machineRow(view, told, range, ticks)),
    ...tried.map((machine) => () => pressureRow(view, machine, range, ticks)),
  ]
  const drawn = rows.slice(0, MAX_ROWS).map((draw) => draw())
  const hasBars = incidents.some(({ tenures }) => tenures.length > 0)
  return markup`<section class="battlefield" id="battlefield" aria-labelledby="battlefield-title">
<h2 id="battlefield-title">Battlefield</h2>
<p class="muted">${view.clock.range(formatTime(shown.from), formatTime(shown.to))} · ${view.clock.zone}.${hasBars ? ' Each coloured bar is somebody holding a machine.' : ' Nobody holds a machine; grey bars show when passwords were guessed at.'}</p>
<div class="field">
${axis(ticks)}
${drawn.slice(0, OPEN_ROWS)}
${folded(drawn.slice(OPEN_ROWS))}
</div>
${legend(view)}
${leftOut(rows.length)}
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

function axis(ticks: readonly Tick[]): Markup {
  return markup`<div class="row axis" aria-hidden="true"><div class="who"></div><svg class="track" width="100%" height="20">${ticks.map(
    (tick, i) =>
      markup`<text x="${percent(tick.at)}" y="14" class="${tickClass(tick, i)}">${tick.label}</text>`,
  )}</svg><div class="cost"></div></div>`
}

/** Every other tick is left out on a phone; one at an edge stands inside. */
function tickClass({ at }: Tick, index: number): string {
  const edge = at < EDGE ? ' first' : at > 1 - EDGE ? ' last' : ''
  return `${index % 2 === 1 ? 'odd' : 'even'}${edge}`
}

const EDGE = 0.06

function grid(ticks: readonly Tick[]): Markup {
  return markup`${ticks.map(({ at }) => markup`<line class="grid" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`)}`
}

type ToldTenure = Told & { readonly tenure: Tenure }

/** Tenures that overlap go into lanes of their own. */
function lanesOf(tenures: readonly ToldTenure[]): ToldTenure[][] {
  const lanes: ToldTenure[][] = []
  for (const one of tenures.toSorted((a, b) => a.tenure.start.localeCompare(b.tenure.start))) {
    const free = lanes.find((lane) => (lane.at(-1)?.tenure.end ?? '') <= one.tenure.start)
    if (free) free.push(one)
    else lanes.push([one])
  }
  return lanes
}

/** A machine with all its incidents. */
function machineRow(view: View, told: readonly Told[], range: Range, ticks: readonly Tick[]): Markup {
  const [first] = told
  if (first === undefined) return markup``
  const { asset } = first.incident
  const lanes = lanesOf(told.flatMap((one) => one.incident.tenures.map((tenure) => ({ ...one, tenure }))))
  const strips = told.flatMap(({ incident }) => incident.strips)
  const base = TOP_PX + Math.max(1, lanes.length) * LANE_PX
  const stripRows = [...new Set(strips.map(({ label }) => label))]
  const height = base + stripRows.length * STRIP_PX + 4
  const bars = lanes.flatMap((lane, row) =>
    lane.map((one) => bar(view, one.incident, one.index, one.tenure, range, TOP_PX + row * LANE_PX)),
  )
  const laneOf = (index: number, id: string): number =>
    Math.max(
      0,
      lanes.findIndex((lane) => lane.some((one) => one.index === index && one.tenure.occupant === id)),
    )
  const marks = told.flatMap(({ incident, index }) =>
    incident.changes.map((change) =>
      takeover(view, incident, index, change, range, TOP_PX + laneOf(index, change.to) * LANE_PX),
    ),
  )
  const doors = told.map(({ incident, index }) => wayIn(view, incident, index, range))
  return markup`<div class="row">
<div class="who"><a href="#incident-${first.index + 1}">${asset.id}</a><span class="sub">${otherNames(asset).join(' · ')}</span></div>
<svg class="track" width="100%" height="${height}" role="group" aria-label="${told.map(({ incident }) => rowLabel(view, incident)).join('; ')}">${grid(ticks)}${strips.map((one) => strip(one, range, base + stripRows.indexOf(one.label) * STRIP_PX))}${bars}${doors}${marks}</svg>
${costCell(told)}
</div>`
}

/** What was spent adds up; what a month costs is the machine's, however often it was taken. */
function costCell(told: readonly Told[]): Markup {
  const incidents = told.map(({ incident }) => incident)
  const soFar = sumUsd(incidents, (money) => money.usdSoFar)
  const months = incidents
    .filter((incident) => incident.status !== 'ended')
    .map(({ money }) => money.usdPerMonth)
    .filter((usd) => usd !== null)
  return markup`<div class="cost"><b>${soFar === null ? '' : formatUsd(soFar)}</b><span class="sub">${months.length === 0 ? '' : `${formatUsd(Math.max(...months))} a month`}</span></div>`
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
  const highest = Math.max(...one.values.slice(0, 1000), 0, one.max ?? 0)
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

/** A machine that was tried and not entered: a bar per kind of guessing, darker where they overlap. */
function pressureRow(view: View, machine: Pressed, range: Range, ticks: readonly Tick[]): Markup {
  const bars = machine.entries.map((entry) => {
    const [from, to] = [placeOf(range, parseTime(entry.firstSeen)), placeOf(range, parseTime(entry.lastSeen))]
    const title = `${entry.kind}: ${plural(entry.count, 'try', 'tries')} from ${plural(entry.sources, 'address', 'addresses')}, ${view.clock.range(entry.firstSeen, entry.lastSeen)}`
    return markup`<rect class="tries" x="${percent(from)}" y="11" width="${percent(Math.max(0.004, to - from))}" height="8" rx="4"><title>${title}</title></rect>`
  })
  return markup`<div class="row tried"><div class="who"><a href="#pressure">${machine.asset}</a><span class="sub">only tried</span></div>
<svg class="track" width="100%" height="30" role="img" aria-label="${machine.asset}: ${pressurePhrase(machine)}, ${view.clock.range(machine.firstSeen, machine.lastSeen)}">${grid(ticks)}${bars}</svg>
<div class="cost"><span class="sub">${plural(machine.count, 'try', 'tries')}</span></div></div>`
}
