import type { PlanProblem, ProblemMeasure } from './problem.ts'

/** Amounts are sums of decimals: this much over is rounding, not overspending. */
const ROUNDING = 1e-9

export type Limit = 'friction' | 'usd' | 'cpu' | 'downtime'

/** What chosen measures use of the budget. */
export class Ledger {
  usdPerMonth = 0
  friction = 0
  private readonly problem: PlanProblem
  private readonly kindCount: Int32Array
  private readonly cpu = new Map<number, number>()
  private readonly downtime = new Map<number, number>()

  constructor(problem: PlanProblem) {
    this.problem = problem
    this.kindCount = new Int32Array(problem.kinds.length)
  }

  /** The first limit that the measure would break on top of what is chosen; null where it fits. */
  breaks(measure: ProblemMeasure): Limit | null {
    const { budget, kinds } = this.problem
    const isNewKind = this.kindCount[measure.kind] === 0
    const friction = isNewKind ? (kinds[measure.kind]?.friction ?? 0) : 0
    if (this.friction + friction > budget.friction + ROUNDING) return 'friction'
    if (this.usdPerMonth + measure.usdPerMonth > budget.usdPerMonth + ROUNDING) return 'usd'
    for (const { asset, cpuPercent, downtimeSeconds } of measure.loads) {
      if ((this.cpu.get(asset) ?? 0) + cpuPercent > budget.cpuPercent + ROUNDING) return 'cpu'
      if ((this.downtime.get(asset) ?? 0) + downtimeSeconds > budget.downtimeSeconds + ROUNDING)
        return 'downtime'
    }
    return null
  }

  add(measure: ProblemMeasure): void {
    this.book(measure, 1)
  }

  remove(measure: ProblemMeasure): void {
    this.book(measure, -1)
  }

  private book(measure: ProblemMeasure, sign: 1 | -1): void {
    const before = this.kindCount[measure.kind] ?? 0
    this.kindCount[measure.kind] = before + sign
    const isFirst = sign === 1 ? before === 0 : before === 1
    if (isFirst) this.friction += sign * (this.problem.kinds[measure.kind]?.friction ?? 0)
    this.usdPerMonth += sign * measure.usdPerMonth
    for (const { asset, cpuPercent, downtimeSeconds } of measure.loads) {
      this.cpu.set(asset, (this.cpu.get(asset) ?? 0) + sign * cpuPercent)
      this.downtime.set(asset, (this.downtime.get(asset) ?? 0) + sign * downtimeSeconds)
    }
  }

  /** What the machine that carries most carries. */
  worst(): { cpuPercent: number; downtimeSeconds: number } {
    return {
      cpuPercent: Math.max(0, ...this.cpu.values()),
      downtimeSeconds: Math.max(0, ...this.downtime.values()),
    }
  }

  /** To compare plans that are worth the same: less friction, then less money, CPU, downtime. */
  weight(): readonly number[] {
    let cpu = 0
    let downtime = 0
    for (const value of this.cpu.values()) cpu += value
    for (const value of this.downtime.values()) downtime += value
    return [this.friction, this.usdPerMonth, cpu, downtime]
  }
}
