/** A set of code points as sorted ranges that do not touch: `[[97, 122]]`. */
export type CharSet = readonly (readonly [number, number])[]

const LAST = 0x10ffff
export const EVERYTHING: CharSet = [[0, LAST]]
export const DIGIT: CharSet = [[0x30, 0x39]]
export const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
/** PCRE: space, tab, line feed, vertical tab, form feed, carriage return. */
export const SPACE: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
]
export const HORIZONTAL: CharSet = [
  [0x09, 0x09],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]
export const VERTICAL: CharSet = [
  [0x0a, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
]

export function single(code: number): CharSet {
  return [[code, code]]
}

export function union(sets: readonly CharSet[]): CharSet {
  const sorted = sets.flat().toSorted((a, b) => a[0] - b[0])
  const out: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = out.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}

export function complement(set: CharSet): CharSet {
  const out: [number, number][] = []
  let next = 0
  for (const [from, to] of set) {
    if (from > next) out.push([next, from - 1])
    next = to + 1
  }
  if (next <= LAST) out.push([next, LAST])
  return out
}

export function overlaps(a: CharSet, b: CharSet): boolean {
  let i = 0
  let j = 0
  for (;;) {
    const x = a[i]
    const y = b[j]
    if (x === undefined || y === undefined) return false
    if (x[1] < y[0]) i++
    else if (y[1] < x[0]) j++
    else return true
  }
}

export function intersection(a: CharSet, b: CharSet): CharSet {
  const out: [number, number][] = []
  for (const [from, to] of a) {
    for (const [low, high] of b) {
      const [start, end] = [Math.max(from, low), Math.min(to, high)]
      if (start <= end) out.push([start, end])
    }
  }
  return union([out])
}

/** Beyond so many characters of a range the other case is only looked up for ASCII. */
const MAX_FOLDED = 512

/** The set with the other case of each of its letters. */
export function withBothCases(set: CharSet): CharSet {
  const more: [number, number][] = []
  for (const [from, to] of set) {
    const last = to - from > MAX_FOLDED ? Math.min(to, 0x7f) : to
    for (let code = from; code <= last; code++) {
      const char = String.fromCodePoint(code)
      for (const other of [char.toLowerCase(), char.toUpperCase()]) {
        const otherCode = other.codePointAt(0) ?? code
        if (otherCode !== code && String.fromCodePoint(otherCode) === other) more.push([otherCode, otherCode])
      }
    }
  }
  return more.length === 0 ? set : union([set, more])
}
