import { visible } from '../../text/visible.ts'
import { displayWidth, padWidth, wrap } from '../../text/width.ts'
import { Clock } from '../clock.ts'
import { FileNames, fileNames } from '../proof-name.ts'
import type { Investigation } from '../../story/document.ts'
import { DEFAULT_OPTIONS, type RenderOptions } from '../report.ts'
import { painter, type Paint, type Style } from './paint.ts'

const MIN_WIDTH = 40
/** From this width on there is room for a second column: proof, money, commands. */
const WIDE = 100

const GLYPHS = {
  unicode: {
    alarm: '●',
    calm: '○',
    dot: ' · ',
    times: '×',
    swords: '⚔',
    dash: '–',
    ellipsis: '…',
    levels: ' ▁▂▃▄▅▆▇█'.split(''),
    full: '█',
    first: '▐',
    last: '▌',
    open: '░',
    arrives: '→',
  },
  ascii: {
    alarm: '*',
    calm: 'o',
    dot: ' | ',
    times: 'x',
    swords: 'X',
    dash: '-',
    ellipsis: '...',
    levels: ' .,:;+*#@'.split(''),
    full: '#',
    first: '[',
    last: ']',
    open: '?',
    arrives: '>',
  },
} as const

/** What the parts of the report are written on: knows the width, the colours and the zone, and collects lines. */
export class Page {
  readonly width: number
  readonly isWide: boolean
  readonly paint: Paint
  readonly clock: Clock
  readonly files: FileNames
  readonly options: RenderOptions
  readonly glyphs: (typeof GLYPHS)['unicode' | 'ascii']
  private readonly lines: string[] = []

  constructor(files: FileNames, options: RenderOptions) {
    this.options = options
    this.width = Math.max(MIN_WIDTH, Math.floor(options.width))
    this.isWide = this.width >= WIDE
    this.paint = painter(options.color)
    this.clock = new Clock(options.timezone)
    this.files = files
    this.glyphs = options.unicode ? GLYPHS.unicode : GLYPHS.ascii
  }

  /** Adds a line that is known to fit. */
  line(text = ''): void {
    this.lines.push(text)
  }

  /** Text from the document as this terminal can take it: visible, and our own signs in ASCII where asked for. */
  plain(text: string): string {
    const shown = visible(text)
    if (this.options.unicode) return shown
    return shown.replace(/[·…×–⚔→±]/g, (sign) => ASCII_SIGNS[sign] ?? sign)
  }

  /** Wrapped text: `lead` (unpainted) stands before the first line, blanks of the same width before the others. */
  text(lead: string, text: string, style: Style | null = null, leadStyle: Style | null = null): void {
    const indent = displayWidth(lead)
    for (const [i, line] of wrap(text, this.width - indent).entries()) {
      const start = i > 0 ? ' '.repeat(indent) : leadStyle ? this.paint(leadStyle, lead) : lead
      this.line(line === '' ? start.trimEnd() : start + (style ? this.paint(style, line) : line))
    }
  }

  /** Two columns where the page is wide: `right` ends at the right edge, beside the first line. Else it goes under the text. */
  pair(first: string, left: string, right: readonly string[], column: number, style: Style): void {
    const indent = displayWidth(first)
    if (!this.isWide) {
      this.text(first, left)
      for (const line of right) this.text(' '.repeat(indent), line, style)
      return
    }
    const room = this.width - indent - column - 2
    const lefts = wrap(left, room)
    const rights = right.flatMap((line) => wrap(line, column))
    for (let i = 0; i < Math.max(lefts.length, rights.length); i += 1) {
      const lead = i === 0 ? first : ' '.repeat(indent)
      const proof = rights[i]
      const text = lefts[i] ?? ''
      this.line(
        proof === undefined
          ? (lead + text).trimEnd()
          : `${lead}${padWidth(text, room)}  ${this.paint(style, proof)}`,
      )
    }
  }

  toString(): string {
    return this.lines.map((line) => `${line}\n`).join('')
  }
}

/** A page for a document; null = for something that names its files in full. */
export function pageOf(investigation: Investigation | null, options: Partial<RenderOptions>): Page {
  const files = investigation === null ? new FileNames([]) : fileNames(investigation)
  return new Page(files, { ...DEFAULT_OPTIONS, ...options })
}

const ASCII_SIGNS: Readonly<Record<string, string>> = {
  '·': '|',
  '…': '...',
  '×': 'x',
  '–': '-',
  '⚔': 'X',
  '→': '->',
  '±': '+/-',
}
