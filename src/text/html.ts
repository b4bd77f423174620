import { visible } from './visible.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/**
 * Text for HTML content and for quoted attribute values; hidden characters are made visible first.
 * Not for scripts, styles, URLs or unquoted attributes: evidence never goes there.
 */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (char) => ENTITIES[char] ?? '')
}
