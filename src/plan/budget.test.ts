import { describe, expect, it } from 'vitest'
import { parseBudget } from './budget.ts'
import { DEFAULT_BUDGET } from './overhead.ts'

describe('budget', () => {
  it.each([
    [
      'cpu=2%,usd=20/month,friction=3,downtime=60s',
      { cpuPercent: 2, usdPerMonth: 20, friction: 3, downtimeSeconds: 60 },
    ],
    ['usd=0', { ...DEFAULT_BUDGET, usdPerMonth: 0 }],
    [' friction = 1.5 , downtime=2min ', { ...DEFAULT_BUDGET, friction: 1.5, downtimeSeconds: 120 }],
    ['downtime=1h', { ...DEFAULT_BUDGET, downtimeSeconds: 3600 }],
    [
      'usd=any,cpu=any',
      { ...DEFAULT_BUDGET, usdPerMonth: Number.POSITIVE_INFINITY, cpuPercent: Number.POSITIVE_INFINITY },
    ],
  ])('reads %j', (text, budget) => {
    expect(parseBudget(text)).toEqual({ budget, problem: null })
  })

  it.each([
    '',
    'usd',
    'usd=',
    'usd=-1',
    'usd=20/year',
    'cpu=2s',
    'friction=x',
    'money=3',
    'usd=1,usd=2',
    'downtime=5d',
    'friction=NaN',
    'constructor=1',
  ])('says what is wrong with %j', (text) => {
    const read = parseBudget(text)
    expect(read.budget).toBeNull()
    expect(read.problem).toContain('as in')
  })
})
