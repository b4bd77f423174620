/**
 * The JSON documents that stand one after the other in a text, as paginated command output has them,
 * each with the line it begins on. Null where something else stands between them.
 */
export function splitJsonDocuments(text: string): { text: string; line: number }[] | null {
  const documents: { text: string; line: number }[] = []
  let depth = 0
  let start = 0
  let line = 1
  let startLine = 1
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === NEWLINE) line++
    else if (char === QUOTE && depth > 0) {
      const end = endOfString(text, at)
      if (end < 0) return null
      at = end
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (depth++ === 0) {
        start = at
        startLine = line
      }
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      if (--depth < 0) return null
      if (depth === 0) documents.push({ text: text.slice(start, at + 1), line: startLine })
    } else if (depth === 0 && !isGap(char)) return null
  }
  return depth === 0 ? documents : null
}

const NEWLINE = 0x0a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

function isGap(char: number): boolean {
  return char === 0x20 || char === 0x09 || char === 0x0d || char === 0x2c || char === 0x1e || char === 0xfeff
}

/** Where the string that opens at `from` closes; -1 where it does not. A line break in it is damage. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === BACKSLASH) at++
    else if (char === QUOTE) return at
    else if (char === NEWLINE) return -1
  }
  return -1
}
