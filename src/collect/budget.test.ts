import { expect, it } from 'vitest'
import { Budget } from './budget.ts'

function budget(): { clock: { time: number; cpu: number }; budget: Budget } {
  const clock = { time: 1000, cpu: 500 }
  const options = { maxMs: 10_000, maxCpuMs: 4000, maxHashBytes: 100 }
  return { clock, budget: new Budget({ ...options, now: () => clock.time, cpuMs: () => clock.cpu }) }
}

it.each([
  ['at the start', 0, 0, 4000],
  ['where there is work to do, the work ends it', 4000, 3900, 100],
  ['where everybody waits, the time does', 9900, 300, 100],
  ['never below nothing', 20_000, 9000, 0],
])('%s', (_, time, cpu, left) => {
  const { clock, budget: one } = budget()
  clock.time += time
  clock.cpu += cpu
  expect(one.leftMs).toBe(left)
  expect([one.isSpent(), one.isSpent(200)]).toEqual([left === 0, left <= 200])
})

it('gives bytes to hash until there are none', () => {
  const { budget: one } = budget()
  expect([60, 60, 40].map((bytes) => one.takeHash(bytes))).toEqual([true, false, true])
})
