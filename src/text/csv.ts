import { visible } from './visible.ts'

/** Spreadsheets read a field that begins so as a formula (the wide forms too, in some locales). */
const FORMULA = /^[\s'"]*[=+\-@＝＋－＠]/u
const NEEDS_QUOTES = /[",;\r\n]|^\s|\s$/

/** One field after RFC 4180. Text that a spreadsheet would calculate gets a leading apostrophe; hidden characters are made visible. */
export function csvField(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  // Asked before escaping too: a leading tab or carriage return lets a formula through in some programs.
  const guarded = (FORMULA.test(value) || /^[\t\r]/.test(value) ? "'" : '') + visible(value)
  return NEEDS_QUOTES.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** One row with its line end (CRLF, RFC 4180). */
export function csvRow(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(csvField).join(',')}\r\n`
}
