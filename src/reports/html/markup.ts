import { escapeHtml } from '../../text/html.ts'

/** HTML that was made here. Strings become part of it through `markup` only, which escapes them. */
export class Markup {
  private readonly source: string

  constructor(source: string) {
    this.source = source
  }

  toString(): string {
    return this.source
  }
}

type Insert = string | number | null | false | Markup | readonly Insert[]

function write(insert: Insert): string {
  if (insert instanceof Markup) return insert.toString()
  if (typeof insert === 'string') return escapeHtml(insert)
  if (typeof insert === 'number') return String(insert)
  if (insert === null || insert === false) return ''
  return insert.map(write).join('')
}

/**
 * HTML from a template: whatever is inserted is escaped for text and for double-quoted attributes, unless it
 * is itself `Markup`. Inserts never stand in tag or attribute names, URLs, scripts or styles.
 */
export function markup(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  let out = parts[0] ?? ''
  for (const [i, insert] of inserts.entries()) out += write(insert) + (parts[i + 1] ?? '')
  return new Markup(out)
}

/** Source text of ours that goes in as it is: a style sheet, a script, a drawing. Never text from evidence. */
export function ours(source: string): Markup {
  return new Markup(source)
}
