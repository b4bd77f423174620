import { isPathOfKey, isSecretName, MASK } from './secret-names.ts'

const SEPARATOR = /[=:]/g
const NAME_CHAR = /[\w.-]/
/** Part of every name that `isSecretName` knows; most text has none. */
const SOME_NAME = /pass|secret|token|credential|key|pwd/i
const MAX_NAME = 64
const MAX_GAP = 8
/** What may stand before a bare name in `name: value`; a path or a program tag (`passwd:`) is no name. */
const BEFORE_NAME = /[\s{[(,;&?"'\\]/
const BARE_END = /[\s"'&;<>|`]/g
const JSON_END = /[\s,}\]"']/g
const JSON_WORD = /^(?:true|false|null|[[{])/

interface Span {
  readonly start: number
  readonly end: number
}

interface FieldName {
  readonly name: string
  readonly isQuoted: boolean
  readonly start: number
}

/** The name that ends before `at`, over blanks and one closing quote (itself perhaps escaped: JSON inside JSON). */
function nameBefore(text: string, at: number): FieldName {
  let end = at
  for (let i = 0; i < MAX_GAP && (text[end - 1] === ' ' || text[end - 1] === '\t'); i += 1) end -= 1
  const isQuoted = text[end - 1] === '"' || text[end - 1] === "'"
  if (isQuoted) end -= text[end - 2] === '\\' ? 2 : 1
  let start = end
  while (start > 0 && end - start < MAX_NAME && NAME_CHAR.test(text[start - 1] ?? '')) start -= 1
  return { name: text.slice(start, end), isQuoted, start }
}

function endOf(text: string, from: number, stop: RegExp): number {
  stop.lastIndex = from
  return stop.exec(text)?.index ?? text.length
}

/** The end of a quoted value: the same quote again, as escaped as the first one; the text's end where it was cut off. */
function closingQuote(text: string, from: number, quote: string, isEscaped: boolean): number {
  if (isEscaped) {
    const end = text.indexOf(`\\${quote}`, from)
    return end === -1 ? text.length : end
  }
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1
    else if (text[i] === quote) return i
  }
  return text.length
}

function valueAfter(text: string, at: number, field: FieldName): Span | null {
  const isColon = text[at] === ':'
  let start = at + 1
  for (let i = 0; i < MAX_GAP && (text[start] === ' ' || text[start] === '\t'); i += 1) start += 1
  const isEscaped = text[start] === '\\' && (text[start + 1] === '"' || text[start + 1] === "'")
  const quote = text[isEscaped ? start + 1 : start] ?? ''
  if (quote === '"' || quote === "'") {
    const inside = start + (isEscaped ? 2 : 1)
    return { start: inside, end: closingQuote(text, inside, quote, isEscaped) }
  }
  if (!isColon) return { start, end: endOf(text, start, BARE_END) }
  if (field.isQuoted) {
    return JSON_WORD.test(text.slice(start, start + 8)) ? null : { start, end: endOf(text, start, JSON_END) }
  }
  // `password: x` as YAML and forms have it; `passwd:` is a program's tag and `a:b` could be anything.
  const isForm = start > at + 1 && field.name !== 'passwd' && BEFORE_NAME.test(text[field.start - 1] ?? ' ')
  return isForm ? { start, end: endOf(text, start, BARE_END) } : null
}

/** `name=value`, `"name":"value"`, `name: value`, also escaped inside another string: the value of a secret name is masked. */
export function maskFields(text: string): string {
  if (!SOME_NAME.test(text)) return text
  let out = ''
  let at = 0
  SEPARATOR.lastIndex = 0
  for (let match = SEPARATOR.exec(text); match; match = SEPARATOR.exec(text)) {
    const field = nameBefore(text, match.index)
    if (!isSecretName(field.name)) continue
    const value = valueAfter(text, match.index, field)
    if (!value || value.end <= value.start) continue
    if (isPathOfKey(field.name, text.slice(value.start, value.start + 3))) continue
    out += text.slice(at, value.start) + MASK
    at = value.end
    SEPARATOR.lastIndex = value.end
  }
  return out + text.slice(at)
}
