import { fold } from '../fold.ts'
import { hasPlaceholder, isRun } from '../parse/text-pattern.ts'
import type { Value } from '../rule.ts'
import type { TextTest } from './glob.ts'

/** A text without wildcards but at its ends: what a folded text begins with, ends with, or holds. */
export interface Literal {
  readonly place: 'start' | 'end' | 'anywhere'
  readonly text: string
}

/** Null for what is more than that, or less. */
export function literalOf(value: Value): Literal | null {
  if (value.kind !== 'text' || value.isCased || hasPlaceholder(value.pieces)) return null
  const { pieces } = value
  const isOpen = isRun(pieces[0])
  const isOpenEnded = pieces.length > 1 && isRun(pieces.at(-1))
  const [text, ...more] = pieces.slice(isOpen ? 1 : 0, isOpenEnded ? -1 : undefined)
  if (typeof text !== 'string' || text === '' || more.length > 0 || !(isOpen || isOpenEnded)) return null
  return { place: isOpen ? (isOpenEnded ? 'anywhere' : 'end') : 'start', text: fold(text) }
}

/**
 * Whether a folded text is met by one of many. Before a literal is compared, the one character is that lies
 * furthest from the edge it is bound to: lists are of names in folders, and nearly all of them differ there.
 */
export function literalsTest(literals: readonly Literal[]): TextTest {
  const of = (place: Literal['place']): string[] =>
    literals.filter((one) => one.place === place).map(({ text }) => text)
  const starts = of('start')
  const ends = of('end')
  const parts = of('anywhere')
  const lastOfStarts = starts.map((one) => one.charCodeAt(one.length - 1))
  const firstOfEnds = ends.map((one) => one.charCodeAt(0))
  return (text) => {
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i] ?? ''
      if (text.charCodeAt(text.length - end.length) === firstOfEnds[i] && text.endsWith(end)) return true
    }
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] ?? ''
      if (text.charCodeAt(start.length - 1) === lastOfStarts[i] && text.startsWith(start)) return true
    }
    for (const part of parts) if (text.includes(part)) return true
    return false
  }
}
