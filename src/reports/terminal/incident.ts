import type { IncidentEntry, Proof, Sentence } from '../../story/document.ts'
import { quoteShell } from '../../text/shell.ts'
import { displayWidth } from '../../text/width.ts'
import { headingOf, moneyParts, otherNames, plural } from '../phrases.ts'
import { proofKey, proofName } from '../proof-name.ts'
import { drawBars } from './bars.ts'
import type { Page } from './page.ts'

const PROOF_WIDTH = 36
const MAX_PROOFS = 2
const MAX_SENTENCES = 24
const TAIL_SENTENCES = 6

export function writeIncident(page: Page, incident: IncidentEntry): void {
  writeHeading(page, incident)
  page.line()
  page.text('  ', page.plain(incident.summary.map((sentence) => sentence.text).join(' ')))
  if (incident.tenures.length > 0 || incident.strips.length > 0) {
    page.line()
    drawBars(page, incident)
  }
  writeTimeline(page, incident)
  writeReach(page, incident)
  writeToDo(page, incident)
  page.line()
}

/** `● OCCUPIED   web-1   10.0.3.17 · t3.large        $1.94 so far · $118 a month` */
export function writeHeading(page: Page, incident: IncidentEntry): void {
  const { dot, alarm } = page.glyphs
  const heading = headingOf(incident)
  const name = page.plain(incident.asset.id)
  const others = otherNames(incident.asset)
    .map((other) => page.plain(other))
    .join(dot)
  const money = page.plain(moneyParts(incident.money).join(dot))
  const used = displayWidth(`${alarm} ${heading}   ${name}   ${others}`)
  const lead = `${page.paint('alarm', `${alarm} ${heading}`)}   `
  const gap = page.width - used - displayWidth(money)
  if (money !== '' && page.isWide && gap >= 2) {
    page.line(`${lead}${page.paint('bold', name)}   ${others}${' '.repeat(gap)}${page.paint('bold', money)}`)
    return
  }
  if (used <= page.width)
    page.line(`${lead}${page.paint('bold', name)}${others === '' ? '' : `   ${others}`}`)
  else {
    page.text(`${alarm} ${heading}   `, name, 'bold', 'alarm')
    page.text('  ', others)
  }
  if (money !== '') page.text('  ', money, 'bold')
}

function writeTimeline(page: Page, incident: IncidentEntry): void {
  const { sentences } = incident
  const isCut = !page.options.full && sentences.length > MAX_SENTENCES + TAIL_SENTENCES
  const head = isCut ? sentences.slice(0, MAX_SENTENCES) : sentences
  if (sentences.length === 0) return
  page.line()
  let day = ''
  const write = (sentence: Sentence): void => {
    const now = sentence.time === null ? day : page.clock.date(sentence.time)
    if (now !== day) page.line(`  ${page.paint('dim', `${now}, ${page.clock.zone}`)}`)
    day = now
    writeSentence(page, sentence)
  }
  for (const sentence of head) write(sentence)
  if (!isCut) return
  const left = sentences.length - MAX_SENTENCES - TAIL_SENTENCES
  page.text(
    '            ',
    `${page.glyphs.ellipsis} ${left} more in between${seeMore(page, incident.id)}`,
    'dim',
  )
  for (const sentence of sentences.slice(-TAIL_SENTENCES)) write(sentence)
}

export function seeMore(page: Page, id: string): string {
  return page.options.canShow ? `: davylamp show ${quoteShell(id)}` : ' (in the report: --format html)'
}

function writeSentence(page: Page, sentence: Sentence): void {
  const time = sentence.time === null ? '        ' : page.clock.second(sentence.time)
  page.pair(`  ${time}  `, page.plain(sentence.text), proofLines(page, sentence.evidence), PROOF_WIDTH, 'dim')
}

/** The first places, and how many more there are. */
function proofLines(page: Page, evidence: readonly Proof[]): string[] {
  const distinct = [...new Map(evidence.map((proof) => [proofKey(proof), proof])).values()]
  const names = distinct.map((proof) => page.plain(proofName(proof, page.files)))
  const shown = names.slice(0, MAX_PROOFS)
  const left = names.length - shown.length
  if (left > 0 && shown.length > 0) shown.push(`and ${plural(left, 'more place')}`)
  return page.isWide || shown.length === 0 ? shown : [shown.join(page.glyphs.dot)]
}

function writeReach(page: Page, incident: IncidentEntry): void {
  if (incident.reach.length === 0) return
  page.line()
  page.line(`  ${page.paint('bold', 'What else is in reach')}`)
  for (const { what, kind, evidence } of incident.reach) {
    page.pair('    ', page.plain(`${kind}: ${what}`), proofLines(page, evidence), PROOF_WIDTH, 'dim')
  }
}

function writeToDo(page: Page, incident: IncidentEntry): void {
  if (incident.todo.length === 0) return
  page.line()
  page.line(`  ${page.paint('bold', 'Do this first')}`)
  for (const [i, { text, command }] of incident.todo.entries()) {
    page.text(`  ${String(i + 1).padStart(3)}. `, page.plain(text))
    if (command !== undefined) writeCommand(page, page.plain(command))
  }
}

/** A command goes on a line of its own and is never cut: where it is too long, the shell's own `\` joins its lines. */
function writeCommand(page: Page, command: string): void {
  const indent = '         '
  const room = page.width - indent.length - 2
  let line = ''
  for (const word of shellWords(command)) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > room) {
      page.line(`${indent}${page.paint('cyan', `${line} \\`)}`)
      line = `  ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  page.line(`${indent}${page.paint('cyan', line)}`)
}

/** Split at blanks outside quotes. */
function shellWords(command: string): string[] {
  const words = ['']
  let quote = ''
  for (const char of command) {
    if (quote === '' && char === ' ') {
      words.push('')
      continue
    }
    if (quote === '' && (char === "'" || char === '"')) quote = char
    else if (char === quote) quote = ''
    words[words.length - 1] += char
  }
  return words
}
