import { NEVER } from './temporal.ts'

/**
 * Rules that shall match one after the other: for each number of links and each last rule, the
 * latest time at which such a chain can have begun. That is all that later events need to know, so
 * a chain costs the square of its rules whatever the number of events. Equal times count as in order.
 *
 * Plain numbers, one after the other: the newest moment; for each rule 1 if it matched in that moment;
 * what was known before it, by links and last rule; what is known with it. So the order within one
 * moment does not matter.
 */
export type Chain = number[]

export function createChain(length: number): Chain {
  const chain = Array<number>(1 + length + 2 * length * length).fill(NEVER)
  return chain.fill(0, 1, 1 + length)
}

/** The rule at `place` of a chain of `length` rules matched. What comes late counts as in the newest moment. */
export function link(chain: Chain, length: number, place: number, time: number): void {
  if (time > (chain[0] ?? NEVER)) {
    chain[0] = time
    const begun = begunAt(length)
    chain.copyWithin(beforeAt(length), begun, chain.length)
    chain.fill(0, 1, 1 + length)
  } else if (chain[1 + place] === 1) return
  chain[1 + place] = 1
  relink(chain, length)
}

/** Most links of a chain that began at `from` or later. */
export function longest(chain: Chain, length: number, from: number): number {
  const begun = begunAt(length)
  for (let links = length; links > 0; links--) {
    const row = begun + (links - 1) * length
    for (let last = links - 1; last < length; last++) if ((chain[row + last] ?? NEVER) >= from) return links
  }
  return 0
}

/** Chains that go back and forth between the two are not known any more: fewer may be found, never more. */
export function mergeChains(one: Chain, other: Chain, length: number): Chain {
  const [newer, older] = (one[0] ?? NEVER) >= (other[0] ?? NEVER) ? [one, other] : [other, one]
  const isSame = newer[0] === older[0]
  const merged = [...newer]
  const known = isSame ? beforeAt(length) : begunAt(length)
  for (let at = 0; at < length * length; at++) {
    const own = beforeAt(length) + at
    merged[own] = Math.max(merged[own] ?? NEVER, older[known + at] ?? NEVER)
  }
  if (isSame) {
    for (let at = 1; at <= length; at++) merged[at] = Math.max(merged[at] ?? 0, older[at] ?? 0)
  }
  relink(merged, length)
  return merged
}

/** Applies all that matched in the newest moment to what was known before, in the order of the chain. */
function relink(chain: Chain, length: number): void {
  const begun = begunAt(length)
  const moment = chain[0] ?? NEVER
  chain.copyWithin(begun, beforeAt(length), begun)
  for (let last = 0; last < length; last++) {
    if (chain[1 + last] !== 1) continue
    chain[begun + last] = moment
    for (let links = 2; links <= last + 1; links++) {
      const row = begun + (links - 1) * length
      let latest = chain[row + last] ?? NEVER
      for (let previous = links - 2; previous < last; previous++) {
        latest = Math.max(latest, chain[row - length + previous] ?? NEVER)
      }
      chain[row + last] = latest
    }
  }
}

function beforeAt(length: number): number {
  return 1 + length
}

function begunAt(length: number): number {
  return 1 + length + length * length
}
