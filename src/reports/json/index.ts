import type { Report } from '../report.ts'

/** Characters JSON allows raw but a terminal should not get: DEL, C1, bidi and other format characters, separators. */
const HIDDEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu

function escapeUnits(char: string): string {
  return Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** JSON with two blanks of indent that is safe to print. */
export function safeJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(HIDDEN, escapeUnits)}\n`
}

/** The contract itself (`src/story/document.ts`): the document as it is. */
export const json: Report = {
  id: 'json',
  title: 'everything, for programs',
  mediaType: 'application/json',
  extension: '.json',
  render: safeJson,
}
