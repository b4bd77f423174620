/** The known word that somebody who wrote `word` most likely meant; null when none is close. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = word.length <= 3 ? 2 : 3
  for (const one of known) {
    if (Math.abs(one.length - word.length) >= least || word.length > MAX_LENGTH) continue
    const distance = editDistance(word, one)
    if (distance < least) {
      least = distance
      best = one
    }
  }
  return best
}

const MAX_LENGTH = 100

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
