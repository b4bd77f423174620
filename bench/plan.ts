/**
 * `node bench/plan.ts [--exposures N] [--seed N]`: how long a plan takes for a large surface made by seed, and how far
 * it can be from the best there is (by its own bound); then the same for families of hard problems. One thread.
 */
import { parseArgs } from 'node:util'
import { CONTROLS } from '../src/plan/controls/index.ts'
import { makePlan } from '../src/plan/make-plan.ts'
import { buildProblem, measuresOf } from '../src/plan/build-problem.ts'
import { sceneOf } from '../src/plan/scene.ts'
import { parseBudget } from '../src/plan/budget.ts'
import { solve } from '../src/plan/solver/solve.ts'
import { FAMILIES } from './plan/families.ts'
import { stagedSurface } from './plan/surface.ts'

const { values } = parseArgs({
  options: { exposures: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const surface = stagedSurface(Number(values.exposures), Number(values.seed))
const BUDGETS = [
  'cpu=2%,usd=20/month,friction=3,downtime=60s',
  'usd=0,friction=1',
  'usd=500/month,friction=8,downtime=120s',
  'usd=5000/month,friction=15,downtime=any',
  'cpu=any,usd=any,friction=any,downtime=any',
]

/** CPU time of this process, user and system: does not count what else the machine does. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

for (const text of BUDGETS) {
  const { budget } = parseBudget(text)
  if (budget === null) throw new RangeError(text)
  const question = {
    surface,
    controls: CONTROLS,
    budget,
    incidents: [],
    operators: ['198.51.100.0/24'],
    egress: new Map(),
    poolNames: ['pool.example'],
    without: new Set<string>(),
    only: null,
    generatedAt: '',
    toolVersion: '0',
  }
  const scene = sceneOf(surface, question)
  const measures = measuresOf(CONTROLS, scene).filter(({ draft }) => draft.obstacle === undefined)
  const problem = buildProblem(measures, scene, budget)
  const start = cpuMs()
  const solved = solve(problem)
  const solvedAt = cpuMs()
  const { plan } = makePlan(question)
  const end = cpuMs()
  const gap = ((solved.boundUsdPerDay - solved.removedUsdPerDay) / solved.boundUsdPerDay) * 100
  console.log(
    `${text}\n  ${problem.measures.length} measures, solved in CPU ${(solvedAt - start).toFixed(0)} ms, whole plan ${(end - solvedAt).toFixed(0)} ms; ${(plan.removesShare * 100).toFixed(1)} % of $${plan.atRiskUsdPerDay.mid.toFixed(0)} a day; gap ${gap.toFixed(2)} %${solved.isExact ? ' (exact)' : ''}`,
  )
}
console.log(`memory: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`)

const SIZES = [30, 300, 10_000]
for (const [name, family] of FAMILIES)
  for (const size of SIZES) {
    let worst = 0
    let longest = 0
    for (let seed = 1; seed <= (size > 1000 ? 2 : 6); seed += 1) {
      const problem = family(size, seed)
      const start = cpuMs()
      const { boundUsdPerDay, removedUsdPerDay } = solve(problem)
      longest = Math.max(longest, cpuMs() - start)
      worst = Math.max(worst, (boundUsdPerDay - removedUsdPerDay) / boundUsdPerDay)
    }
    console.log(
      `${name}, ${size} ways: gap ${(worst * 100).toFixed(2)} % at worst, CPU ${longest.toFixed(0)} ms at most`,
    )
  }
