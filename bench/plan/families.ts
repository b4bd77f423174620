import type { PlanProblem, ProblemEffect, ProblemMeasure } from '../../src/plan/solver/problem.ts'
import { Draw } from '../sigma/records.ts'

/** Problems that are hard for choosing under budgets, by seed; `size` is the number of ways in. */
export type Family = (size: number, seed: number) => PlanProblem

const UNLIMITED = Number.POSITIVE_INFINITY

/** What every measure of a family brings for its money lies close together: greedy choices leave money over. */
const nearEqualRatios: Family = (size, seed) => {
  const draw = new Draw(seed)
  return paidDoors(size, draw, (worth) => worth * (1 + draw.below(20) / 1000), 0.3)
}

/** The dearer, the better, plus a constant: strongly correlated knapsacks (Pisinger 2005). */
const correlated: Family = (size, seed) =>
  paidDoors(size, new Draw(seed), (worth) => Math.max(1, worth - 10), 0.4)

/** Few large measures and a budget that holds two of them and a half. */
const fewLarge: Family = (size, seed) => {
  const draw = new Draw(seed)
  return { ...paidDoors(size, draw, () => 40 + draw.below(20), 0), budget: budget({ usdPerMonth: 125 }) }
}

/** Each of many controls is good for some ways of many, and many overlap: set cover under friction. */
const cover: Family = (size, seed) => {
  const draw = new Draw(seed)
  const kinds = Array.from({ length: 40 }, (_, i) => ({ id: `k${i}`, friction: 1 + draw.below(5) / 2 }))
  const measures = kinds.flatMap((_, kind) =>
    Array.from({ length: size }, (_1, way) => way)
      .filter(() => draw.below(8) === 0)
      .map((way) => measure(kind, 0, [wayEffect(way, `layer-${kind % 3}`, 0.5 + draw.below(5) / 10)])),
  )
  return { ...ownSinks(size, draw), kinds, measures, budget: budget({ friction: 10 }) }
}

/** Controls whose friction and worth go together, all of one size. */
const frictionKnapsack: Family = (size, seed) => {
  const draw = new Draw(seed)
  const kinds = Array.from({ length: 60 }, (_, i) => ({ id: `k${i}`, friction: 1 + draw.below(100) / 100 }))
  const measures = Array.from({ length: size }, (_, way) => measure(way % 60, 0, [wayEffect(way, 'a', 0.9)]))
  return { ...ownSinks(size, draw), kinds, measures, budget: budget({ friction: 15.5 }) }
}

/** Several ways into each sink: closing all of them pays, closing one hardly. Every closing costs money. */
const alternatives: Family = (size, seed) => {
  const draw = new Draw(seed)
  const count = Math.max(1, Math.floor(size / 4))
  const sinks = Array.from({ length: count }, (_, i) => ({ id: `s${i}`, value: 20 + draw.below(200) }))
  const ways = Array.from({ length: size }, (_, i) => ({
    id: `w${i}`,
    likelihood: 0.5 + draw.below(5) / 10,
    sinks: [i % count],
  }))
  const measures = ways.map((_, way) => measure(0, 1 + draw.below(9), [wayEffect(way, 'a', 0.95)]))
  return {
    sinks,
    ways,
    kinds: [{ id: 'k', friction: 0 }],
    measures,
    budget: budget({ usdPerMonth: size * 1.5 }),
  }
}

/** Machines that carry little, several things that each would ask of them, and little money as well. */
const tightMachines: Family = (size, seed) => {
  const draw = new Draw(seed)
  const kinds = Array.from({ length: 6 }, (_, i) => ({ id: `k${i}`, friction: 1 }))
  const measures = Array.from({ length: size }, (_, way) => way).flatMap((way) =>
    kinds.map((_, kind) => ({
      ...measure(kind, draw.below(3) === 0 ? 1 + draw.below(6) : 0, [
        wayEffect(way, `layer-${kind}`, 0.2 + draw.below(7) / 10),
      ]),
      loads: [
        { asset: way >> 1, cpuPercent: 1 + draw.below(20) / 10, downtimeSeconds: 10 * (1 + draw.below(4)) },
      ],
    })),
  )
  return {
    ...ownSinks(size, draw),
    kinds,
    measures,
    budget: { cpuPercent: 4, usdPerMonth: size / 2, friction: 5, downtimeSeconds: 60 },
  }
}

/** Everything at once: controls with friction whose measures cost money, on ways that share sinks. */
const mixed: Family = (size, seed) => {
  const draw = new Draw(seed)
  const count = Math.max(1, Math.floor(size / 3))
  const kinds = Array.from({ length: 20 }, (_, i) => ({ id: `k${i}`, friction: draw.below(7) / 2 }))
  const sinks = [
    ...Array.from({ length: count }, (_, i) => ({ id: `s${i}`, value: 5 + draw.below(100) })),
    { id: 'account', value: 2000 },
  ]
  const ways = Array.from({ length: size }, (_, i) => ({
    id: `w${i}`,
    likelihood: (1 + draw.below(60)) / 100,
    sinks: draw.below(50) === 0 ? [i % count, count] : [i % count],
  }))
  const measures = Array.from({ length: size * 2 }, (_, i) => {
    const kind = draw.below(20)
    const usd = draw.below(2) === 0 ? 1 + draw.below(10) : 0
    return measure(kind, usd, [wayEffect(i % size, `layer-${kind % 4}`, 0.3 + draw.below(7) / 10)])
  })
  return { sinks, ways, kinds, measures, budget: budget({ usdPerMonth: size / 3, friction: 9 }) }
}

export const FAMILIES: readonly (readonly [name: string, family: Family])[] = [
  ['near-equal ratios', nearEqualRatios],
  ['correlated', correlated],
  ['few large', fewLarge],
  ['cover', cover],
  ['friction knapsack', frictionKnapsack],
  ['alternatives', alternatives],
  ['tight machines', tightMachines],
  ['mixed', mixed],
]

/** A way, a sink and a measure each, whose cost follows from its worth; money for a share of all. */
function paidDoors(size: number, draw: Draw, costOf: (worth: number) => number, share: number): PlanProblem {
  const { sinks, ways } = ownSinks(size, draw)
  const measures = ways.map(({ likelihood }, way) =>
    measure(0, costOf((sinks[way]?.value ?? 0) * likelihood), [wayEffect(way, 'a', 0.98)]),
  )
  const all = measures.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0)
  return {
    sinks,
    ways,
    kinds: [{ id: 'k', friction: 1 }],
    measures,
    budget: budget({ usdPerMonth: all * share }),
  }
}

function ownSinks(size: number, draw: Draw): Pick<PlanProblem, 'sinks' | 'ways'> {
  return {
    sinks: Array.from({ length: size }, (_, i) => ({ id: `s${i}`, value: 20 + draw.below(180) })),
    ways: Array.from({ length: size }, (_, i) => ({
      id: `w${i}`,
      likelihood: (5 + draw.below(60)) / 100,
      sinks: [i],
    })),
  }
}

function measure(kind: number, usdPerMonth: number, effects: readonly ProblemEffect[]): ProblemMeasure {
  const [first] = effects
  return { id: `${kind}-${first?.index ?? 0}`, kind, usdPerMonth, effects, loads: [] }
}

function wayEffect(index: number, layer: string, share: number): ProblemEffect {
  return { on: 'way', index, layer, share }
}

function budget(limits: Partial<PlanProblem['budget']>): PlanProblem['budget'] {
  return {
    cpuPercent: UNLIMITED,
    usdPerMonth: UNLIMITED,
    friction: UNLIMITED,
    downtimeSeconds: UNLIMITED,
    ...limits,
  }
}
