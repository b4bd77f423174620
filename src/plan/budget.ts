import { type Budget, DEFAULT_BUDGET } from './overhead.ts'

export type BudgetRead =
  | { readonly budget: Budget; readonly problem: null }
  | { readonly budget: null; readonly problem: string }

type Part = keyof Budget

const PARTS: Readonly<Record<string, Part>> = {
  cpu: 'cpuPercent',
  usd: 'usdPerMonth',
  friction: 'friction',
  downtime: 'downtimeSeconds',
}
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, sec: 1, m: 60, min: 60, h: 3600 }
const HINT = "as in 'cpu=2%,usd=20/month,friction=3,downtime=60s'; any is no limit"

/**
 * `cpu=2%,usd=20/month,friction=3,downtime=60s`, in any order. What is not named keeps its default; `any` is no
 * limit. A part named twice, unknown or negative is a problem.
 */
export function parseBudget(text: string): BudgetRead {
  const budget: Record<Part, number> = { ...DEFAULT_BUDGET }
  const seen = new Set<string>()
  for (const piece of text.split(',')) {
    const [name = '', value, ...rest] = piece.split('=').map((part) => part.trim().toLowerCase())
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined
    if (part === undefined || value === undefined || rest.length > 0)
      return wrong(`${piece.trim()}: no such part`)
    if (seen.has(name)) return wrong(`${name} stands there twice`)
    seen.add(name)
    const amount = value === 'any' ? Number.POSITIVE_INFINITY : amountOf(name, value)
    if (amount === null) return wrong(`${piece.trim()}: not an amount`)
    budget[part] = amount
  }
  return { budget, problem: null }
}

function wrong(problem: string): BudgetRead {
  return { budget: null, problem: `${problem} (${HINT})` }
}

function amountOf(name: string, value: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,6})?) ?([%a-z/]{0,6})$/u.exec(value)
  if (match === null) return null
  const number = Number(match[1])
  const unit = match[2] ?? ''
  if (name === 'cpu') return unit === '%' || unit === '' ? number : null
  if (name === 'usd') return unit === '' || unit === '/month' ? number : null
  if (name === 'downtime') return Object.hasOwn(SECONDS, unit) ? number * (SECONDS[unit] ?? 1) : null
  return unit === '' && number <= 1000 ? number : null
}
