import type { CostDocument, MachineCost, RiseEntry } from '../cost/document.ts'
import type { RenderOptions } from '../reports/report.ts'
import { type Page, pageOf } from '../reports/terminal/page.ts'
import { plural } from '../text/plural.ts'
import { formatDuration, formatShare, formatTimes, formatUsd } from '../text/units.ts'
import { cutWidth, displayWidth, padWidth } from '../text/width.ts'
import { type By, rowsOf } from './cost-rows.ts'

const MAX_MACHINES = 50
const MAX_LISTED = 15
const INDENT = '    '
/** Room for `13 % normally, 100 % now` beside the sparkline. */
const FACTS_WIDTH = 30

/** The answer first, then each machine with its line of load, then bills; then the table asked for. */
export function renderCost(document: CostDocument, by: By, options: Partial<RenderOptions>): string {
  const page = pageOf(null, options)
  const { machines } = document
  for (const machine of machines.slice(0, MAX_MACHINES)) writeMachine(page, machine)
  if (machines.length > MAX_MACHINES)
    page.text(
      '',
      `and ${plural(machines.length - MAX_MACHINES, 'more machine')}: --format json has them all`,
      'dim',
    )
  writeBills(page, document)
  if (by !== 'machine') writeTable(page, document, by)
  for (const note of document.notes.slice(0, MAX_LISTED)) page.text('  ', page.plain(note), 'dim')
  page.text('', page.plain(summaryOf(document)))
  return page.toString()
}

function writeMachine(page: Page, machine: MachineCost): void {
  const isOdd = machine.rises.length > 0
  const mark = isOdd ? page.glyphs.alarm : page.glyphs.calm
  const type = machine.instanceType === null ? '' : `${page.glyphs.dot}${machine.instanceType}`
  page.line(page.paint(isOdd ? 'bold' : 'dim', page.plain(`${mark} ${machine.id}${type}`)))
  const { cpu } = machine
  if (cpu !== null) {
    const before = machine.rises[0]
    const normal =
      cpu.normal !== null
        ? `${formatShare(cpu.normal.share)} normally`
        : before === undefined
          ? 'too little past to say what is normal'
          : `${formatShare(before.normalShare)} before`
    const facts = `${normal}, ${formatShare(cpu.recentShare)} at the end`
    const room = page.width - INDENT.length - 5
    const isBeside = room - displayWidth(facts) > FACTS_WIDTH
    const line = sparkline(cpu.values, isBeside ? room - displayWidth(facts) - 2 : room, page.glyphs.levels)
    page.line(`${INDENT}CPU  ${page.paint('dim', line)}${isBeside ? `  ${page.plain(facts)}` : ''}`)
    if (!isBeside) page.text(INDENT, page.plain(facts))
    page.text(
      INDENT,
      page.plain(
        `${page.clock.range(cpu.from, cpu.to)}, ${formatDuration(cpu.stepSeconds)} a step${steal(cpu.stealShare)}`,
      ),
      'dim',
    )
  }
  for (const rise of machine.rises.slice(0, MAX_LISTED))
    page.text(INDENT, page.plain(riseSentence(page, rise, machine)))
  const money = moneyLine(machine)
  if (money !== '') page.text(INDENT, page.plain(money))
  page.text(INDENT, page.plain(machine.basis), 'dim')
  if (machine.response !== null && machine.response.times > 1.1)
    page.text(
      INDENT,
      page.plain(
        `requests took ${formatTimes(machine.response.times)} as long meanwhile (${seconds(machine.response.normalSeconds)} → ${seconds(machine.response.risenSeconds)})`,
      ),
    )
  for (const worker of machine.workers.slice(0, 5)) {
    const usd = worker.usdPerHour === null ? '' : `  ${formatUsd(worker.usdPerHour)} an hour`
    const lead = `${INDENT}${worker.cores.toFixed(2).padStart(6)} CPUs  `
    page.line(cutWidth(page.plain(`${lead}${worker.name}${usd}`), page.width, page.glyphs.ellipsis))
  }
  if (machine.bill !== null) {
    const { billedUsd, estimatedUsd, error, days } = machine.bill
    const beside =
      estimatedUsd === null
        ? ''
        : `; estimate ${formatUsd(estimatedUsd)}${error === null ? '' : `, ${formatShare(error)} off`}`
    page.text(
      INDENT,
      page.plain(`bill of ${plural(days.length, 'day')}: ${formatUsd(Number(billedUsd))}${beside}`),
    )
  }
  page.line()
}

function steal(share: number | null): string {
  return share === null || share < 0.01 ? '' : `; ${formatShare(share)} went to others of the host (steal)`
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`
}

function riseSentence(page: Page, rise: RiseEntry, machine: MachineCost): string {
  const when = rise.isOngoing ? `since ${page.clock.moment(rise.from)}` : page.clock.range(rise.from, rise.to)
  const shape = rise.shape === 'plateau' ? ', flat as mining is' : ''
  const paid = rise.usd === null ? '' : `, ${formatUsd(rise.usd)}`
  const stolen = `${rise.machineHours.toFixed(1)} h of the whole machine${machine.timesNormal === null ? ' of work not done' : ''}${paid}`
  const doubt = rise.isPastShort
    ? ' (few hours of past say what is normal: give the days before as well)'
    : ''
  return `taken ${when}: CPU ${formatShare(rise.normalShare)} → ${formatShare(rise.busyShare)}${shape}; ${stolen}${doubt}`
}

function moneyLine({ nowUsdPerHour, normalUsdPerHour, nowUsdPerMonth, timesNormal }: MachineCost): string {
  if (nowUsdPerHour === null || nowUsdPerMonth === null) return ''
  const times = timesNormal === null || timesNormal < 1.05 ? '' : `, ${formatTimes(timesNormal)} normal`
  const usual = normalUsdPerHour === null || times === '' ? '' : ` (normally $${normalUsdPerHour.toFixed(4)})`
  return `$${nowUsdPerHour.toFixed(4)} an hour${usual}, ${formatUsd(nowUsdPerMonth)} a month${times}`
}

function writeBills(page: Page, { bills }: CostDocument): void {
  for (const { currency, total, categories } of bills.totals) {
    const parts = Object.entries(categories).map(([category, amount]) => `${category} ${amount}`)
    page.line(page.paint('bold', page.plain(`Bill  ${total} ${currency}`)))
    page.text(INDENT, page.plain(parts.join(', ')), 'dim')
    const days = bills.days
      .filter((day) => day.currency === currency)
      .map(({ usage }) => Math.max(0, Number(usage)))
    const most = Math.max(...days, 0)
    if (days.length > 1 && most > 0) {
      const line = sparkline(
        days.map((day) => day / most),
        page.width - INDENT.length - 7,
        page.glyphs.levels,
      )
      page.line(`${INDENT}a day  ${page.paint('dim', line)}`)
    }
  }
  for (const { kind, name, since, amount, currency, services } of bills.firstSpends.slice(0, MAX_LISTED))
    page.text(
      `${page.glyphs.alarm} `,
      page.plain(
        `first money ever in ${kind === 'region' ? 'region' : 'accelerators'} ${name}, since ${since}: ${amount} ${currency} (${services.join(', ')})`,
      ),
      'bold',
    )
  for (const { resource, day, amount, normal, currency } of bills.jumps.slice(0, MAX_LISTED))
    page.text(
      `${page.glyphs.alarm} `,
      page.plain(
        `${resource ?? 'all usage'} from ${day}: ${Number(amount).toFixed(2)} ${currency} a day, where ${normal.toFixed(2)} is normal`,
      ),
    )
  if (bills.totals.length > 0) page.line()
}

function writeTable(page: Page, document: CostDocument, by: By): void {
  const { columns, rows } = rowsOf(document, by)
  const shown = rows.slice(-MAX_LISTED * 4)
  const texts = [columns, ...shown].map((row) =>
    row.map((cell) => page.plain(cell === null ? '' : String(cell))),
  )
  const widths = columns.map((_, index) =>
    Math.min(40, Math.max(...texts.map((row) => displayWidth(row[index] ?? '')))),
  )
  for (const [index, row] of texts.entries()) {
    const line = row
      .map((cell, at) => padWidth(cutWidth(cell, widths[at] ?? 0, page.glyphs.ellipsis), widths[at] ?? 0))
      .join('  ')
    page.line(
      page.paint(index === 0 ? 'bold' : 'dim', cutWidth(line.trimEnd(), page.width, page.glyphs.ellipsis)),
    )
  }
  if (rows.length > shown.length)
    page.text('', `the last ${shown.length} of ${rows.length}: --format csv has them all`, 'dim')
  page.line()
}

/** One sign a step, or the highest of the steps that share one; blank where nothing was measured. */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  levels: readonly string[],
): string {
  const cells = Math.max(1, Math.min(width, values.length))
  const top = levels.length - 1
  let line = ''
  for (let cell = 0; cell < cells; cell++) {
    const part = values.slice(
      Math.floor((cell * values.length) / cells),
      Math.max(1, Math.floor(((cell + 1) * values.length) / cells)),
    )
    const known = part.filter((value) => value !== null)
    const height = known.length === 0 ? null : Math.min(1, Math.max(...known))
    line += levels[height === null ? 0 : Math.max(1, Math.round(height * top))] ?? ''
  }
  return line
}

function summaryOf({ machines, bills }: CostDocument): string {
  const taken = machines.filter(({ rises }) => rises.length > 0).length
  const parts = [
    taken === 0 ? '' : `${plural(taken, 'machine')} worked far beyond normal`,
    bills.firstSpends.length === 0 ? '' : plural(bills.firstSpends.length, 'first spend'),
    bills.jumps.length === 0 ? '' : `${plural(bills.jumps.length, 'jump')} in the bill`,
  ].filter((part) => part !== '')
  if (parts.length > 0) return `${parts.join(', ')}.`
  if (machines.length === 0 && bills.totals.length === 0)
    return 'No measurements and no bill in what was given.'
  const unjudged = machines.filter(({ cpu }) => cpu !== null && cpu.normal === null).length
  return `Nothing out of the ordinary${unjudged === 0 ? '' : `; ${plural(unjudged, 'machine')} not judged, for want of a past`}.`
}
