import type { IncidentEntry, Strip, Tenure } from '../../story/document.ts'
import { parseTime } from '../../text/time.ts'
import { formatDuration, formatHashrate } from '../../text/units.ts'
import { cutWidth, displayWidth, padWidth } from '../../text/width.ts'
import { holderOf, nameOfOccupant } from '../phrases.ts'
import { placeOf, type Range, rangeOf, ticksOf, timesOf } from '../time-axis.ts'
import type { Page } from './page.ts'
import { occupantStyle } from './paint.ts'

const MAX_LABEL = 16
/** Room for `1 h 52 min   1.2 kH/s   holds it` beside the bars on a wide page. */
const FACTS_WIDTH = 34
const INDENT = 2
const TICK_ROOM = 9

/** The picture of an incident: a time axis, a strip per pressure, a bar per occupant. Nothing where nothing was held or tried. */
export function drawBars(page: Page, incident: IncidentEntry): void {
  if (incident.tenures.length === 0 && incident.strips.length === 0) return
  const byOccupant = Map.groupBy(incident.tenures, (tenure) => tenure.occupant)
  const names = new Map([...byOccupant.keys()].map((id) => [id, page.plain(nameOfOccupant(incident, id))]))
  const labels = [...names.values(), ...incident.strips.map((strip) => page.plain(strip.label))]
  const labelWidth = Math.min(MAX_LABEL, Math.max(...labels.map(displayWidth)))
  const cells = page.width - INDENT - labelWidth - 2 - (page.isWide ? FACTS_WIDTH : 0)
  const range = rangeOf(timesOf(incident))
  const label = (text: string): string =>
    ' '.repeat(INDENT) + padWidth(cutWidth(text, labelWidth, page.glyphs.ellipsis), labelWidth) + '  '

  page.line((label('') + axisLine(page, range, cells)).trimEnd())
  for (const strip of incident.strips) {
    page.line(
      label(page.plain(strip.label)) +
        page.paint('dim', stripLine(strip, range, cells, page.glyphs.levels)).trimEnd(),
    )
  }
  for (const [i, [id, tenures]] of [...byOccupant].entries()) {
    const bar = barLine(page, incident, tenures, range, cells)
    const facts = page.plain(factsOf(page, incident, id, tenures))
    const painted = page.paint(occupantStyle(i), bar)
    if (page.isWide)
      page.line(`${label(names.get(id) ?? id)}${painted}${' '.repeat(cells - displayWidth(bar))}  ${facts}`)
    else {
      page.line(label(names.get(id) ?? id) + painted)
      if (facts !== '') page.text(label(''), facts, 'dim')
    }
  }
}

export function axisLine(page: Page, range: Range, cells: number): string {
  let line = ''
  for (const tick of ticksOf(range, Math.max(2, Math.floor(cells / TICK_ROOM)), page.clock)) {
    const column = Math.round(tick.at * (cells - 1))
    if (column < line.length + (line === '' ? 0 : 2) || column + tick.label.length > cells) continue
    line = line.padEnd(column) + tick.label
  }
  return page.paint('dim', line)
}

/** First and last cell (inclusive) of a span of time; at least one cell. */
export function cellsOf(
  range: Range,
  from: string,
  to: string,
  cells: number,
): { first: number; last: number } {
  const first = Math.min(cells - 1, Math.floor(placeOf(range, parseTime(from)) * cells))
  const end = Math.ceil(placeOf(range, parseTime(to)) * cells) - 1
  return { first, last: Math.min(cells - 1, Math.max(first, end)) }
}

/** The strip's steps on the axis's cells: each cell shows the highest step that touches it. */
function stripLine(strip: Strip, range: Range, cells: number, levels: readonly string[]): string {
  const heights = Array.from({ length: cells }, () => 0)
  const from = parseTime(strip.from)
  const step = (parseTime(strip.to) - from) / Math.max(1, strip.values.length)
  for (const [i, value] of strip.values.entries()) {
    if (!(value > 0)) continue
    const first = Math.min(cells - 1, Math.floor(placeOf(range, from + i * step) * cells))
    const last = Math.min(
      cells - 1,
      Math.max(first, Math.ceil(placeOf(range, from + (i + 1) * step) * cells) - 1),
    )
    for (let cell = first; cell <= last; cell += 1) heights[cell] = Math.max(heights[cell] ?? 0, value)
  }
  const highest = Math.max(...heights, strip.max ?? 0)
  if (!heights.some((height) => height > 0)) return ''
  const top = levels.length - 1
  return heights
    .map((height) => levels[height === 0 ? 0 : Math.max(1, Math.round((height / highest) * top))] ?? '')
    .join('')
    .trimEnd()
}

/** Whole blocks while held; half blocks at ends that the evidence shows, shaded cells at ends it does not. */
function barLine(
  page: Page,
  incident: IncidentEntry,
  tenures: readonly Tenure[],
  range: Range,
  cells: number,
): string {
  const { full, first: begins, last: ends, open, swords } = page.glyphs
  const line = Array.from({ length: cells }, () => ' ')
  for (const tenure of tenures) {
    const { first, last } = cellsOf(range, tenure.start, tenure.end, cells)
    for (let cell = first; cell <= last; cell += 1) line[cell] = full
    if (last === first) continue
    line[first] = tenure.startKnown ? begins : open
    line[last] = tenure.endKnown ? ends : open
  }
  const won = incident.changes.filter((change) => tenures.some((tenure) => tenure.occupant === change.to))
  for (const change of won) {
    const { first } = cellsOf(range, change.time, change.time, cells)
    // In the free cell before the bar, so that the bar keeps its length.
    const cell = first > 0 && line[first - 1] === ' ' ? first - 1 : first
    line[cell] = swords
  }
  return line.join('').trimEnd()
}

function factsOf(page: Page, incident: IncidentEntry, id: string, tenures: readonly Tenure[]): string {
  const heldMs = tenures.reduce((sum, tenure) => sum + parseTime(tenure.end) - parseTime(tenure.start), 0)
  const rate = tenures.findLast((tenure) => tenure.hashrate !== null)?.hashrate ?? null
  const parts = [formatDuration(heldMs / 1000)]
  if (rate !== null) parts.push(formatHashrate(rate))
  if (holderOf(incident) === id) parts.push('holds it')
  return parts.join(page.isWide ? '   ' : page.glyphs.dot)
}
