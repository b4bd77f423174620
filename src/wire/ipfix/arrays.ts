/** UniRec's array in a cell: `[1|-1|1]`; also without brackets, and with `;` or blanks between. Null where something is no number. */
export function readNumbers(cell: string, limit: number): number[] | null {
  return readElements(cell, limit, (text) => {
    const value = Number(text)
    return Number.isFinite(value) ? value : null
  })
}

/** Times of an array, epoch ms. */
export function readTimes(cell: string, limit: number): number[] | null {
  return readElements(cell, limit, readTime)
}

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?Z?$/u
/** Epoch seconds, or milliseconds where that many seconds would be beyond the year 5000. */
const EPOCH = /^\d{9,13}(?:\.\d{1,9})?$/u
const MAX_SECONDS = 100_000_000_000

/** `2021-12-14T16:43:03.704953`, UTC, microseconds kept; or seconds of the epoch. Null where it is neither. */
export function readTime(text: string): number | null {
  const trimmed = text.trim()
  if (EPOCH.test(trimmed)) {
    const value = Number(trimmed)
    return value < MAX_SECONDS ? value * 1000 : value
  }
  if (!TIME.test(trimmed)) return null
  const seconds = Date.parse(`${trimmed.slice(0, 10)}T${trimmed.slice(11, 19)}Z`)
  if (Number.isNaN(seconds)) return null
  const fraction = trimmed.slice(20).replace('Z', '')
  return fraction === '' ? seconds : seconds + Number(`0.${fraction}`) * 1000
}

function readElements(cell: string, limit: number, read: (text: string) => number | null): number[] | null {
  const inner = cell.replace(/^\s*\[?/u, '').replace(/\]?\s*$/u, '')
  if (inner.trim() === '') return []
  const values: number[] = []
  for (const text of inner.split(separatorOf(inner), limit)) {
    const value = text.trim() === '' ? null : read(text)
    if (value === null) return null
    values.push(value)
  }
  return values
}

function separatorOf(text: string): string {
  if (text.includes('|')) return '|'
  if (text.includes(';')) return ';'
  return text.includes(',') ? ',' : ' '
}
