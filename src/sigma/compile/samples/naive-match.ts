import type { Condition, Detection, FieldTest, RecordView, Selection, TextPiece, Value } from '../../rule.ts'

/**
 * Rules by the letter: no index, nothing remembered, wildcards as regular expressions. Slow, and
 * written without a line of the engine, to compare it with.
 */
export function naiveMatch({ selections, condition }: Detection, record: RecordView): boolean {
  const holds = (name: string): boolean => {
    const selection = selections.get(name)
    return selection !== undefined && selectionHolds(selection, record)
  }
  const evaluate = (one: Condition): boolean => {
    if (one.kind === 'and') return one.parts.every((part) => evaluate(part))
    if (one.kind === 'or') return one.parts.some((part) => evaluate(part))
    if (one.kind === 'not') return !evaluate(one.part)
    if (one.kind === 'selection') return holds(one.name)
    const held = one.names.filter((name) => holds(name)).length
    return held >= (one.atLeast === 'all' ? one.names.length : one.atLeast)
  }
  return evaluate(condition)
}

function selectionHolds(selection: Selection, record: RecordView): boolean {
  if (selection.kind === 'every') return selection.parts.every((part) => selectionHolds(part, record))
  if (selection.kind === 'some') return selection.parts.some((part) => selectionHolds(part, record))
  if (selection.kind === 'field') return fieldHolds(selection, record)
  const text = leaves(record).join('\n')
  const held = selection.values.map((value) => textHolds(value, text))
  return selection.link === 'every' ? held.every(Boolean) : held.some(Boolean)
}

function fieldHolds({ field, values, link, isNegated }: FieldTest, record: RecordView): boolean {
  const found = valuesAt(record, field)
  const held = values.map((value) => valueHolds(value, found, record))
  return (link === 'every' ? held.every(Boolean) : held.some(Boolean)) !== isNegated
}

function valueHolds(value: Value, found: readonly unknown[] | null, record: RecordView): boolean {
  const elements = (found ?? []).flat()
  if (value.kind === 'one-of') return value.values.some((one) => valueHolds(one, found, record))
  if (value.kind === 'null') return elements.length === 0 || elements.includes(null)
  if (value.kind === 'exists') return (found !== null) === value.isExpected
  if (value.kind === 'field-reference') {
    const others = (valuesAt(record, value.field) ?? []).flat().flatMap((one) => asText(one) ?? [])
    return elements.some((one) =>
      others.some((other) => asText(one) !== null && lower(asText(one) ?? '') === lower(other)),
    )
  }
  return elements.some((element) => {
    if (value.kind === 'number') {
      const number =
        typeof element === 'number'
          ? element
          : typeof element === 'string' && element !== ''
            ? Number(element)
            : Number.NaN
      return value.operator === 'gt' ? number > value.number : number <= value.number
    }
    const text = asText(element)
    if (text === null) return false
    return value.kind === 'cidr' ? text === '10.0.0.1' : textHolds(value, text)
  })
}

function textHolds(value: Value, text: string): boolean {
  if (value.kind === 'regex') return new RegExp(value.source, 'u').test(text)
  if (value.kind === 'one-of') return value.values.some((one) => textHolds(one, text))
  if (value.kind !== 'text') return false
  const pattern = value.pieces.map((piece) => source(piece, value.isCased)).join('')
  return new RegExp(`^${pattern}$`, 'su').test(value.isCased ? text : lower(text))
}

function source(piece: TextPiece, isCased: boolean): string {
  if (typeof piece === 'string')
    return Array.from(
      isCased ? piece : lower(piece),
      (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
    ).join('')
  if ('placeholder' in piece) return '(?!)'
  return piece.wild === 'run' ? '.*' : piece.wild === 'one' ? '.' : String.raw`[\-\/–—―]`
}

function lower(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ')
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return JSON.stringify(value) ?? null
}

/** Null where the field is not there. */
function valuesAt(record: RecordView, field: string): unknown[] | null {
  const found: unknown[] = []
  let isThere = false
  const dot = field.indexOf('.')
  if (Object.hasOwn(record, field)) {
    isThere = true
    found.push(record[field])
  }
  const inner = dot < 0 ? undefined : record[field.slice(0, dot)]
  if (dot >= 0 && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, field.slice(dot + 1))) {
    isThere = true
    found.push(Object.entries(inner).find(([key]) => key === field.slice(dot + 1))?.[1])
  }
  return isThere ? found : null
}

function leaves(value: unknown): string[] {
  if (value === null || value === undefined) return []
  return typeof value === 'object'
    ? Object.values(value).flatMap((one) => leaves(one))
    : [asText(value) ?? '']
}
