import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { solveDecomposed } from './decomposed.ts'
import { worthOf } from './exact.ts'
import { Ledger } from './ledger.ts'
import { solveLarge } from './large.ts'
import type { PlanProblem } from './problem.ts'
import { inMicroUsd } from './rank.ts'
import { RiskState } from './risk-state.ts'
import { solve } from './solve.ts'

const money = fc.integer({ min: 0, max: 500 })
const share = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10)

/** Small problems of every shape: shared sinks, shared layers, limits that bind. */
const problems = problemsWith({ minLength: 1, maxLength: 5 })
/** So many ways into few sinks that some are crowds. */
const crowdedProblems = problemsWith({ minLength: 6, maxLength: 12 })

function problemsWith(ways: { minLength: number; maxLength: number }): fc.Arbitrary<PlanProblem> {
  return fc
    .record({
      sinks: fc.array(money, { minLength: 1, maxLength: 3 }),
      ways: fc.array(
        fc.record({ likelihood: share, sinks: fc.array(fc.nat(2), { minLength: 1, maxLength: 2 }) }),
        ways,
      ),
      kinds: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
      measures: fc.array(
        fc.record({
          kind: fc.nat(3),
          usd: fc.integer({ min: 0, max: 12 }),
          cpu: fc.integer({ min: 0, max: 2 }),
          downtime: fc.constantFrom(0, 0, 30, 60),
          asset: fc.nat(1),
          effects: fc.array(
            fc.record({
              on: fc.constantFrom<'way' | 'sink'>('way', 'sink'),
              index: fc.nat(11),
              layer: fc.constantFrom('a', 'b'),
              share,
            }),
            { minLength: 1, maxLength: 3 },
          ),
        }),
        { maxLength: 9 },
      ),
      budget: fc.record({
        cpuPercent: fc.integer({ min: 0, max: 4 }),
        usdPerMonth: fc.integer({ min: 0, max: 30 }),
        friction: fc.integer({ min: 0, max: 8 }),
        downtimeSeconds: fc.constantFrom(0, 60, 120),
      }),
    })
    .map(({ sinks, ways, kinds, measures, budget }): PlanProblem => ({
      sinks: sinks.map((value, i) => ({ id: `s${i}`, value })),
      ways: ways.map(({ likelihood, sinks: into }, i) => ({
        id: `w${i}`,
        likelihood,
        sinks: [...new Set(into.map((sink) => sink % sinks.length))],
      })),
      kinds: kinds.map((friction, i) => ({ id: `k${i}`, friction })),
      measures: measures.map((one, i) => ({
        id: `m${i}`,
        kind: one.kind % kinds.length,
        usdPerMonth: one.usd,
        effects: one.effects.map((effect) => ({
          ...effect,
          index: effect.index % (effect.on === 'way' ? ways.length : sinks.length),
        })),
        loads: [{ asset: one.asset, cpuPercent: one.cpu, downtimeSeconds: one.downtime }],
      })),
      budget,
    }))
}

/** Straight from the formula in `problem.ts`, sharing no code with the solver. */
function riskByFormula(problem: PlanProblem, chosen: readonly number[]): number {
  const left = (on: 'way' | 'sink', index: number): number => {
    const layers = new Map<string, number>()
    for (const measure of chosen)
      for (const effect of problem.measures[measure]?.effects ?? [])
        if (effect.on === on && effect.index === index)
          layers.set(effect.layer, Math.max(layers.get(effect.layer) ?? 0, Math.min(effect.share, 0.9999)))
    return [...layers.values()].reduce((product, best) => product * (1 - best), 1)
  }
  return problem.sinks.reduce((sum, { value }, k) => {
    const none = problem.ways.reduce(
      (product, way, i) =>
        way.sinks.includes(k) ? product * (1 - Math.min(way.likelihood, 0.9999) * left('way', i)) : product,
      1,
    )
    return sum + value * left('sink', k) * (1 - none)
  }, 0)
}

function isWithin(problem: PlanProblem, chosen: readonly number[]): boolean {
  const picked = chosen.map((i) => problem.measures[i]).filter((one) => one !== undefined)
  const perAsset = (what: 'cpuPercent' | 'downtimeSeconds'): number[] =>
    [0, 1].map((asset) =>
      picked
        .flatMap((one) => one.loads)
        .reduce((sum, load) => sum + (load.asset === asset ? load[what] : 0), 0),
    )
  const friction = [...new Set(picked.map((one) => one.kind))].reduce(
    (sum, kind) => sum + (problem.kinds[kind]?.friction ?? 0),
    0,
  )
  return (
    picked.reduce((sum, one) => sum + one.usdPerMonth, 0) <= problem.budget.usdPerMonth &&
    friction <= problem.budget.friction &&
    Math.max(...perAsset('cpuPercent')) <= problem.budget.cpuPercent &&
    Math.max(...perAsset('downtimeSeconds')) <= problem.budget.downtimeSeconds
  )
}

function bruteForce(problem: PlanProblem): number {
  let best = 0
  const before = riskByFormula(problem, [])
  for (let set = 0; set < 2 ** problem.measures.length; set += 1) {
    const chosen = problem.measures.map((_, i) => i).filter((i) => (set & (1 << i)) !== 0)
    if (isWithin(problem, chosen)) best = Math.max(best, before - riskByFormula(problem, chosen))
  }
  return best
}

describe('solver', () => {
  it('equals brute force on small problems, and says that it is exact', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const solved = solve(problem)
        expect(solved.isExact).toBe(true)
        expect(inMicroUsd(solved.removedUsdPerDay) / 1e6).toBeCloseTo(bruteForce(problem), 4)
        expect(isWithin(problem, solved.chosen)).toBe(true)
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  it('is within its own bound where it does not look at everything, and the bound holds', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const empty = new Ledger(problem)
        const fitting = problem.measures
          .map((one, i) => ({ one, i }))
          .filter(({ one }) => empty.breaks(one) === null)
        const solved = solveLarge(
          problem,
          fitting.map(({ i }) => i),
        )
        const best = bruteForce(problem)
        expect(isWithin(problem, solved.chosen)).toBe(true)
        expect(solved.removedUsdPerDay).toBeLessThanOrEqual(best + 1e-4)
        expect(solved.boundUsdPerDay).toBeGreaterThanOrEqual(best - 1e-4)
      }),
      { seed: 12, numRuns: 300 },
    )
  })

  it('holds its bound in parts as well: shared sinks, paid measures, controls that cost nothing', () => {
    let answered = 0
    fc.assert(
      fc.property(fc.oneof(problems, crowdedProblems), (problem) => {
        const empty = new Ledger(problem)
        const fitting = problem.measures.flatMap((one, i) => (empty.breaks(one) === null ? [i] : []))
        const solved = solveDecomposed(problem, fitting)
        if (solved === null) return
        answered += 1
        const best = bruteForce(problem)
        expect(isWithin(problem, solved.chosen)).toBe(true)
        expect(solved.removedUsdPerDay).toBeLessThanOrEqual(best + 1e-4)
        expect(solved.boundUsdPerDay).toBeGreaterThanOrEqual(best - 1e-4)
        const both = solveLarge(problem, fitting, undefined, solved)
        expect(isWithin(problem, both.chosen)).toBe(true)
        expect(both.removedUsdPerDay).toBeGreaterThanOrEqual(solved.removedUsdPerDay - 1e-4)
        expect(both.boundUsdPerDay).toBeGreaterThanOrEqual(best - 1e-4)
      }),
      { seed: 15, numRuns: 1000 },
    )
    expect(answered).toBeGreaterThan(300)
  })

  it('gives the same plan for the same problem, and takes nothing that removes nothing', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { chosen } = solve(problem)
        expect(solve(problem).chosen).toEqual(chosen)
        const all = worthOf(problem, chosen)
        for (const measure of chosen) {
          const without = worthOf(
            problem,
            chosen.filter((one) => one !== measure),
          )
          expect(inMicroUsd(all - without)).toBeGreaterThan(0)
        }
      }),
      { seed: 13, numRuns: 150 },
    )
  })

  it('reckons step by step what the formula says', () => {
    fc.assert(
      fc.property(problems, fc.array(fc.nat(8), { maxLength: 30 }), (problem, steps) => {
        const state = new RiskState(problem)
        const chosen = new Set<number>()
        for (const step of steps) {
          if (step >= problem.measures.length) continue
          if (chosen.delete(step)) state.remove(step)
          else {
            chosen.add(step)
            state.add(step)
          }
          expect(state.atRisk).toBeCloseTo(riskByFormula(problem, [...chosen]), 6)
        }
        expect(state.exact()).toBeCloseTo(riskByFormula(problem, [...chosen]), 9)
      }),
      { seed: 14, numRuns: 200 },
    )
  })
})
