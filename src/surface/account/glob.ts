/**
 * Whether a pattern of IAM (`*` any number of characters, `?` one) matches a text, case aside. Two pointers and one
 * way back: at worst the product of both lengths, never more.
 */
export function globMatches(pattern: string, text: string): boolean {
  const p = pattern.toLowerCase()
  const t = text.toLowerCase()
  let at = 0
  let star = -1
  let mark = 0
  let i = 0
  while (i < t.length) {
    if (at < p.length && p[at] === '*') {
      star = at++
      mark = i
    } else if (at < p.length && (p[at] === '?' || p[at] === t[i])) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++mark
    } else {
      return false
    }
  }
  while (at < p.length && p[at] === '*') at++
  return at === p.length
}
