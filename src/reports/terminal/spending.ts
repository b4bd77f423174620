import { plural } from '../../text/plural.ts'
import type { Investigation, SpendingEntry } from '../../story/document.ts'
import { proofName } from '../proof-name.ts'
import { spendingIn } from '../spending.ts'
import { writeCommand } from './command.ts'
import type { Page } from './page.ts'

/** Told with everything; of the others one line each. */
const MAX_TOLD = 3
const MAX_LINES = 12
const MAX_PROOFS = 2

/** What costs or works far more than is normal: what, since when, how much, and what to fetch next. */
export function writeSpending(page: Page, investigation: Investigation): void {
  const entries = spendingIn(investigation, page.options.full)
  if (entries.length === 0) return
  page.text('  ', 'Far more than is normal', 'bold')
  const told = page.options.full ? entries.length : MAX_TOLD
  for (const [i, entry] of entries.slice(0, page.options.full ? entries.length : MAX_LINES).entries()) {
    page.text(`  ${page.glyphs.alarm} `, page.plain(entry.title), i < told ? 'bold' : null)
    if (i < told) writeEntry(page, entry)
  }
  const left = entries.length - MAX_LINES
  if (left > 0 && !page.options.full)
    page.text(
      '  ',
      `${page.glyphs.ellipsis} and ${plural(left, 'more thing')}: --full, or --format html`,
      'dim',
    )
  page.line()
}

function writeEntry(page: Page, entry: SpendingEntry): void {
  for (const sentence of entry.sentences) page.text('    ', page.plain(sentence))
  // Readings of one document stand in one place.
  const names = [...new Set(entry.evidence.map((proof) => proofName(proof, page.files)))].slice(0, MAX_PROOFS)
  if (names.length > 0) page.text('    ', page.plain(names.join(page.glyphs.dot)), 'dim')
  for (const [i, { text, command }] of entry.todo.entries()) {
    page.text(`    ${String(i + 1)}. `, page.plain(text))
    if (command !== undefined) writeCommand(page, page.plain(command))
  }
}
