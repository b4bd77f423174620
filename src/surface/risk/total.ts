import type { Range, Sink } from '../document.ts'
import { add, largest, multiply, rounded, ZERO } from './range.ts'

interface AtSink {
  /** Of any of the ways. Changed in place: a large network has hundreds of thousands of them. */
  readonly chance: { low: number; mid: number; high: number }
  loss: Range
}

/** What several exposures put at risk together: what they share can burn only once. */
export function totalAtRisk(
  ways: Iterable<{ readonly likelihood: Range; readonly sinks: readonly Sink[] }>,
): Range {
  const bySink = new Map<string, AtSink>()
  for (const { likelihood, sinks } of ways) {
    for (const { id, usdPerDay } of sinks) {
      const known = bySink.get(id)
      if (known === undefined) bySink.set(id, { chance: { ...likelihood }, loss: usdPerDay })
      else {
        also(known.chance, likelihood)
        known.loss = largest(known.loss, usdPerDay)
      }
    }
  }
  let total = ZERO
  for (const { chance, loss } of bySink.values()) total = add(total, multiply(chance, loss))
  return rounded(total)
}

/** As `eitherOf`. */
function also(chance: AtSink['chance'], more: Range): void {
  chance.low = 1 - (1 - chance.low) * (1 - more.low)
  chance.mid = 1 - (1 - chance.mid) * (1 - more.mid)
  chance.high = 1 - (1 - chance.high) * (1 - more.high)
}
