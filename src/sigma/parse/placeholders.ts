import type { Selection, SigmaRule, TextPiece, Value } from '../rule.ts'
import { joined, parseText } from './text-pattern.ts'

/** What placeholders stand for: name (without the percent signs) → values, which may have wildcards. */
export type Placeholders = ReadonlyMap<string, readonly string[]>

/** The most texts one value may become. */
const MAX_FORMS = 10_000

/** The rule with its placeholders filled in, as far as there are values for them; the same rule where it has none. */
export function fillPlaceholders(rule: SigmaRule, placeholders: Placeholders): SigmaRule {
  if (placeholders.size === 0) return rule
  const selections = new Map<string, Selection>()
  let isChanged = false
  for (const [name, selection] of rule.detection.selections) {
    const filled = fillSelection(selection, placeholders)
    isChanged ||= filled !== selection
    selections.set(name, filled)
  }
  return isChanged ? { ...rule, detection: { ...rule.detection, selections } } : rule
}

function fillSelection(selection: Selection, placeholders: Placeholders): Selection {
  if (selection.kind === 'every' || selection.kind === 'some') {
    const parts = selection.parts.map((part) => fillSelection(part, placeholders))
    return parts.every((part, i) => part === selection.parts[i]) ? selection : { ...selection, parts }
  }
  const values = selection.values.map((value) => fillValue(value, placeholders))
  return values.every((value, i) => value === selection.values[i]) ? selection : { ...selection, values }
}

function fillValue(value: Value, placeholders: Placeholders): Value {
  if (value.kind === 'one-of')
    return { kind: 'one-of', values: value.values.map((one) => fillValue(one, placeholders)) }
  if (value.kind !== 'text') return value
  const isOpen = value.pieces.some(
    (piece) => typeof piece === 'object' && 'placeholder' in piece && placeholders.has(piece.placeholder),
  )
  if (!isOpen) return value
  let forms: TextPiece[][] = [[]]
  for (const piece of value.pieces) {
    const known =
      typeof piece === 'object' && 'placeholder' in piece ? placeholders.get(piece.placeholder) : undefined
    const ways = known === undefined ? [[piece]] : known.map((text) => parseText(text))
    forms = forms.flatMap((form) => ways.map((way) => [...form, ...way])).slice(0, MAX_FORMS)
  }
  const texts: Value[] = forms.map((pieces) => ({
    kind: 'text',
    pieces: joined(pieces),
    isCased: value.isCased,
  }))
  const [only] = texts
  return texts.length === 1 && only !== undefined ? only : { kind: 'one-of', values: texts }
}
