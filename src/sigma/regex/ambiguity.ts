import { type CharSet, EVERYTHING, intersection, overlaps, union } from './char-set.ts'
import type { Pattern } from './pattern.ts'

/**
 * How the work of a backtracking matcher grows with the length n of a text: at most about
 * `factor × n^degree` steps. `degree` is Infinity where it can grow exponentially, or where that
 * cannot be told.
 */
export interface Growth {
  readonly degree: number
  readonly factor: number
}

const HOPELESS: Growth = { degree: Infinity, factor: 1 }
const MAX_POSITIONS = 1500
/** A repetition of exactly so many times is looked at as a sequence. */
const MAX_COPIES = 16
const MAX_PAIRS = 40_000
const MAX_FACTOR = 4096

/**
 * Growth from the ambiguity of the position automaton (Glushkov): exponential when one state can be
 * left and reached again on two ways that read the same text; else one power for every chain of
 * loops that can share a text, and one for the place where the search begins. Weideman et al.,
 * "Analyzing matching time behavior of backtracking regular expression matchers" (2016).
 */
export function growthOf(pattern: Pattern): Growth {
  return growthFrom(pattern, isAnchored(pattern))
}

/** Whether a match can only begin where the text does, so that no other beginning is tried. */
function isAnchored(pattern: Pattern): boolean {
  if (pattern.kind === 'anchor') return pattern.at === 'start'
  if (pattern.kind === 'choice') return pattern.parts.every((part) => isAnchored(part))
  if (pattern.kind === 'capture') return isAnchored(pattern.part)
  const [first] = pattern.kind === 'sequence' ? pattern.parts : []
  return first !== undefined && isAnchored(first)
}

function growthFrom(pattern: Pattern, startsOnce: boolean): Growth {
  const automaton = build(pattern, startsOnce)
  if (automaton === null) return HOPELESS
  const components = loops(automaton)
  if (components === null || components.some((component) => isExponential(component, automaton)))
    return HOPELESS
  const factor = choiceFactor(automaton, components) * 2 ** automaton.doubled.length
  if (factor > MAX_FACTOR) return HOPELESS
  let { lookDegree } = automaton
  for (const look of automaton.looks) {
    // Tried at one place at a time.
    const inner = growthFrom(look, true)
    if (inner.degree === Infinity) return HOPELESS
    lookDegree = Math.max(lookDegree, inner.degree)
  }
  return { degree: degreeOf(automaton, components) + lookDegree, factor }
}

/** States are the sets of the pattern; `follow` says which can come next. State 0 is the search for the beginning. */
interface Automaton {
  readonly sets: CharSet[]
  readonly follow: Set<number>[]
  readonly looks: Pattern[]
  /** Steps that can be made in two ways, as in `(a+)+`. */
  readonly doubled: (readonly [number, number])[]
  lookDegree: number
}

interface Fragment {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly isNullable: boolean
}

const EMPTY: Fragment = { first: [], last: [], isNullable: true }

function build(pattern: Pattern, startsOnce: boolean): Automaton | null {
  const automaton: Automaton = {
    sets: [EVERYTHING],
    follow: [new Set(startsOnce ? [] : [0])],
    looks: [],
    doubled: [],
    lookDegree: 0,
  }
  const whole = fragment(pattern, automaton)
  if (whole === null) return null
  for (const state of whole.first) automaton.follow[0]?.add(state)
  return automaton
}

function fragment(pattern: Pattern, automaton: Automaton): Fragment | null {
  switch (pattern.kind) {
    case 'set': {
      if (automaton.sets.length >= MAX_POSITIONS) return null
      const state = automaton.sets.push(pattern.set) - 1
      automaton.follow.push(new Set())
      return { first: [state], last: [state], isNullable: false }
    }
    case 'reference':
      return loop(fragment({ kind: 'set', set: EVERYTHING }, automaton), automaton, true)
    case 'look':
      automaton.looks.push(pattern.part)
      return EMPTY
    case 'anchor':
      return EMPTY
    case 'capture':
      return fragment(pattern.part, automaton)
    case 'repeat': {
      if (pattern.min === pattern.max && pattern.max > 1 && pattern.max <= MAX_COPIES) {
        const parts = Array.from({ length: pattern.max }, () => pattern.part)
        return fragment({ kind: 'sequence', parts }, automaton)
      }
      const part = fragment(pattern.part, automaton)
      // Counted repetitions are taken for loops: never less work than they really are.
      if (pattern.max > 1) return loop(part, automaton, pattern.min === 0)
      return part === null ? null : { ...part, isNullable: part.isNullable || pattern.min === 0 }
    }
    case 'choice': {
      const parts = pattern.parts.map((part) => fragment(part, automaton))
      if (!parts.every((part) => part !== null)) return null
      return {
        first: parts.flatMap((part) => part.first),
        last: parts.flatMap((part) => part.last),
        isNullable: parts.some((part) => part.isNullable),
      }
    }
    default: {
      let whole: Fragment = EMPTY
      for (const part of pattern.parts) {
        const next = fragment(part, automaton)
        if (next === null) return null
        connect(whole.last, next.first, automaton)
        whole = {
          first: whole.isNullable ? [...whole.first, ...next.first] : whole.first,
          last: next.isNullable ? [...whole.last, ...next.last] : next.last,
          isNullable: whole.isNullable && next.isNullable,
        }
      }
      return whole
    }
  }
}

function loop(part: Fragment | null, automaton: Automaton, isNullable: boolean): Fragment | null {
  if (part === null) return null
  connect(part.last, part.first, automaton)
  return { ...part, isNullable: isNullable || part.isNullable }
}

function connect(from: readonly number[], to: readonly number[], { follow, doubled }: Automaton): void {
  for (const state of from) {
    for (const next of to) {
      if (follow[state]?.has(next) === true) doubled.push([state, next])
      follow[state]?.add(next)
    }
  }
}

/** Strongly connected components that are loops, each before those it leads to. Null when there is too much to look at. */
function loops({ sets, follow }: Automaton): number[][] | null {
  const size = sets.length
  const reach = Array.from({ length: size }, (_, state) => reachable(state, follow))
  const found: number[][] = []
  const isDone = new Uint8Array(size)
  let edges = 0
  for (const one of follow) edges += one.size
  if (edges * size > 20_000_000) return null
  for (let state = 0; state < size; state++) {
    if (isDone[state] === 1 || reach[state]?.has(state) !== true) continue
    const component = [...(reach[state] ?? [])].filter((other) => reach[other]?.has(state) === true)
    for (const member of component) isDone[member] = 1
    found.push(component)
  }
  return found
}

function reachable(from: number, follow: readonly Set<number>[]): Set<number> {
  const seen = new Set<number>()
  const open = [...(follow[from] ?? [])]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue
    seen.add(state)
    for (const next of follow[state] ?? []) if (!seen.has(next)) open.push(next)
  }
  return seen
}

/**
 * Whether two different states of a loop can be reached from one state and lead back to it, both
 * times reading the same text.
 */
function isExponential(component: readonly number[], { sets, follow, doubled }: Automaton): boolean {
  const within = new Set(component)
  if (doubled.some(([from, to]) => within.has(from) && within.has(to))) return true
  if (component.length === 1) return false
  if (component.length ** 2 > MAX_PAIRS) return true
  const nextOf = component.map((state) => [...(follow[state] ?? [])].filter((one) => within.has(one)))
  const index = new Map(component.map((state, i) => [state, i]))
  const size = component.length
  const forward = Array.from({ length: size * size }, (): number[] => [])
  const backward = Array.from({ length: size * size }, (): number[] => [])
  let edges = 0
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      for (const c of nextOf[a] ?? []) {
        for (const d of nextOf[b] ?? []) {
          if (!overlaps(sets[c] ?? [], sets[d] ?? [])) continue
          if (++edges > 2_000_000) return true
          const to = (index.get(c) ?? 0) * size + (index.get(d) ?? 0)
          forward[a * size + b]?.push(to)
          backward[to]?.push(a * size + b)
        }
      }
    }
  }
  for (let state = 0; state < size; state++) {
    const same = state * size + state
    const out = spread(same, forward)
    const back = spread(same, backward)
    for (const pair of out) if (back.has(pair) && Math.floor(pair / size) !== pair % size) return true
  }
  return false
}

function spread(from: number, edges: readonly (readonly number[])[]): Set<number> {
  const seen = new Set([from])
  const open = [from]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of edges[state] ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  return seen
}

/** One for the scan, and one more wherever a loop can hand text over to a later one. */
function degreeOf(automaton: Automaton, components: readonly number[][]): number {
  const alphabets = components.map((component) =>
    union(component.map((state) => automaton.sets[state] ?? [])),
  )
  const reaches = components.map((component) => reachable(component[0] ?? 0, automaton.follow))
  const order = components
    .map((_, i) => i)
    .toSorted((a, b) => (reaches[b]?.size ?? 0) - (reaches[a]?.size ?? 0))
  const degrees = new Map<number, number>()
  let highest = components.length === 0 ? 0 : 1
  for (const to of order) {
    let degree = 1
    for (const from of order) {
      const before = degrees.get(from)
      if (before === undefined || reaches[from]?.has(components[to]?.[0] ?? -1) !== true) continue
      const shared = intersection(alphabets[from] ?? [], alphabets[to] ?? [])
      const isShared =
        shared.length > 0 && leads(components[from] ?? [], components[to] ?? [], shared, automaton)
      degree = Math.max(degree, before + (isShared ? 1 : 0))
    }
    degrees.set(to, degree)
    highest = Math.max(highest, degree)
  }
  return highest
}

/** Whether a way from one loop to the other reads nothing but characters of `shared`. */
function leads(
  from: readonly number[],
  to: readonly number[],
  shared: CharSet,
  { sets, follow }: Automaton,
): boolean {
  const targets = new Set(to)
  const seen = new Set(from)
  const open = [...from]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of follow[state] ?? []) {
      if (seen.has(next) || !overlaps(sets[next] ?? [], shared)) continue
      if (targets.has(next)) return true
      seen.add(next)
      open.push(next)
    }
  }
  return false
}

/** How many ways there are at most through the parts that are no loops. */
function choiceFactor({ sets, follow }: Automaton, components: readonly number[][]): number {
  const looped = new Set(components.flat())
  let factor = 1
  for (const [state, next] of follow.entries()) {
    if (looped.has(state) && state !== 0) continue
    const ways = [...next].filter((one) => one !== 0)
    let most = 1
    for (const one of ways.slice(0, 200)) {
      const alike = ways.filter((other) => overlaps(sets[one] ?? [], sets[other] ?? [])).length
      most = Math.max(most, alike)
    }
    factor *= most
    if (factor > MAX_FACTOR * 1024) return factor
  }
  return factor
}
