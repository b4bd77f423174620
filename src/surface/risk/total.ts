import type { Range, Sink } from '../document.ts'
import { add, eitherOf, largest, multiply, rounded, ZERO } from './range.ts'

/** What several exposures put at risk together: what they share can burn only once. */
export function totalAtRisk(
  ways: Iterable<{ readonly likelihood: Range; readonly sinks: readonly Sink[] }>,
): Range {
  const bySink = new Map<string, { chance: Range; loss: Range }>()
  for (const { likelihood, sinks } of ways) {
    for (const { id, usdPerDay } of sinks) {
      const known = bySink.get(id)
      bySink.set(id, {
        chance: known === undefined ? likelihood : eitherOf(known.chance, likelihood),
        loss: known === undefined ? usdPerDay : largest(known.loss, usdPerDay),
      })
    }
  }
  let total = ZERO
  for (const { chance, loss } of bySink.values()) total = add(total, multiply(chance, loss))
  return rounded(total)
}
