/** Names longer than this are not compared letter by letter. */
const MAX_LENGTH = 64

/**
 * Whether somebody who is called `user` may have written `name` by mistake: other letters of the same
 * size, one name within the other (`tom`, `tom.baker`, `OFFICE\tom`), or a letter or two astray.
 */
export function isSlipOf(name: string, user: string): boolean {
  const [a, b] = [name.toLowerCase(), user.toLowerCase()]
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (a === b) return true
  if (short.length < 3 || long.length > MAX_LENGTH) return false
  return long.includes(short) || lettersAstray(short, long) <= (short.length < 6 ? 1 : 2)
}

/** Optimal string alignment distance: letters put in, left out, changed, or swapped with their neighbour. */
function lettersAstray(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const changed = (last[j - 1] ?? 0) + (isSame ? 0 : 1)
      const least = Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      row.push(isSwapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
