import type { Exposure, Surface } from '../surface/document.ts'
import { escapeMarkdown as plain, markdownCodeCell as code } from '../text/markdown.ts'
import { formatUsd } from '../text/units.ts'
import { moneyADay } from './surface-terminal.ts'

/** The surface as Markdown: for a ticket or a wiki. */
export function surfaceMarkdown(surface: Surface): string {
  const { exposures, hygiene, assets, coverage, attackPaths, usdPerDay, notes } = surface
  const names = new Map(assets.map((asset) => [asset.id, asset.names[0] ?? asset.id]))
  const lines = [
    '# Attack surface',
    '',
    exposures.length === 0
      ? 'Nothing found open in what was read.'
      : `**${plain(moneyADay(usdPerDay))} at risk.**`,
    '',
  ]
  lines.push(
    ...table(
      'Over the network',
      exposures.filter(({ kind }) => kind === 'network'),
      names,
    ),
  )
  lines.push(
    ...table(
      'The account',
      exposures.filter(({ kind }) => kind === 'account'),
      names,
    ),
  )
  lines.push(...table('Hygiene', hygiene, names))
  if (attackPaths.length > 0) {
    lines.push('## From the internet to compute', '')
    for (const { title, usdPerDay: usd } of attackPaths.slice(0, 20))
      lines.push(`1. ${plain(formatUsd(usd.mid))} a day: ${plain(title)}`)
    lines.push('')
  }
  const open = coverage.filter(({ status }) => status !== 'read')
  if (open.length > 0) {
    lines.push('## Not known', '')
    for (const { what, scope, note, command } of open)
      lines.push(
        `- ${plain(what)} (${plain(scope)}): ${plain(note)}${command === null ? '' : ` ${code(command)}`}`,
      )
    lines.push('')
  }
  for (const note of notes) lines.push(plain(note), '')
  return lines.join('\n')
}

function table(title: string, exposures: readonly Exposure[], names: ReadonlyMap<string, string>): string[] {
  if (exposures.length === 0) return []
  const rows = exposures.map(
    ({ usdPerDay, severity, asset, title: what, fix, id }) =>
      `| ${plain(formatUsd(usdPerDay.mid))} | ${severity} | ${plain(names.get(asset) ?? asset)} | ${plain(what)} | ${plain(fix)} | ${code(id)} |`,
  )
  return [
    `## ${title}`,
    '',
    '| $ a day | severity | asset | what | do | id |',
    '| ---: | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ]
}
