import { hasHostBits, parseCidr } from '../cidr.ts'
import { isRun, plainText } from '../parse/text-pattern.ts'
import type { FieldTest, KeywordTest, TextValue, Value } from '../rule.ts'

/** What in the values of one test cannot be meant. */
export function valueDoubts(test: FieldTest | KeywordTest): string[] {
  const found = test.values.flatMap((value) => ofValue(value, test.modifiers))
  if (test.kind === 'field' && test.link === 'every' && isImpossible(test))
    found.push('can never hold: a field does not have all of these values at once (contains is missing?)')
  return [...new Set(found)]
}

function ofValue(value: Value, modifiers: readonly string[]): string[] {
  if (value.kind === 'cidr') {
    const network = parseCidr(value.text)
    return network !== null && hasHostBits(network) ? [`${value.text} has bits set behind its prefix`] : []
  }
  return value.kind === 'text' ? ofText(value, modifiers) : []
}

const PLACED = new Set(['contains', 'startswith', 'endswith'])

function ofText({ pieces }: TextValue, modifiers: readonly string[]): string[] {
  const found: string[] = []
  const placed = modifiers.find((one) => PLACED.has(one))
  const isEmpty = pieces.length > 0 && pieces.every((piece) => isRun(piece))
  if (isEmpty && placed !== undefined) found.push(`${placed} of nothing but wildcards holds for every value`)
  const swallowed = pieces.find((piece) => typeof piece === 'string' && /[\w:][*]/u.test(piece))
  if (swallowed !== undefined && typeof swallowed === 'string')
    found.push(
      `the backslash makes the wildcard in '${shortened(swallowed)}' a plain character; a backslash before a wildcard is written \\\\`,
    )
  return found
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** `all` over different whole values. */
function isImpossible({ values, isNegated }: FieldTest): boolean {
  if (isNegated) return false
  const plain = new Set<string>()
  for (const value of values) {
    const text = value.kind === 'text' ? plainText(value.pieces) : null
    if (text !== null) plain.add(text.toLowerCase())
  }
  return plain.size > 1
}
