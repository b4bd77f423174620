import type { AuditRecord } from './record.ts'

/** Fields of a record as written: `"bash"` keeps its quotes, hex is not decoded. Names after the enrichment mark are in capitals. */
export interface Fields {
  get(name: string): string | undefined
}

/** Separates the fields of the kernel from those that auditd adds with `log_format = ENRICHED`. */
const ENRICHMENT_MARK = 0x1d
const SPACE = 32
const QUOTE = 34
const APOSTROPHE = 39
const EQUALS = 61
const BRACE = 123
/** More fields than any record has: what comes behind is not read. */
const MAX_FIELDS = 512

/**
 * The fields of a record. Those of the kernel's own are looked up as they are asked for: it writes a
 * value with a blank in hex, so ` name=` stands nowhere but before a field.
 */
export function fieldsOf(record: AuditRecord): Fields {
  return KERNEL_TYPES.has(record.type) && !record.isInterpreted
    ? new KernelFields(record)
    : splitFields(record)
}

const KERNEL_TYPES: ReadonlySet<string> = new Set(['SYSCALL', 'PATH', 'CWD', 'SOCKADDR', 'OBJ_PID'])

class KernelFields implements Fields {
  readonly #text: string
  readonly #from: number

  constructor(record: AuditRecord) {
    this.#text = record.identity
    this.#from = record.fieldsAt - 1
  }

  get(name: string): string | undefined {
    const needle = ` ${name}=`
    const at = this.#text.indexOf(needle, this.#from)
    if (at < 0) return undefined
    const start = at + needle.length
    return this.#text.slice(start, valueEnd(this.#text, start))
  }
}

/**
 * Splits `key=value key="value" msg='key=value …'`. The fields of a user-space message (`msg='…'`)
 * are read as the record's own. Words without `=` belong to the value before them in interpreted
 * text and mean nothing elsewhere.
 */
export function splitFields(record: AuditRecord): ReadonlyMap<string, string> {
  const text = record.identity
  const fields = new Map<string, string>()
  let at = record.fieldsAt
  let last = ''
  while (at < text.length && fields.size < MAX_FIELDS) {
    const start = skipSeparators(text, at)
    const end = wordEnd(text, start)
    if (text.charCodeAt(end) !== EQUALS) {
      if (end === start) break
      if (record.isInterpreted && last !== '') append(fields, last, text.slice(start, end))
      at = end
      continue
    }
    const key = text.slice(start, end)
    at = end + 1
    if (text.charCodeAt(at) === APOSTROPHE) {
      at++
      continue
    }
    const stop = valueEnd(text, at)
    // The first one counts: a value that smuggles in a second `res=` changes nothing.
    if (!fields.has(key)) fields.set(key, trimValue(text.slice(at, stop)))
    // ausearch -i writes each of several rule keys as a field of its own.
    else if (key === 'key') fields.set(key, `${fields.get(key)},${text.slice(at, stop)}`)
    last = key
    at = stop
  }
  return fields
}

function append(fields: Map<string, string>, key: string, word: string): void {
  fields.set(key, `${fields.get(key) ?? ''} ${word}`)
}

function skipSeparators(text: string, from: number): number {
  let at = from
  while (at < text.length && isSeparator(text.charCodeAt(at))) at++
  return at
}

/** Also the brackets and commas of messages as libaudit wrote them before version 2. */
function isSeparator(code: number): boolean {
  return (
    code === SPACE ||
    code === ENRICHMENT_MARK ||
    code === APOSTROPHE ||
    code === 40 ||
    code === 44 ||
    code === QUOTE
  )
}

function wordEnd(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === EQUALS || code === SPACE || code === ENRICHMENT_MARK) break
    at++
  }
  return at
}

function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from)
  if (first === QUOTE) {
    const close = text.indexOf('"', from + 1)
    return close < 0 ? text.length : close + 1
  }
  if (first === BRACE) {
    const close = text.indexOf('}', from + 1)
    return close < 0 ? text.length : close + 1
  }
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === SPACE || code === ENRICHMENT_MARK) break
    at++
  }
  return at
}

/** Takes off what closes an old message: `terminal=ssh res=failed)'`, `hostname=web,`. */
function trimValue(value: string): string {
  let end = value.length
  while (end > 0) {
    const code = value.charCodeAt(end - 1)
    const isClosing = code === APOSTROPHE || code === 44 || (code === 41 && value.charCodeAt(0) !== 40)
    if (!isClosing) break
    end--
  }
  return end === value.length ? value : value.slice(0, end)
}

const HEX = /^(?:[0-9A-F]{2})+$/u

/**
 * The text of a field that auditd encodes (comm, exe, cwd, name, acct, cmd, key, arguments …):
 * quoted where it is harmless, upper-case hex where it is not; null for `(null)`, `?` and absence.
 */
export function decoded(value: string | undefined, isInterpreted: boolean): string | null {
  if (value === undefined || value === '' || value === '(null)' || value === '?' || value === '(none)')
    return null
  if (value.charCodeAt(0) === QUOTE)
    return value === '"?"' ? null : value.slice(1, value.endsWith('"') ? -1 : undefined)
  if (!isInterpreted && HEX.test(value)) return Buffer.from(value, 'hex').toString('utf8')
  return value
}

/** The text of a field that is never encoded. */
export function plain(value: string | undefined): string | null {
  return decoded(value, true)
}

const UNSET = 4_294_967_295

/** A decimal number; null where absent, unset (-1) or not a number. */
export function decimal(value: string | undefined): number | null {
  if (value === undefined || !/^-?\d{1,15}$/u.test(value)) return null
  const number = Number(value)
  return number === UNSET || number === -1 ? null : number
}

/** A user id: a number, or a name from `ausearch -i`, of which only root's number is known. */
export function userId(value: string | undefined): number | null {
  return value === 'root' ? 0 : decimal(value)
}

/** The audit session; null outside of any. */
export function sessionOf(fields: Fields): string | null {
  const session = fields.get('ses')
  if (session === undefined || session === 'unset' || session === '4294967295' || session === '-1')
    return null
  return session
}

/** Arguments of system calls: hexadecimal without prefix (`0x…` from ausearch -i). */
export function argument(value: string | undefined): bigint | null {
  if (value === undefined) return null
  const hex = value.startsWith('0x') ? value.slice(2) : value
  return /^[0-9a-fA-F]{1,16}$/u.test(hex) ? BigInt(`0x${hex}`) : null
}

/** `success=yes`, `res=success`, `res=1`. */
export function isSuccessful(fields: Fields): boolean {
  const result = fields.get('success') ?? fields.get('res') ?? fields.get('result')
  return result === 'yes' || result === 'success' || result === '1'
}

/** The name of an account given by number: looked up by auditd (`ID="eve"`) or by ausearch -i, else `root` or `#1002`. */
export function numberedAccount(fields: Fields): string | null {
  const id = fields.get('id')
  for (const name of [plain(fields.get('ID')), id ?? null]) {
    if (name !== null && name !== 'unset' && /^[a-z_]/iu.test(name) && !name.startsWith('unknown'))
      return name
  }
  const number = decimal(id) ?? decimal(/^unknown\((\d{1,10})\)$/u.exec(id ?? '')?.[1])
  return number === null ? null : number === 0 ? 'root' : `#${number}`
}
