const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' })
const ASCII = /^[\x20-\x7e]*$/
/** East Asian Wide and Fullwidth (UAX #11), coarse, and what terminals draw as emoji. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u
const MARK_ONLY = /^\p{M}+$/u

function clusterWidth(cluster: string): number {
  if (ASCII.test(cluster)) return cluster.length
  if (MARK_ONLY.test(cluster)) return 0
  return WIDE.test(cluster) || EMOJI.test(cluster) ? 2 : 1
}

/** Columns that printable text takes on a terminal: one per character a reader sees, two for wide ones. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const { segment } of SEGMENTER.segment(text)) width += clusterWidth(segment)
  return width
}

/** The text in at most `columns`, with `…` where something had to go. */
export function cutWidth(text: string, columns: number, ellipsis = '…'): string {
  if (displayWidth(text) <= columns) return text
  return takeWidth(text, columns - displayWidth(ellipsis)) + ellipsis
}

function takeWidth(text: string, columns: number): string {
  let out = ''
  let width = 0
  for (const { segment } of SEGMENTER.segment(text)) {
    width += clusterWidth(segment)
    if (width > columns) break
    out += segment
  }
  return out
}

/** Filled with spaces on the right up to `columns`; never cut. */
export function padWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

/**
 * Lines of at most `columns`, broken at spaces; a word longer than a line is broken inside. At least one
 * line, the first may be empty.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const word of text.split(/ +/)) {
    const size = displayWidth(word)
    if (line !== '' && width + 1 + size <= columns) {
      line += ` ${word}`
      width += 1 + size
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = size <= columns ? [word] : breakWord(word, columns)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
    width = displayWidth(line)
  }
  lines.push(line)
  return lines
}

/** At a path or list separator where one is near the end of the line, else anywhere. One pass. */
function breakWord(word: string, columns: number): string[] {
  const room = Math.max(2, columns)
  const pieces: string[] = []
  let piece = ''
  let width = 0
  for (const { segment } of SEGMENTER.segment(word)) {
    const size = clusterWidth(segment)
    if (width + size > room) {
      const cut = Math.max(piece.lastIndexOf('/'), piece.lastIndexOf(','), piece.lastIndexOf('=')) + 1
      const at = cut > piece.length * 0.6 ? cut : piece.length
      pieces.push(piece.slice(0, at))
      piece = piece.slice(at)
      width = displayWidth(piece)
    }
    piece += segment
    width += size
  }
  return [...pieces, piece]
}
