import { plural } from '../../text/plural.ts'
import type { Proof, StoryFinding } from '../../story/document.ts'
import { quoteShell } from '../../text/shell.ts'
import { cutWidth, displayWidth, wrap } from '../../text/width.ts'
import { formatNumber, formatShare } from '../../text/units.ts'

import type { RenderOptions } from '../report.ts'
import { type Page, pageOf } from './page.ts'

/** Proofs that stand together, and what the evidence says around them now. */
export interface ProofContext {
  readonly proofs: readonly Proof[]
  readonly lines: readonly {
    readonly number: number | null
    readonly text: string
    readonly isProof: boolean
  }[]
  /** `gone`: the file is not to be found; `changed`: it says something else there. */
  readonly state: 'there' | 'gone' | 'changed'
}

export interface FindingView {
  readonly asset: string
  readonly incident: string | null
  readonly finding: StoryFinding
  readonly contexts: readonly ProofContext[]
  /** Proofs that are not shown. */
  readonly left: number
}

/** A finding with its proofs in context; the lines that prove it are marked. */
export function renderFinding(view: FindingView, options: Partial<RenderOptions>): string {
  const page = pageOf(null, options)
  writeHead(page, view)
  for (const context of view.contexts) writeContext(page, context)
  if (view.left > 0) {
    page.line()
    page.text(
      '  ',
      `${plural(view.left, 'more place')}: davylamp show ${quoteShell(view.finding.id)} --full`,
      'dim',
    )
  }
  const isMissing = view.contexts.some((context) => context.state === 'gone')
  if (isMissing) {
    page.line()
    page.text(
      '  ',
      `If the evidence has moved: davylamp show ${quoteShell(view.finding.id)} --evidence FOLDER`,
      'dim',
    )
  }
  return page.toString()
}

function writeHead(page: Page, { asset, incident, finding }: FindingView): void {
  const { dot } = page.glyphs
  page.text('', page.plain(finding.title), 'bold')
  const facts = [
    finding.severity,
    `${formatShare(finding.confidence)} sure`,
    `on ${asset}`,
    page.clock.secondRange(finding.firstSeen, finding.lastSeen),
    ...(finding.count > 1 ? [plural(finding.count, 'time')] : []),
  ]
  page.text('  ', page.plain(facts.join(dot)))
  const attack = finding.attack.map(({ id, name }) => `${id} ${name}`.trim()).join(', ')
  page.text(
    '  ',
    page.plain(`found by ${finding.detector}${attack === '' ? '' : `${dot}ATT&CK ${attack}`}`),
    'dim',
  )
  if (incident !== null) page.text('  ', `part of ${page.plain(incident)}`, 'dim')
}

function writeContext(page: Page, { proofs, lines, state }: ProofContext): void {
  const [first] = proofs
  if (first === undefined) return
  page.line()
  page.text('', page.plain(`${first.file}, ${[...new Set(proofs.map(placeInWords))].join(', ')}`), 'cyan')
  if (state === 'gone')
    page.text('  ', 'The file is not where it was; this is what the case kept:', 'warning')
  if (state === 'changed')
    page.text('  ', 'The file has changed: it does not say this any more. What the case kept:', 'warning')
  if (state !== 'there') for (const proof of proofs) writeMarked(page, '  > ', page.plain(proof.raw))
  if (state === 'gone') return
  if (state === 'changed' && lines.length > 0) page.text('  ', 'What stands there now:', 'dim')
  const isStill = state === 'there'
  const digits = Math.max(...lines.map((line) => String(line.number ?? '').length), 1)
  for (const { number, text, isProof } of lines) {
    const shown = page.plain(text)
    if (number === null) writeDecoded(page, shown, isProof && isStill)
    else {
      const isMarked = isProof && isStill
      const lead = `  ${isMarked ? '>' : ' '} ${String(number).padStart(digits)}  `
      if (isMarked) writeMarked(page, lead, shown)
      else page.line(lead + page.paint('dim', fold(page, shown, page.width - lead.length)))
    }
  }
}

/** One line, cut where it would run over the edge of a terminal. */
function fold(page: Page, text: string, room: number): string {
  return page.options.foldsRaw ? cutWidth(text, room, page.glyphs.ellipsis) : text
}

/** A line of a packet: columns of hex stay under each other, text is folded. */
function writeDecoded(page: Page, text: string, isProof: boolean): void {
  const lead = '    '
  const isShort = displayWidth(text) <= page.width - lead.length
  const lines = isShort || !page.options.foldsRaw ? [text] : wrap(text, page.width - lead.length)
  for (const line of lines) page.line((lead + (isProof ? page.paint('bold', line) : line)).trimEnd())
}

/** What proves it, in full: wrapped on a terminal, on one line in a pipe. */
function writeMarked(page: Page, lead: string, text: string): void {
  const lines = page.options.foldsRaw ? wrap(text, page.width - lead.length) : [text]
  for (const [i, line] of lines.entries())
    page.line((i === 0 ? lead : ' '.repeat(lead.length)) + page.paint('bold', line))
}

/** `line 539 (record 8323)`, `packet 1,177` */
function placeInWords(proof: Proof): string {
  if (proof.packet !== undefined) return `packet ${formatNumber(proof.packet)}`
  const record = proof.recordId === undefined || proof.recordId === '' ? '' : ` (record ${proof.recordId})`
  return proof.line === undefined
    ? `byte ${formatNumber(proof.offset)}${record}`
    : `line ${proof.line}${record}`
}
