import type { Investigation } from '../../story/document.ts'
import { quoteShell } from '../../text/shell.ts'
import { displayWidth, padWidth } from '../../text/width.ts'
import { assetsOf, plural, pressurePhrase } from '../phrases.ts'
import type { Page } from './page.ts'
import type { Style } from './paint.ts'

const MAX_LINES = 12
const MAX_LABEL = 24

/** Machines that were tried but not entered, one line each. */
export function writePressure(page: Page, investigation: Investigation): void {
  const { pressure } = investigation
  if (pressure.length === 0) return
  const shown = page.options.full ? pressure : pressure.slice(0, MAX_LINES)
  const names = shown.map((entry) => page.plain(entry.asset))
  const width = Math.min(MAX_LABEL, Math.max(...names.map(displayWidth)))
  for (const [i, entry] of shown.entries()) {
    const heading = `${page.glyphs.calm} PRESSURE   `
    const name = padWidth(names[i] ?? '', width)
    const text = `${page.plain(pressurePhrase(entry))}, ${page.clock.range(entry.firstSeen, entry.lastSeen)}`
    const isShort = displayWidth(heading + name) <= page.width / 2
    page.text(isShort ? `${heading}${name}  ` : heading, isShort ? text : `${name}  ${text}`)
  }
  writeRest(page, pressure.length - shown.length, 'target')
  page.line()
}

function writeRest(page: Page, left: number, thing: string): void {
  if (left > 0)
    page.text(
      '  ',
      `${page.glyphs.ellipsis} and ${plural(left, `more ${thing}`)}, in --format json and html`,
      'dim',
    )
}

/** `3 machines clean · 1 not judged (web-4: no evidence after 04:10)` */
export function writeMachines(page: Page, investigation: Investigation): void {
  const parts: string[] = []
  const clean = assetsOf(investigation, 'clean')
  const notJudged = assetsOf(investigation, 'not-judged')
  if (clean.length > 0) parts.push(`${plural(clean.length, 'machine')} clean`)
  if (notJudged.length > 0)
    parts.push(`${parts.length === 0 ? plural(notJudged.length, 'machine') : notJudged.length} not judged`)
  if (parts.length > 0) page.text('  ', parts.join(page.glyphs.dot))
  writeList(
    page,
    '',
    notJudged.map((asset) => ({ name: asset.id, text: `not judged: ${asset.reason}` })),
  )
}

interface Item {
  readonly name: string
  readonly text: string
}

function writeList(page: Page, title: string, items: readonly Item[], style: Style | null = null): void {
  if (items.length === 0) return
  if (title !== '') page.text('  ', title, 'bold')
  const shown = page.options.full ? items : items.slice(0, MAX_LINES)
  for (const { name, text } of shown)
    page.text('    ', page.plain(name === '' ? text : `${name}: ${text}`), style)
  writeRest(page, items.length - shown.length, 'line')
}

/** What the reader must know about how this was read: assumptions, what was left out, what could not be read. */
export function writeNotes(page: Page, investigation: Investigation): void {
  const { suppressed, notes, skipped } = investigation
  const before = suppressed.map(({ what, reason, count }) => ({
    name: what,
    text: `${plural(count, 'time')}, ${reason}`,
  }))
  writeList(page, 'Left out, because you said it is yours', before)
  writeList(
    page,
    'Good to know',
    notes.map((text) => ({ name: '', text })),
  )
  const problems = investigation.inputs.flatMap(({ file, problems }) =>
    problems.map((text) => ({ name: page.files.nameOf(file), text })),
  )
  writeList(page, 'Not all of it could be read', problems)
  writeList(
    page,
    'Not read',
    skipped.map(({ file, reason }) => ({ name: page.files.nameOf(file), text: reason })),
  )
}

/** How to go on; only commands that exist. */
export function writeHints(page: Page, investigation: Investigation): void {
  const [first] = investigation.incidents
  const hints: string[] = []
  if (first && page.options.canShow) hints.push(`details: davylamp show ${quoteShell(first.asset.id)}`)
  if (first || investigation.pressure.length > 0) hints.push('report to pass on: --format html')
  if (hints.length > 0) page.text('  ', hints.join(page.glyphs.dot), 'dim')
}
