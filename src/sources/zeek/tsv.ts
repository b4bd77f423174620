import type { Fields } from '../json/fields.ts'

/** How a field is written. */
type Shape = 'text' | 'number' | 'boolean' | 'list'

interface Column {
  readonly name: string
  readonly shape: Shape
}

const SHAPES: Readonly<Record<string, Shape>> = {
  time: 'number',
  interval: 'number',
  double: 'number',
  count: 'number',
  int: 'number',
  port: 'number',
  bool: 'boolean',
}
/** The widest log of Zeek has some 60 columns. */
const MAX_COLUMNS = 512
const MAX_SEPARATOR = 8

/**
 * Reads Zeek's own format: a head that says how it is written (`#separator`, `#set_separator`, `#empty_field`,
 * `#unset_field`, `#path`, `#fields`, `#types`), then lines of values. A head may come again at any time, where
 * files were joined or the log began anew.
 */
export class TsvReader {
  path: string | null = null
  #separator = '\t'
  #setSeparator = ','
  #empty = '(empty)'
  #unset = '-'
  #names: readonly string[] = []
  #types: readonly string[] = []
  #columns: readonly Column[] = []

  /** `head` for lines that begin with `#`, `none` for values that no head explains. */
  read(text: string): Fields | 'head' | 'none' {
    if (text.charCodeAt(0) === 35) {
      this.#readHead(text)
      return 'head'
    }
    const columns = this.#columns
    if (columns.length === 0) return 'none'
    const values = text.split(this.#separator, columns.length + 1)
    if (values.length !== columns.length) return 'none'
    const fields: [string, unknown][] = []
    for (const [index, column] of columns.entries()) {
      const value = values[index] ?? ''
      if (value !== this.#unset) fields.push([column.name, this.#valueOf(value, column.shape)])
    }
    return Object.fromEntries(fields)
  }

  #readHead(text: string): void {
    // `#separator` itself stands before a blank, everything else before the separator.
    if (text.startsWith('#separator ')) {
      const separator = unescapedText(text.slice(11))
      if (separator !== '' && separator.length <= MAX_SEPARATOR) this.#separator = separator
      return
    }
    const [name = '', ...values] = text.split(this.#separator, MAX_COLUMNS)
    const [first = ''] = values
    if (name === '#set_separator') this.#setSeparator = first === '' ? ',' : first
    else if (name === '#empty_field') this.#empty = first
    else if (name === '#unset_field') this.#unset = first
    else if (name === '#path') this.path = first
    else if (name === '#fields') this.#explain(values, [])
    else if (name === '#types') this.#explain(this.#names, values)
  }

  #explain(names: readonly string[], types: readonly string[]): void {
    this.#names = names
    this.#types = types
    this.#columns = names.map((name, index) => ({ name, shape: shapeOf(this.#types[index] ?? 'string') }))
  }

  #valueOf(value: string, shape: Shape): unknown {
    if (shape === 'list') {
      if (value === this.#empty) return []
      return value.split(this.#setSeparator).map((item) => (item === this.#unset ? '' : unescapedText(item)))
    }
    if (value === this.#empty) return ''
    if (shape === 'boolean') return value === 'T'
    const number = shape === 'number' ? Number(value) : Number.NaN
    return Number.isNaN(number) ? unescapedText(value) : number
  }
}

function shapeOf(type: string): Shape {
  return /^(?:set|vector|table)\[/u.test(type) ? 'list' : (SHAPES[type] ?? 'text')
}

/** Zeek writes what would break a line or a column as `\x09`. */
function unescapedText(text: string): string {
  if (!text.includes('\\x')) return text
  return text.replaceAll(/(?:\\x[0-9a-f]{2})+/giu, (run) =>
    Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'),
  )
}

/** `#separator \x09` and the lines below it, or a log that lost its first ones. */
export function isTsvHead(text: string): boolean {
  return /^#separator \\x[0-9a-f]{2}/iu.test(text) || /^#(?:path|fields)\t/u.test(text)
}
