import { displayWidth } from '../../text/width.ts'
import type { Page } from './page.ts'

/**
 * A command goes on lines of its own and is never cut: where it is too long, it is broken between its
 * parts (`&&`, `;`), then between words, and the shell's own `\` joins the lines.
 */
export function writeCommand(page: Page, command: string): void {
  const indent = '         '
  const room = page.width - indent.length - 2
  const parts = displayWidth(command) <= room + 2 ? [command] : partsOf(shellWords(command))
  const lines = parts.flatMap((part) => wordLines(part, room))
  for (const [i, line] of lines.entries())
    page.line(indent + page.paint('cyan', i < lines.length - 1 ? `${line} \\` : line))
}

/** Each part with the sign that leads to the next. */
function partsOf(words: readonly string[]): string[] {
  const parts: string[] = ['']
  for (const word of words) {
    const last = parts.length - 1
    parts[last] = parts[last] === '' ? word : `${parts[last]} ${word}`
    if (word === '&&' || word.endsWith(';')) parts.push('')
  }
  return parts.filter((part) => part !== '')
}

function wordLines(part: string, room: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of shellWords(part)) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > room) {
      lines.push(line)
      line = `  ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Split at blanks outside quotes and substitutions. */
function shellWords(command: string): string[] {
  const words = ['']
  let quote = ''
  let depth = 0
  for (const char of command) {
    if (quote === '' && depth === 0 && char === ' ') {
      words.push('')
      continue
    }
    if (quote === '' && (char === "'" || char === '"')) quote = char
    else if (char === quote) quote = ''
    else if (quote === '' && char === '(') depth += 1
    else if (quote === '' && char === ')') depth = Math.max(0, depth - 1)
    words[words.length - 1] += char
  }
  return words
}
