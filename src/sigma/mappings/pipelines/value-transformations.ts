import { fillPlaceholders, type Placeholders } from '../../parse/placeholders.ts'
import { joined, parseText, RUN, textInWords } from '../../parse/text-pattern.ts'
import type { FieldTest, Selection, SigmaRule, TextPiece, TextValue, Value } from '../../rule.ts'
import { wordsOf } from './conditions.ts'
import type { Rewritten } from './context.ts'
import type { Transformation, TransformationFactory } from './field-transformations.ts'
import type { Parameters } from './parameters.ts'
import { changeItems, changeValues, type DetectionItem, itemsOf } from './rewrite.ts'

/** Transformations of values, by their type in pySigma. */
export const VALUE_TRANSFORMATIONS: Readonly<Record<string, TransformationFactory>> = {
  drop_detection_item: () => changing(() => null),
  replace_string(parameters) {
    const pattern = parameters.pattern('regex', false)
    const replacement = asJavaScript(parameters.text('replacement'))
    const skipsSpecial = parameters.flag('skip_special')
    const interprets = parameters.flag('interpret_special')
    return changingTexts((value) => {
      if (pattern === null) return null
      return skipsSpecial
        ? replaceInLiterals(value, pattern, replacement, interprets)
        : textLike(value, textInWords(value).replace(pattern, replacement))
    })
  },
  map_string(parameters) {
    const mapping = parameters.textMap('mapping')
    return changingTexts(
      (value) => mapping.get(textInWords(value))?.map((text) => written(value, text)) ?? null,
    )
  },
  set_value(parameters) {
    const raw = parameters.raw('value')
    const type = parameters.word('force_type', ['none', 'str', 'num'])
    if (type === 'num' && !Number.isFinite(Number(raw))) parameters.fail('value', 'value is no number')
    const isScalar = typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean'
    if (!isScalar && raw !== null)
      parameters.fail('value', 'value must be a text, a number, a boolean or null')
    const value: Value = isScalar
      ? { kind: 'text', pieces: parseText(String(raw)), isCased: false }
      : { kind: 'null' }
    return changing((item) => changeValues(item, () => value))
  },
  // Here numbers of rules are texts that also meet numbers: nothing has to be converted.
  convert_type(parameters) {
    parameters.word('target_type', ['str', 'num'])
    return (rule) => rule
  },
  case(parameters) {
    const method = parameters.word('method', ['lower', 'upper', 'snake_case'])
    return changingTexts((value) => ({
      ...value,
      pieces: value.pieces.map((piece) => (typeof piece === 'string' ? inCase(piece, method) : piece)),
    }))
  },
  // Texts match whatever their case; `plain` asks for the case as written.
  regex(parameters) {
    const method = parameters.word('method', ['ignore_case_brackets', 'ignore_case_flag', 'plain'])
    return changingTexts((value) => (method === 'plain' ? { ...value, isCased: true } : null))
  },
  hashes_fields: hashesFields,
  value_placeholders(parameters) {
    const isMeant = placeholderFilter(parameters)
    return (rule, _, context) => {
      const names = placeholdersOf(rule).filter((name) => isMeant(name))
      const missing = names.find((name) => !context.variables.has(name))
      if (missing !== undefined)
        return { refused: `placeholder %${missing}% has no value in vars of a mapping` }
      const known: Placeholders = new Map(names.map((name) => [name, context.variables.get(name) ?? []]))
      return fillPlaceholders(rule, known)
    }
  },
  wildcard_placeholders(parameters) {
    const isMeant = placeholderFilter(parameters)
    return changingTexts((value) => {
      const pieces = value.pieces.map((piece) =>
        typeof piece === 'object' && 'placeholder' in piece && isMeant(piece.placeholder) ? RUN : piece,
      )
      return pieces.every((piece, at) => piece === value.pieces[at])
        ? null
        : { ...value, pieces: joined(pieces) }
    })
  },
}

/** Changes items that the conditions are met for. */
function changing(change: (item: DetectionItem) => Selection | null): Transformation {
  return (rule, checks, context): Rewritten =>
    changeItems(rule, (item) => {
      const field = item.kind === 'field' ? item.field : null
      return checks.item(item, context) && checks.field(field, context) ? change(item) : item
    }) ?? { refused: 'a mapping left nothing of its detection' }
}

type TextChange = (value: TextValue) => Value | readonly Value[] | null

function changingTexts(change: TextChange): Transformation {
  const deep = (value: Value): Value | readonly Value[] | null => {
    if (value.kind === 'text') return change(value)
    if (value.kind !== 'one-of') return null
    const values = value.values.flatMap((one) => deep(one) ?? one)
    return values.every((one, at) => one === value.values[at]) ? null : { kind: 'one-of', values }
  }
  return changing((item) => changeValues(item, deep))
}

function written({ isCased }: TextValue, text: string): TextValue {
  return { kind: 'text', pieces: parseText(text), isCased }
}

/** A text made from what `textInWords` gave: backslashes stand for themselves there, except before wildcards. */
function textLike(value: TextValue, text: string): TextValue {
  const pieces = parseText(
    text.replaceAll(/\\(?![*?])/gu, '\\\\'),
    value.pieces.some((piece) => typeof piece === 'object' && 'placeholder' in piece),
  )
  return { ...value, pieces }
}

function replaceInLiterals(
  value: TextValue,
  pattern: RegExp,
  replacement: string,
  interprets: boolean,
): TextValue {
  const pieces = value.pieces.flatMap((piece): readonly TextPiece[] => {
    if (typeof piece !== 'string') return [piece]
    const text = piece.replace(pattern, replacement)
    return interprets ? parseText(text) : [text]
  })
  return { ...value, pieces: joined(pieces) }
}

/** `\1` and `\g<name>` of Python in JavaScript. */
function asJavaScript(replacement: string): string {
  return replacement
    .replaceAll('$', '$$$$')
    .replaceAll(/\\g<(\w+)>/gu, (_, name: string) => (/^\d+$/u.test(name) ? `$${name}` : `$<${name}>`))
    .replaceAll(/\\(\d{1,2})/gu, '$$$1')
    .replaceAll('\\\\', '\\')
}

function inCase(text: string, method: 'lower' | 'upper' | 'snake_case'): string {
  if (method === 'lower') return text.toLowerCase()
  if (method === 'upper') return text.toUpperCase()
  return text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/gu, '_').toLowerCase()
}

function placeholderFilter(parameters: Parameters): (name: string) => boolean {
  const include = parameters.textsOrNull('include')
  const exclude = parameters.textsOrNull('exclude')
  if (include !== null && exclude !== null) parameters.fail(null, 'include and exclude cannot stand together')
  return (name) => (include === null ? exclude === null || !exclude.includes(name) : include.includes(name))
}

export function placeholdersOf(rule: SigmaRule): string[] {
  const names = new Set<string>()
  const look = (value: Value): void => {
    if (value.kind === 'one-of') for (const one of value.values) look(one)
    else if (value.kind === 'text') {
      for (const piece of value.pieces) {
        if (typeof piece === 'object' && 'placeholder' in piece) names.add(piece.placeholder)
      }
    }
  }
  for (const item of itemsOf(rule.detection)) for (const value of item.values) look(value)
  return [...names]
}

const ALGORITHM_OF_LENGTH: Readonly<Record<number, string>> = {
  32: 'MD5',
  40: 'SHA1',
  64: 'SHA256',
  128: 'SHA512',
}

/** `Hashes: MD5=…` as a field of its own for each algorithm. */
function hashesFields(parameters: Parameters): Transformation {
  const algorithms = new Set(parameters.texts('valid_hash_algos').map((one) => one.toUpperCase()))
  const prefix = parameters.textOrNull('field_prefix') ?? ''
  const dropsName = parameters.flag('drop_algo_prefix')
  return changing((item) => {
    if (item.kind !== 'field' || !/^Hash(?:es)?$/u.test(item.field)) return item
    const byField = new Map<string, Value[]>()
    for (const value of item.values) {
      const text = (wordsOf(value) ?? '').replaceAll('*', '')
      const [name = '', hash] = text.split(/[=|]/u)
      const algorithm = hash === undefined ? (ALGORITHM_OF_LENGTH[text.length] ?? '') : name.toUpperCase()
      if (!algorithms.has(algorithm)) continue
      const field = prefix + (dropsName ? '' : algorithm)
      const own: Value = { kind: 'text', pieces: [hash ?? text], isCased: false }
      byField.set(field, [...(byField.get(field) ?? []), own])
    }
    if (byField.size === 0) return item
    const parts = [...byField].map(([field, values]): FieldTest => ({
      ...item,
      field,
      modifiers: [],
      link: 'some',
      values,
    }))
    const [only] = parts
    return parts.length === 1 && only !== undefined
      ? only
      : { kind: item.isNegated ? 'every' : 'some', parts }
  })
}
