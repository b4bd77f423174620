/** A value as a text for rules: objects as their JSON; null for null and what is no value. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  if (typeof value !== 'object' || value === null) return null
  try {
    return JSON.stringify(value)
  } catch {
    // Nested beyond what can be written.
    return ''
  }
}

/** Values of a record beyond this are not looked at for keywords. */
const MAX_VALUES = 100_000

/** All values of a record in their order, one a line. */
export function wholeText(record: Readonly<Record<string, unknown>>): string {
  const texts: string[] = []
  const open: unknown[] = [record]
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value === 'object' && value !== null) {
      if (texts.length + open.length > MAX_VALUES) break
      const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
      for (let i = inner.length - 1; i >= 0; i--) open.push(inner[i] ?? null)
    } else if (value !== null && value !== undefined) {
      const text = textOf(value)
      if (text !== null) texts.push(text)
    }
  }
  return texts.join('\n')
}
