import { plural } from '../../text/plural.ts'
import type { AssetEntry, IncidentEntry, Proof, Sentence } from '../../story/document.ts'
import { quoteShell } from '../../text/shell.ts'
import { displayWidth } from '../../text/width.ts'
import { headingOf, moneyParts, otherNames } from '../phrases.ts'
import { proofKey, proofName } from '../proof-name.ts'
import { writeCommand } from './command.ts'
import { drawBars } from './bars.ts'
import type { Page } from './page.ts'

const PROOF_WIDTH = 36
const MAX_PROOFS = 2
const MAX_SENTENCES = 24
const TAIL_SENTENCES = 6

/** `asset`: what is known of the machine besides, where everything is told. */
export function writeIncident(page: Page, incident: IncidentEntry, asset: AssetEntry | null): void {
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
  if (!page.options.full) return
  writeFindings(page, incident)
  if (asset !== null) writeJoins(page, asset)
  if (incident.money.basis !== '') {
    page.line()
    page.text('  ', page.plain(`How the money is reckoned: ${incident.money.basis}`), 'dim')
  }
}

const ID_WIDTH = 'finding-0123456789ab'.length
const SEVERITY_WIDTH = 'critical'.length

/** Everything that was found, with the ids that open its proof. */
function writeFindings(page: Page, incident: IncidentEntry): void {
  if (incident.findings.length === 0) return
  page.line()
  page.line(`  ${page.paint('bold', 'Findings')}`)
  if (page.options.canShow) page.text('    ', 'davylamp show ID opens the proof of one of them', 'dim')
  for (const { id, severity, title } of incident.findings) {
    const lead = `    ${page.plain(id).padEnd(ID_WIDTH)}  ${severity.padEnd(SEVERITY_WIDTH)}`
    if (displayWidth(lead) <= page.width / 2) page.text(`${lead}  `, page.plain(title))
    else {
      page.text('    ', lead.trim())
      page.text('      ', page.plain(title))
    }
  }
}

export function writeJoins(page: Page, asset: AssetEntry): void {
  if (asset.joins.length === 0) return
  page.line()
  page.line(`  ${page.paint('bold', 'Why these names are one machine')}`)
  for (const join of asset.joins) page.text('    ', page.plain(join))
}

/** `● OCCUPIED   web-1   10.0.3.17 · t3.large        $1.94 so far · $118 a month` */
function writeHeading(page: Page, incident: IncidentEntry): void {
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

function seeMore(page: Page, id: string): string {
  return page.options.canShow ? `: davylamp show ${quoteShell(id)}` : ': --full, or --format html'
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
