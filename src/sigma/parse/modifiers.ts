import {
  DATE_PARTS,
  type DatePart,
  type FieldReference,
  type NumberValue,
  type TextPiece,
  type Value,
} from '../rule.ts'
import { nearestWord } from '../nearest-word.ts'
import { parseCidr } from '../cidr.ts'
import { type Encodable, spellings, toBase64, toBase64Offsets, toUtf16 } from './encode.ts'
import { joined, parseText, plainText, RUN, withDashes } from './text-pattern.ts'

/** What modifiers there are, and with which others each may stand (Sigma modifiers appendix 2.1). */
const PLACE = ['contains', 'startswith', 'endswith'] as const
const ENCODINGS = ['wide', 'utf16', 'utf16le', 'utf16be', 'base64', 'base64offset'] as const
const LINKS = ['all', 'neq'] as const
const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const

const TEXT = new Set<string>([...PLACE, ...ENCODINGS, ...LINKS, 'cased', 'windash', 'expand'])

/** A modifier that says what the value is, and what may stand beside it. The first that is there counts. */
const TYPES: readonly (readonly [string, ReadonlySet<string>])[] = [
  ['exists', new Set(['exists'])],
  ['re', new Set(['re', 'i', 'm', 's', 'cased', ...PLACE, ...LINKS])],
  ['cidr', new Set(['cidr', ...LINKS])],
  ['fieldref', new Set(['fieldref', 'cased', ...PLACE, ...LINKS])],
  ...DATE_PARTS.map((part) => [part, new Set<string>([part, ...COMPARISONS, ...LINKS])] as const),
  ...COMPARISONS.map((one) => [one, new Set<string>([one, 'all'])] as const),
]

const KNOWN = new Set<string>([...TEXT, ...TYPES.flatMap(([name, beside]) => [name, ...beside])])

/** Other names some rules use. */
const ALIASES: Readonly<Record<string, string>> = { ignorecase: 'i', multiline: 'm', dotall: 's' }

export function canonicalModifiers(modifiers: readonly string[]): string[] {
  return modifiers.map((one) => ALIASES[one] ?? one)
}

/** Why modifiers cannot stand together; null when they can. */
export function modifierFault(modifiers: readonly string[], isKeyword: boolean): string | null {
  const unknown = modifiers.find((one) => !KNOWN.has(one))
  if (unknown !== undefined) {
    const meant = nearestWord(unknown.toLowerCase(), [...KNOWN])
    return `unknown modifier ${unknown === '' ? '(nothing after the |)' : unknown}${meant === null ? '' : ` (did you mean ${meant}?)`}`
  }
  const type = typeOf(modifiers)
  const beside = TYPES.find(([name]) => name === type)?.[1] ?? TEXT
  const odd = modifiers.find((one) => !beside.has(one))
  if (odd !== undefined)
    return type === null ? `modifier ${odd} needs re before it` : `modifier ${odd} cannot stand with ${type}`
  if (isKeyword && type !== null && type !== 're') return `modifier ${type} needs a field`
  if (modifiers.includes('base64') && modifiers.includes('base64offset'))
    return 'modifiers base64 and base64offset cannot stand together'
  return null
}

function typeOf(modifiers: readonly string[]): string | null {
  return TYPES.find(([name]) => modifiers.includes(name))?.[0] ?? null
}

export type Scalar = string | number | boolean | null

/** A value as its modifiers make it, or (a string) why that cannot be. Modifiers are known and fit together. */
export function readValue(raw: Scalar, modifiers: readonly string[]): Value | string {
  const type = typeOf(modifiers)
  if (type === 'exists') return readExists(raw)
  if (raw === null)
    return type === null && modifiers.every((one) => one === 'neq' || one === 'all')
      ? { kind: 'null' }
      : `null has no ${modifiers[0] ?? 'meaning'}`
  if (type === 're') return readRegex(raw, modifiers)
  if (type === 'cidr') return readCidr(raw)
  if (type === 'fieldref') return readReference(raw, modifiers)
  if (type !== null) return readNumber(raw, modifiers)
  return readText(String(raw), modifiers)
}

function readExists(raw: Scalar): Value | string {
  if (typeof raw === 'boolean') return { kind: 'exists', isExpected: raw }
  const text = String(raw).toLowerCase()
  if (text === 'true' || text === 'false') return { kind: 'exists', isExpected: text === 'true' }
  return 'exists takes true or false'
}

function readRegex(raw: Scalar, modifiers: readonly string[]): Value {
  const text = String(raw)
  const isPlaced = PLACE.find((one) => modifiers.includes(one))
  // Patterns are searched for anywhere, so `contains` asks for nothing more.
  const source = isPlaced === 'startswith' ? `^(?:${text})` : isPlaced === 'endswith' ? `(?:${text})$` : text
  const flags = {
    isCaseIgnored: modifiers.includes('i'),
    isMultiline: modifiers.includes('m'),
    isDotAll: modifiers.includes('s'),
  }
  return { kind: 'regex', source, flags }
}

function readCidr(raw: Scalar): Value | string {
  const text = String(raw).trim()
  return parseCidr(text) === null
    ? `${text} is no network (10.0.0.0/8, 2001:db8::/32)`
    : { kind: 'cidr', text }
}

function readReference(raw: Scalar, modifiers: readonly string[]): FieldReference | string {
  const field = plainText(parseText(String(raw)))
  if (field === null || field === '') return 'fieldref takes the name of a field'
  const relation = PLACE.find((one) => modifiers.includes(one)) ?? 'equals'
  return { kind: 'field-reference', field, relation, isCased: modifiers.includes('cased') }
}

/** Least and greatest of each part of a date. */
const PART_RANGE: Readonly<Record<DatePart, readonly [number, number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
}

function readNumber(raw: Scalar, modifiers: readonly string[]): NumberValue | string {
  const number = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
  if (typeof number !== 'number' || !Number.isFinite(number)) return `${String(raw)} is no number`
  const part = DATE_PARTS.find((one) => modifiers.includes(one)) ?? null
  const operator = COMPARISONS.find((one) => modifiers.includes(one)) ?? 'eq'
  if (part !== null) {
    const [least, greatest] = PART_RANGE[part]
    if (!Number.isInteger(number) || number < least || number > greatest)
      return `${part} is a whole number from ${least} to ${greatest}`
  }
  return { kind: 'number', operator, part, number }
}

/** Texts: modifiers apply in the order in which they stand. */
function readText(raw: string, modifiers: readonly string[]): Value | string {
  const isCased = modifiers.includes('cased')
  let forms: TextPiece[][] = [parseText(raw, modifiers.includes('expand'))]
  let encoding: Encodable['encoding'] = 'utf8'
  for (const modifier of modifiers) {
    if (modifier === 'contains') forms = forms.map((one) => joined([RUN, ...one, RUN]))
    else if (modifier === 'startswith') forms = forms.map((one) => joined([...one, RUN]))
    else if (modifier === 'endswith') forms = forms.map((one) => joined([RUN, ...one]))
    else if (modifier === 'windash') forms = forms.map((one) => withDashes(one))
    else if (isUtf16(modifier)) {
      const of = encoding
      forms = forms.map((one) =>
        one.map((piece) =>
          typeof piece === 'string' ? toUtf16({ text: piece, encoding: of }, modifier).text : piece,
        ),
      )
      encoding = 'latin1'
    } else if (modifier === 'base64' || modifier === 'base64offset') {
      const encoded = encodeForms(forms, encoding, modifier)
      if (typeof encoded === 'string') return encoded
      forms = encoded
      encoding = 'utf8'
    }
  }
  const [first = []] = forms
  if (forms.length === 1) return { kind: 'text', pieces: first, isCased }
  return { kind: 'one-of', values: forms.map((pieces) => ({ kind: 'text', pieces, isCased })) }
}

function isUtf16(modifier: string): modifier is 'wide' | 'utf16' | 'utf16le' | 'utf16be' {
  return modifier === 'wide' || modifier.startsWith('utf16')
}

function encodeForms(
  forms: readonly TextPiece[][],
  encoding: Encodable['encoding'],
  modifier: 'base64' | 'base64offset',
): TextPiece[][] | string {
  const out: TextPiece[][] = []
  for (const form of forms) {
    const texts = spellings(form)
    if (texts === null) return `${modifier} takes a text without wildcards (put contains behind it)`
    for (const text of texts) {
      const encoded =
        modifier === 'base64' ? [toBase64({ text, encoding })] : toBase64Offsets({ text, encoding })
      out.push(...encoded.map((one) => (one === '' ? [] : [one])))
    }
  }
  return out
}
