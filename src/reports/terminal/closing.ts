import { plural } from '../../text/plural.ts'
import type { Investigation } from '../../story/document.ts'
import { quoteShell } from '../../text/shell.ts'
import { displayWidth, padWidth } from '../../text/width.ts'
import { coverageByMachine, evidenceKind } from '../coverage.ts'
import { assetsOf, byReason, skippedByReason, toJudge } from '../phrases.ts'
import { attentionIn, weightPhrase } from '../attention.ts'
import { pressedMachines, pressurePhrase } from '../pressure.ts'
import type { Page } from './page.ts'
import type { Style } from './paint.ts'

const MAX_LINES = 12
const MAX_LABEL = 24
/** Names behind a count, as examples. */
const MAX_NAMES = 4

/** Machines that were tried but not entered, one line each. */
export function writePressure(page: Page, investigation: Investigation): void {
  const machines = pressedMachines(investigation.pressure)
  if (machines.length === 0) return
  const shown = page.options.full ? machines : machines.slice(0, MAX_LINES)
  const names = shown.map((machine) => page.plain(machine.asset))
  const width = Math.min(MAX_LABEL, Math.max(...names.map(displayWidth)))
  for (const [i, machine] of shown.entries()) {
    const heading = `${page.glyphs.calm} PRESSURE   `
    const name = padWidth(names[i] ?? '', width)
    const text = page.plain(
      `${pressurePhrase(machine)}; ${page.clock.range(machine.firstSeen, machine.lastSeen)}`,
    )
    const isShort = displayWidth(heading + name) <= page.width / 2
    page.text(isShort ? `${heading}${name}  ` : heading, isShort ? text : `${name}  ${text}`)
  }
  writeRest(page, machines.length - shown.length, 'machine')
  page.line()
}

export function writeRest(page: Page, left: number, thing: string): void {
  if (left > 0)
    page.text(
      '  ',
      `${page.glyphs.ellipsis} and ${plural(left, `more ${thing}`)}: --full, or --format html`,
      'dim',
    )
}

/** What is in no incident and worth a look, a line each. */
export function writeAttention(page: Page, investigation: Investigation): void {
  const entries = attentionIn(investigation, page.options.full)
  if (entries.length === 0) return
  page.text('  ', 'Worth a look', 'bold')
  const shown = page.options.full ? entries : entries.slice(0, MAX_LINES)
  for (const entry of shown) {
    const when = page.clock.range(entry.firstSeen, entry.lastSeen)
    page.text('    ', page.plain(`${entry.asset}: ${entry.title} (${weightPhrase(entry)}; ${when})`))
  }
  writeRest(page, entries.length - shown.length, 'thing')
  page.line()
}

/** `3 machines clean (…) · 1 not judged (web-4): only logins are in evidence …` */
export function writeMachines(page: Page, investigation: Investigation): void {
  const clean = assetsOf(investigation, 'clean').map((asset) => asset.id)
  if (clean.length > 0)
    page.text('  ', page.plain(`${plural(clean.length, 'machine')} clean: ${someOf(page, clean)}`))
  for (const { reason, names } of byReason(assetsOf(investigation, 'not-judged')))
    page.text(
      '  ',
      page.plain(`${plural(names.length, 'machine')} not judged (${reason}): ${someOf(page, names)}`),
    )
  for (const { text, command } of toJudge(assetsOf(investigation, 'not-judged'))) {
    page.text('    ', page.plain(`to judge: ${text}`), 'dim')
    if (command !== undefined) page.text('      ', page.plain(command))
  }
}

/** What could be seen of each machine, where everything is told. */
export function writeCoverage(page: Page, investigation: Investigation): void {
  if (!page.options.full) return
  const { kinds, machines } = coverageByMachine(investigation, page.clock)
  writeList(
    page,
    'What could be seen',
    machines.map((machine) => ({
      name: machine.asset,
      text: kinds
        .map(
          (kind) =>
            `${evidenceKind(kind)} ${(machine.kinds.get(kind) ?? []).join(', ') || 'not in evidence'}`,
        )
        .join(page.glyphs.dot),
    })),
  )
}

/** `a, b, c, d …`: everything where there is little or all is asked for. */
function someOf(page: Page, names: readonly string[]): string {
  if (page.options.full || names.length <= MAX_NAMES + 1) return names.join(', ')
  return `${names.slice(0, MAX_NAMES).join(', ')} ${page.glyphs.ellipsis}`
}

interface Item {
  readonly name: string
  readonly text: string
}

function writeList(page: Page, title: string, items: readonly Item[], style: Style | null = null): void {
  if (items.length === 0) return
  page.text('  ', title, 'bold')
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
    skippedByReason(skipped).map(({ reason, files }) => {
      const names = someOf(
        page,
        files.map((file) => page.files.nameOf(file)),
      )
      return {
        name: '',
        text:
          files.length === 1 ? `${names}: ${reason}` : `${plural(files.length, 'file')}, ${reason}: ${names}`,
      }
    }),
  )
}

/** How to go on; only commands that exist. */
export function writeHints(page: Page, investigation: Investigation): void {
  const [first] = investigation.incidents
  const hints: string[] = []
  if (first && page.options.canShow) hints.push(`details: davylamp show ${quoteShell(first.asset.id)}`)
  if (first || investigation.pressure.length > 0) hints.push('report to pass on: --out report.html')
  if (hints.length > 0) page.text('  ', hints.join(page.glyphs.dot), 'dim')
}
