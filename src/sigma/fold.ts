/**
 * Text as it is compared where case does not count: Unicode lower case. The sigma that ends a word
 * is written like any other, so that a part of a text folds to a part of the folded text.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower
}
