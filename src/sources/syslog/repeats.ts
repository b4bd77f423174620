const FOLDED = 'message repeated '
const LAST = 'last message repeated '
const MAX_REPEATS = 1_000_000

/** `message repeated 5 times: [ Failed password …]` (rsyslog) is the message in brackets, five times more. */
export function unfold(text: string, start: number): { message: string; count: number } {
  const plain = { message: text.slice(start), count: 1 }
  if (!text.startsWith(FOLDED, start)) return plain
  const open = text.indexOf(' times: [', start)
  const close = text.lastIndexOf(']')
  const count = open < 0 ? 0 : countAt(text, start + FOLDED.length, open)
  if (count === 0 || close < open + 9) return plain
  return { message: text.slice(open + 9, close).trim(), count }
}

/** `last message repeated 3 times` (sysklogd): how often the line before came again; 0 for anything else. */
export function repeatsOfLast(text: string, start: number): number {
  const end = text.startsWith(LAST, start) ? text.indexOf(' time', start + LAST.length) : -1
  return end < 0 ? 0 : countAt(text, start + LAST.length, end)
}

function countAt(text: string, start: number, end: number): number {
  const word = text.slice(start, end)
  const count = /^\d{1,7}$/u.test(word) ? Number(word) : 0
  return count <= MAX_REPEATS ? count : 0
}
