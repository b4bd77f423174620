import { fold } from '../fold.ts'
import type { CharSet } from './char-set.ts'
import type { Pattern } from './pattern.ts'

/** More alternatives than this are no use to an index. */
const MAX_ALTERNATIVES = 32

/**
 * Texts of which one must stand in whatever the pattern matches, in any case (folded). Null where
 * there are none.
 */
export function requiredTexts(pattern: Pattern): readonly string[] | null {
  switch (pattern.kind) {
    case 'set': {
      const char = folded(pattern.set)
      return char === null || pattern.property !== undefined ? null : [char]
    }
    case 'sequence':
      return ofSequence(pattern.parts)
    case 'choice':
      return ofChoice(pattern.parts)
    case 'repeat':
      return pattern.min > 0 ? requiredTexts(pattern.part) : null
    case 'capture':
      return requiredTexts(pattern.part)
    default:
      return null
  }
}

/** The best of its parts; neighbouring single characters make one text. */
function ofSequence(parts: readonly Pattern[]): readonly string[] | null {
  let best: readonly string[] | null = null
  let run = ''
  const close = (): void => {
    if (run !== '') best = better(best, [run])
    run = ''
  }
  for (const part of flat(parts)) {
    const char = part.kind === 'set' && part.property === undefined ? folded(part.set) : null
    if (char !== null) run += char
    else if (part.kind !== 'anchor' && part.kind !== 'look') {
      close()
      best = better(best, requiredTexts(part))
    }
  }
  close()
  return best
}

function flat(parts: readonly Pattern[]): Pattern[] {
  return parts.flatMap((part) =>
    part.kind === 'sequence'
      ? flat(part.parts)
      : part.kind === 'capture' && part.part.kind !== 'choice'
        ? flat([part.part])
        : [part],
  )
}

function ofChoice(parts: readonly Pattern[]): readonly string[] | null {
  const all = parts.map((part) => requiredTexts(part))
  if (!all.every((one) => one !== null)) return null
  const texts = [...new Set(all.flat())]
  return texts.length > MAX_ALTERNATIVES ? null : texts
}

function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b
  return worth(b) > worth(a) ? b : a
}

/** As good as its shortest text. */
function worth(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => Math.min(text.length, 12))) - texts.length / MAX_ALTERNATIVES
}

/** The one character a set stands for when case does not count. */
function folded(set: CharSet): string | null {
  let char: string | null = null
  for (const [from, to] of set) {
    if (to - from > 1) return null
    for (let code = from; code <= to; code++) {
      const one = fold(String.fromCodePoint(code))
      if (char !== null && char !== one) return null
      char = one
    }
  }
  return char
}
