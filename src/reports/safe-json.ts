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

/** A JSON array with each element on a line of its own: for programs that read all, and for tools that work by line. */
export function safeJsonLines(values: readonly unknown[]): string {
  const lines = values.map((value) => JSON.stringify(value).replace(HIDDEN, escapeUnits))
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`
}
