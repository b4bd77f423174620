import type { CostDocument } from '../cost/document.ts'
import { csvRow } from '../text/csv.ts'
import { escapeMarkdown } from '../text/markdown.ts'
import { formatShare, formatUsd } from '../text/units.ts'
import { type By, type Cell, rowsOf } from './cost-rows.ts'

/** RFC 4180, header first. */
export function renderCsv(document: CostDocument, by: By): string {
  const { columns, rows } = rowsOf(document, by)
  return [columns, ...rows].map((row) => csvRow(row)).join('')
}

/** What is odd in sentences, then the table. */
export function renderMarkdown(document: CostDocument, by: By): string {
  const { columns, rows } = rowsOf(document, by)
  const odd = oddities(document).map((text) => `- ${escapeMarkdown(text)}`)
  return `${['# Cost', '', ...(odd.length === 0 ? ['Nothing out of the ordinary.'] : odd), '', cells(columns), `|${' --- |'.repeat(columns.length)}`, ...rows.map(cells)].join('\n')}\n`
}

function cells(row: readonly Cell[]): string {
  return `| ${row.map((cell) => escapeMarkdown(cell === null ? '' : String(cell))).join(' | ')} |`
}

/** What makes the exit code 10, each in a sentence. */
export function oddities({ machines, bills }: CostDocument): string[] {
  return [
    ...machines.flatMap(({ id, rises }) =>
      rises.map(
        (rise) =>
          `${id}: CPU ${formatShare(rise.normalShare)} → ${formatShare(rise.busyShare)} from ${short(rise.from)} ${rise.isOngoing ? 'on' : `to ${short(rise.to)}`}, ${rise.shape === 'plateau' ? 'flat as mining is' : 'uneven'}${rise.usd === null ? '' : `; ${formatUsd(rise.usd)}`}`,
      ),
    ),
    ...bills.firstSpends.map(
      ({ kind, name, since, amount, currency, historyDays, services }) =>
        `first money ever in ${kind === 'region' ? 'region' : 'accelerators of family'} ${name}: ${amount} ${currency} since ${since}, after ${historyDays} days without (${services.join(', ')})`,
    ),
    ...bills.jumps.map(
      ({ resource, day, amount, normal, currency }) =>
        `${resource ?? 'the bill'} on ${day}: ${Number(amount).toFixed(2)} ${currency}, where ${normal.toFixed(2)} is normal`,
    ),
  ]
}

function short(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`
}
