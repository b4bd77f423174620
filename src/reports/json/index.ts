import type { Report } from '../report.ts'

/** Characters JSON allows raw but a terminal should not get: DEL, C1, bidi and other format characters, separators. */
const HIDDEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu

function escapeUnits(char: string): string {
  return Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** The contract itself (`src/story/document.ts`): the document as it is, two blanks of indent, safe to print. */
export const json: Report = {
  id: 'json',
  title: 'everything, for programs',
  mediaType: 'application/json',
  extension: '.json',
  render: (investigation) => `${JSON.stringify(investigation, null, 2).replace(HIDDEN, escapeUnits)}\n`,
}
