import type { CharSet } from './char-set.ts'

/** A regular expression as a tree. Flags are worked into it: letters carry both cases, dots and anchors say what they mean. */
export type Pattern =
  | {
      readonly kind: 'set'
      readonly set: CharSet
      /** A Unicode class that `set` stands for only roughly. */ readonly property?: string
    }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly parts: readonly Pattern[] }
  | {
      readonly kind: 'repeat'
      readonly part: Pattern
      readonly min: number
      readonly max: number
      readonly isLazy: boolean
    }
  | { readonly kind: 'capture'; readonly part: Pattern; readonly name: string | null }
  | { readonly kind: 'anchor'; readonly at: Anchor }
  | { readonly kind: 'look'; readonly part: Pattern; readonly isAhead: boolean; readonly isNegated: boolean }
  | { readonly kind: 'reference'; readonly to: string }

export type Anchor =
  | 'start'
  | 'end'
  | 'end-or-newline'
  | 'line-start'
  | 'line-end'
  | 'word-edge'
  | 'no-word-edge'

/** Visits a pattern and everything in it. Patterns nest at most as deep as the reader lets them. */
export function visit(pattern: Pattern, look: (one: Pattern) => void): void {
  look(pattern)
  if ('parts' in pattern) for (const part of pattern.parts) visit(part, look)
  else if ('part' in pattern) visit(pattern.part, look)
}
