import { secretMarks, type Word } from './secret-arguments.ts'
import { MASK } from './secret-names.ts'

/** A command in quotes in a command in quotes …: deeper than this nobody writes. */
const MAX_NESTING = 4
/** What a command line needs to carry a secret: an option, a pipe, a here-string, or one of a few words. */
const SOME_COMMAND = /(?:^|[\s"'|;&])-|\||<<<|pass:|\/p:|aws_se/
const BREAKS = new Set(['|', ';', '&', '\n', '\r'])
const OPENS_AFTER = /[^A-Za-z0-9\\]/

interface Piece {
  readonly start: number
  readonly end: number
}

interface TextWord extends Word {
  /** What the word says, without its quotes where they enclose all of it. */
  readonly start: number
  readonly end: number
  /** Insides of quotes, anywhere in the word. */
  readonly quoted: readonly Piece[]
}

/** Finds closing quotes; once one kind has none left, it never looks for that kind again (linear on hostile text). */
function quoteFinder(text: string): (quote: string, from: number) => number {
  const exhausted = new Set<string>()
  return (quote, from) => {
    if (exhausted.has(quote)) return -1
    for (let i = from; i < text.length; i += 1) {
      if (text[i] === '\\' && quote === '"') i += 1
      else if (text[i] === quote) return i
    }
    exhausted.add(quote)
    return -1
  }
}

function wordsOf(text: string): TextWord[] {
  const close = quoteFinder(text)
  const words: TextWord[] = []
  let i = 0
  while (i < text.length) {
    const char = text[i] ?? ''
    if (BREAKS.has(char)) {
      const isDouble = text[i + 1] === char
      words.push({ text: '', breakMark: isDouble ? char + char : char, start: i, end: i, quoted: [] })
      i += isDouble ? 2 : 1
    } else if (char === ' ' || char === '\t') i += 1
    else {
      const word = wordAt(text, i, close)
      words.push(word)
      i = word.next
    }
  }
  return words
}

function wordAt(
  text: string,
  start: number,
  close: (quote: string, from: number) => number,
): TextWord & { next: number } {
  const quoted: Piece[] = []
  const isOption = text[start] === '-'
  let i = start
  while (i < text.length) {
    const char = text[i] ?? ''
    if (char === ' ' || char === '\t' || BREAKS.has(char)) break
    if ((char === '"' || char === "'") && (i === start || isOption || OPENS_AFTER.test(text[i - 1] ?? ''))) {
      const end = close(char, i + 1)
      if (end !== -1) {
        quoted.push({ start: i + 1, end })
        i = end
      }
    }
    i += 1
  }
  const only = quoted[0]
  const isAllQuoted =
    quoted.length === 1 && only !== undefined && only.start === start + 1 && only.end === i - 1
  const inner = isAllQuoted ? only : { start, end: i }
  return { text: text.slice(inner.start, inner.end), breakMark: null, ...inner, quoted, next: i }
}

/** Masks what command lines carry as secrets, in any text that may hold one. */
export function maskCommands(text: string, depth = 0): string {
  if (!SOME_COMMAND.test(text)) return text
  const words = wordsOf(text)
  const marks = secretMarks(words)
  let out = ''
  let at = 0
  for (const [i, word] of words.entries()) {
    const mark = marks[i] ?? -1
    const isSecret = mark >= 0 && word.start + mark < word.end
    const edits = isSecret ? [{ start: word.start + mark, end: word.end }] : word.quoted
    for (const edit of edits) {
      const inside = text.slice(edit.start, edit.end)
      if (!isSecret && (depth >= MAX_NESTING || !/[ \t|;]/.test(inside))) continue
      out += text.slice(at, edit.start) + (isSecret ? MASK : maskCommands(inside, depth + 1))
      at = edit.end
    }
  }
  return out + text.slice(at)
}
