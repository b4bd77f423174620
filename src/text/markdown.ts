import { visible } from './visible.ts'

/** What autolinkers turn into links, mentions or references even after backslashes: URLs, `www.`, `user@host`, `#12`. */
const LINKABLE = /(?:@(?=[\w-])|#(?=\d)|:\/\/|(?<=\bwww)\.|(?<=\b(?:mailto|xmpp)):)+/giu
const SPECIAL = /[\\`*_{}[\]<>&|~!$]/g
const ENTITY_ONLY: Readonly<Record<string, string>> = {
  '|': '&#124;',
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
}
const LINE_START = /^(?: +|[#+=-]|\d{1,9}(?=[.)](?:\s|$)))/

function escapeStart(start: string): string {
  if (start.startsWith(' ')) return '&#32;'.repeat(start.length)
  return /\d/.test(start) ? `&#${start.charCodeAt(0)};${start.slice(1)}` : `\\${start}`
}

/**
 * Text as CommonMark/GFM inline content (paragraph, list item, heading, table cell): it shows what it
 * is and makes no markup, HTML, image, link, mention or issue reference. The marks that autolinkers
 * look for become code spans, because they look at the text after backslashes are gone.
 */
export function escapeMarkdown(text: string): string {
  const shown = visible(text)
  let out = ''
  let at = 0
  for (const match of shown.matchAll(LINKABLE)) {
    out += escapeInline(shown.slice(at, match.index)) + `\`${match[0]}\``
    at = match.index + match[0].length
  }
  return (out + escapeInline(shown.slice(at))).replace(LINE_START, escapeStart)
}

function escapeInline(text: string): string {
  return text.replace(SPECIAL, (char) => ENTITY_ONLY[char] ?? `\\${char}`)
}

/** Text as a code span, whatever backticks it holds. Not inside tables: see `markdownCodeCell`. */
export function markdownCode(text: string): string {
  const shown = visible(text)
  if (shown === '') return ''
  let longest = 0
  for (const run of shown.matchAll(/`+/g)) longest = Math.max(longest, run[0].length)
  const fence = '`'.repeat(longest + 1)
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : ''
  return fence + pad + shown + pad + fence
}

/** A code span for a table cell; as escaped text where it holds a `|`, which a code span cannot carry there. */
export function markdownCodeCell(text: string): string {
  return text.includes('|') ? escapeMarkdown(text) : markdownCode(text)
}
