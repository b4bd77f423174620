import { fold } from '../fold.ts'
import type { TextPiece, TextValue } from '../rule.ts'
import { DASHES, isRun } from '../parse/text-pattern.ts'

/** Whether a text is met. Patterns that are not cased get folded texts. */
export type TextTest = (text: string) => boolean

interface Token {
  readonly literal: string | null
  readonly wild: 'one' | 'dash' | null
}

/** What stands between two runs. `anchor` is a literal to look for it by, `lead` code units behind its beginning. */
interface Segment {
  readonly tokens: readonly Token[]
  readonly anchor: string | null
  readonly lead: number
}

/** The matcher of a text with wildcards: searches one after the other, never a regular expression. */
export function textTest({ pieces, isCased }: TextValue): TextTest {
  const opensWithRun = isRun(pieces[0])
  const endsWithRun = pieces.length > 0 && isRun(pieces.at(-1))
  const segments = segmentsOf(pieces, isCased)
  const [only, ...more] = segments
  if (only === undefined) return pieces.length === 0 ? (text) => text === '' : () => true
  const [first, ...others] = only.tokens
  if (more.length === 0 && others.length === 0 && first !== undefined && first.literal !== null)
    return literalTest(first.literal, opensWithRun, endsWithRun)
  return (text) => matches(text, segments, opensWithRun, endsWithRun)
}

function literalTest(literal: string, opensWithRun: boolean, endsWithRun: boolean): TextTest {
  if (opensWithRun && endsWithRun) return (text) => text.includes(literal)
  if (opensWithRun) return (text) => text.endsWith(literal)
  if (endsWithRun) return (text) => text.startsWith(literal)
  return (text) => text === literal
}

function segmentsOf(pieces: readonly TextPiece[], isCased: boolean): Segment[] {
  const segments: Token[][] = []
  let isOpen = false
  for (const piece of pieces) {
    if (isRun(piece)) {
      isOpen = false
      continue
    }
    if (!isOpen) segments.push([])
    isOpen = true
    const tokens = segments.at(-1)
    if (typeof piece === 'string') tokens?.push({ literal: isCased ? piece : fold(piece), wild: null })
    else if ('wild' in piece && piece.wild !== 'run') tokens?.push({ literal: null, wild: piece.wild })
  }
  return segments.map((tokens) => {
    const lead = tokens.findIndex(({ wild }) => wild !== 'dash')
    return { tokens, anchor: tokens[lead]?.literal ?? null, lead: Math.max(0, lead) }
  })
}

/** Each segment at its earliest place behind the one before: no other choice could do better. */
function matches(
  text: string,
  segments: readonly Segment[],
  opensWithRun: boolean,
  endsWithRun: boolean,
): boolean {
  let at = 0
  const last = segments.length - 1
  for (const [i, segment] of segments.entries()) {
    if (i === last && !endsWithRun) {
      if (i === 0 && !opensWithRun) return endOf(text, segment, 0) === text.length
      return endsAt(text, segment, at)
    }
    if (i === 0 && !opensWithRun) at = endOf(text, segment, 0)
    else at = endOfFirst(text, segment, at)
    if (at < 0) return false
  }
  return true
}

/** Where a segment that begins at `at` ends; -1 where it is not there. */
function endOf(text: string, { tokens }: Segment, at: number): number {
  let end = at
  for (const { literal, wild } of tokens) {
    if (literal !== null) {
      if (!text.startsWith(literal, end)) return -1
      end += literal.length
    } else {
      const code = text.codePointAt(end)
      if (code === undefined) return -1
      if (wild === 'dash' && !DASHES.includes(text.charAt(end))) return -1
      end += code > 0xffff ? 2 : 1
    }
  }
  return end
}

/** Where the first occurrence of a segment at or behind `from` ends; -1 where there is none. */
function endOfFirst(text: string, segment: Segment, from: number): number {
  const { anchor, lead } = segment
  for (let at = from; at <= text.length; at++) {
    if (anchor !== null) {
      const found = text.indexOf(anchor, at + lead)
      if (found < 0) return -1
      at = found - lead
    }
    const end = endOf(text, segment, at)
    if (end >= 0) return end
  }
  return -1
}

/** Whether a segment stands at the very end, not before `from`. Its `?` are one or two code units wide. */
function endsAt(text: string, segment: Segment, from: number): boolean {
  let least = 0
  let wild = 0
  for (const token of segment.tokens) {
    if (token.literal === null) wild++
    else least += token.literal.length
  }
  least += wild
  for (let at = text.length - least; at >= Math.max(from, text.length - least - wild); at--) {
    if (endOf(text, segment, at) === text.length) return true
  }
  return false
}

/** The longest literal that must stand in whatever the pattern matches, folded; null where there is none. */
export function requiredLiteral({ pieces }: TextValue): string | null {
  let best: string | null = null
  for (const piece of pieces) {
    if (typeof piece === 'string' && piece.length > (best?.length ?? 0)) best = piece
  }
  return best === null ? null : fold(best)
}
