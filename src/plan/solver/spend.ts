import { commonDivisor } from './bound.ts'
import type { Option } from './options.ts'

export interface Spent {
  /** Of each list the one taken, by its place. */
  readonly taken: Int32Array
  readonly worth: number
  /** No other taking within the money is worth more. */
  readonly bound: number
}

/** Tables of so many cells at most. */
const MAX_CELLS = 12_000_000
const MAX_STEPS = 4_000
const ROUNDING = 1e-9
/** Closer than that nothing more is tried. */
const CLOSE = 1e-4

interface Step {
  readonly list: number
  /** From which of its options to which. */
  readonly to: number
  readonly cost: number
  readonly worth: number
}

/**
 * One option of each list, worth as much as can be for the money (the multiple-choice knapsack: Kellerer, Pferschy,
 * Pisinger, Knapsack Problems, 2004, ch. 11). First along the hulls of the lists, which bounds it from above; then the
 * options that could still be part of something better, in a table over the money.
 */
export function spend(lists: readonly (readonly Option[])[], budget: number): Spent {
  const taken = new Int32Array(lists.length)
  const steps = lists
    .flatMap((options, list) => hullOf(options, list))
    .toSorted((a, b) => b.worth * a.cost - a.worth * b.cost || a.list - b.list || a.to - b.to)
  let left = budget
  let worth = 0
  let bound = Number.POSITIVE_INFINITY
  /** What a dollar is worth where the money ends. */
  let price = 0
  const begin = lists.map((options) => options[0]?.worth ?? 0).reduce((sum, one) => sum + one, 0)
  worth += begin
  for (const step of steps) {
    if (step.cost > left + ROUNDING && bound === Number.POSITIVE_INFINITY) {
      bound = worth + (step.worth * left) / step.cost
      price = step.worth / step.cost
    }
    const options = lists[step.list] ?? []
    const [now, then] = [options[taken[step.list] ?? 0], options[step.to]]
    if (now === undefined || then === undefined || then.cost - now.cost > left + ROUNDING) continue
    left -= then.cost - now.cost
    worth += then.worth - now.worth
    taken[step.list] = step.to
  }
  if (bound === Number.POSITIVE_INFINITY) return { taken, worth, bound: worth }
  worth += improve(lists, taken, left)
  if (bound - worth <= CLOSE * worth) return { taken, worth, bound: Math.max(bound, worth) }
  return exchanged(lists, budget, price, { taken, worth, bound })
}

/** The options on the upper hull, as steps from one to the next: ever less for the money. */
function hullOf(options: readonly Option[], list: number): Step[] {
  const hull: number[] = []
  const slope = (from: number, to: number): number => {
    const [a, b] = [options[from], options[to]]
    return a === undefined || b === undefined ? 0 : (b.worth - a.worth) / (b.cost - a.cost)
  }
  for (let at = 0; at < options.length; at += 1) {
    while (hull.length >= 2 && slope(hull.at(-2) ?? 0, hull.at(-1) ?? 0) <= slope(hull.at(-1) ?? 0, at))
      hull.pop()
    hull.push(at)
  }
  return hull.slice(1).map((to, i) => {
    const [a, b] = [options[hull[i] ?? 0], options[to]]
    return { list, to, cost: (b?.cost ?? 0) - (a?.cost ?? 0), worth: (b?.worth ?? 0) - (a?.worth ?? 0) }
  })
}

/** What is left of the money, on whatever gains most with it, over and over. Gives what it gained. */
function improve(lists: readonly (readonly Option[])[], taken: Int32Array, money: number): number {
  let left = money
  let gained = 0
  for (;;) {
    let best: { list: number; to: number; cost: number; worth: number } | null = null
    for (let list = 0; list < lists.length; list += 1) {
      const options = lists[list] ?? []
      const now = options[taken[list] ?? 0]
      if (now === undefined) continue
      for (let to = (taken[list] ?? 0) + 1; to < options.length; to += 1) {
        const then = options[to]
        if (then === undefined || then.cost - now.cost > left + ROUNDING) break
        const worth = then.worth - now.worth
        if (best === null || worth > best.worth) best = { list, to, cost: then.cost - now.cost, worth }
      }
    }
    if (best === null || best.worth <= ROUNDING) return gained
    taken[best.list] = best.to
    left -= best.cost
    gained += best.worth
  }
}

/** Over the options that something better than what is known could hold; all others are as the price says. */
function exchanged(
  lists: readonly (readonly Option[])[],
  budget: number,
  price: number,
  known: Spent,
): Spent {
  const gap = known.bound - known.worth
  const fixed = new Int32Array(lists.length)
  const core: { list: number; options: number[] }[] = []
  let left = budget
  let worth = 0
  for (const [list, options] of lists.entries()) {
    const priced = options.map((option) => option.worth - price * option.cost)
    const most = priced.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const open = priced.flatMap((one, i) => (most - one <= gap + ROUNDING ? [i] : []))
    const [first = 0, second] = open
    if (second !== undefined) {
      core.push({ list, options: open })
      continue
    }
    fixed[list] = first
    left -= options[first]?.cost ?? 0
    worth += options[first]?.worth ?? 0
  }
  if (left < 0) return known
  const unit = unitOf(lists, core, left)
  const width = Math.floor(left / unit + ROUNDING) + 1
  const cells = core.reduce((sum, { options }) => sum + options.length, 0) * width
  if (cells > MAX_CELLS) return known
  // Costs rounded down bound what can be; rounded up they can be paid. Where the unit divides all, they are the same.
  const down = table(lists, core, width, (cost) => Math.floor(cost / unit + ROUNDING))
  const up = table(lists, core, width, (cost) => Math.ceil(cost / unit - ROUNDING))
  const bound = Math.min(known.bound, Math.max(known.worth, worth + down.worth))
  if (worth + up.worth <= known.worth) return { ...known, bound: Math.max(bound, known.worth) }
  const taken = fixed
  for (const [i, { list }] of core.entries()) taken[list] = up.taken[i] ?? 0
  const total = worth + up.worth
  return { taken, worth: total, bound: Math.max(bound, total) }
}

/** A unit that all costs are multiples of, as far as cents go; else one that makes the table small enough. */
function unitOf(
  lists: readonly (readonly Option[])[],
  core: readonly { readonly list: number; readonly options: readonly number[] }[],
  left: number,
): number {
  let cents = 0
  for (const { list, options } of core)
    for (const at of options) {
      const cost = (lists[list]?.[at]?.cost ?? 0) * 100
      if (Math.abs(cost - Math.round(cost)) > 1e-6) return left / MAX_STEPS
      cents = commonDivisor(cents, Math.round(cost))
    }
  const unit = cents / 100
  return unit > 0 && left / unit <= MAX_STEPS ? unit : left / MAX_STEPS
}

/** The most that each amount of money buys, list by list. */
function table(
  lists: readonly (readonly Option[])[],
  core: readonly { readonly list: number; readonly options: readonly number[] }[],
  width: number,
  unitsOf: (cost: number) => number,
): { worth: number; taken: Int32Array } {
  let best = new Float64Array(width)
  const choices: Uint16Array[] = []
  for (const { list, options } of core) {
    const next = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
    const choice = new Uint16Array(width)
    for (const at of options) {
      const option = lists[list]?.[at]
      if (option === undefined) continue
      const units = unitsOf(option.cost)
      for (let money = units; money < width; money += 1) {
        const worth = (best[money - units] ?? 0) + option.worth
        if (worth <= (next[money] ?? 0)) continue
        next[money] = worth
        choice[money] = at
      }
    }
    best = next
    choices.push(choice)
  }
  const taken = new Int32Array(core.length)
  let money = width - 1
  for (let i = core.length - 1; i >= 0; i -= 1) {
    const at = choices[i]?.[money] ?? 0
    taken[i] = at
    money -= unitsOf(lists[core[i]?.list ?? 0]?.[at]?.cost ?? 0)
  }
  return { worth: best[width - 1] ?? Number.NEGATIVE_INFINITY, taken }
}
