import { expect, test } from 'vitest'
import { accountCpu, type CpuSampling, sampleCpu } from './cpu-sampling.ts'
import type { MachineTicks, ProcessStat } from './process-files.ts'

const IDLE: MachineTicks = {
  user: 0,
  system: 0,
  idle: 0,
  wait: 0,
  interrupts: 0,
  steal: 0,
  cores: 2,
  forks: 0,
  bootTime: 0,
}

function process(pid: number, ticks: number, childTicks = 0, startTicks = pid): ProcessStat {
  return {
    pid,
    name: 'x',
    state: 'R',
    ppid: 1,
    isKernelThread: false,
    ticks,
    childTicks,
    niceness: 0,
    threads: 1,
    startTicks,
  }
}

function stats(list: readonly ProcessStat[]): Map<number, ProcessStat> {
  return new Map(list.map((one) => [one.pid, one]))
}

/** Ten seconds on two processors. */
function watched(
  machine: Partial<MachineTicks>,
  before: readonly ProcessStat[],
  after: readonly ProcessStat[],
): CpuSampling {
  return {
    intervalMs: 10_000,
    first: { at: 0, machine: IDLE, stats: stats(before), waits: new Map() },
    last: { at: 10_000, machine: { ...IDLE, ...machine }, stats: stats(after), waits: new Map() },
    seriesOf: () => [],
    coresOf: () => null,
    waitSeriesOf: () => [],
    waitedOf: () => null,
  }
}

test.each<[string, CpuSampling, object]>([
  [
    'all of it is seen',
    watched({ user: 1000, idle: 1000 }, [process(1, 50)], [process(1, 1050)]),
    { busyCores: 1, visibleCores: 1, unexplainedCores: 0, userShare: 0.5 },
  ],
  [
    'somebody hides',
    watched({ user: 1800, system: 100, idle: 100 }, [process(1, 0)], [process(1, 100)]),
    { busyCores: 1.9, visibleCores: 0.1, unexplainedCores: 1.8 },
  ],
  [
    'a child that ran before and ended meanwhile counts for what it did meanwhile',
    watched({ user: 300, idle: 1700 }, [process(1, 0), process(2, 5000)], [process(1, 0, 5300)]),
    { visibleCores: 0.3, unexplainedCores: 0 },
  ],
  [
    'children that came and went are in the books of whoever waited for them',
    watched({ user: 1000, idle: 1000, forks: 2000 }, [process(1, 0)], [process(1, 0, 1000)]),
    { unexplainedCores: 0, uncertainCores: 0.56 },
  ],
  [
    'a number that was given again is another process',
    watched({ user: 100, idle: 1900 }, [process(7, 90_000, 0, 5)], [process(7, 100, 0, 9)]),
    { visibleCores: 0.1, unexplainedCores: 0 },
  ],
  [
    'interrupts and steal are nobody’s',
    watched({ interrupts: 500, steal: 500, idle: 1000 }, [], []),
    { busyCores: 0, stealShare: 0.25 },
  ],
])('%s', (_name, sampling, expected) => {
  expect(accountCpu(sampling)).toMatchObject(expected)
})

test('without the counters of the machine nothing is said', () => {
  const sampling = watched({}, [], [])
  expect(accountCpu({ ...sampling, first: { ...sampling.first, machine: null } })).toBeNull()
})

test('whoever looks is made to wait too: no part is so short that it says nothing', async () => {
  let now = 0
  const late = [0, 400, 30, 0]
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms + (late.shift() ?? 0)
    },
  }
  const asked: number[] = []
  const sampling = await sampleCpu(
    () => {
      asked.push(now)
      return []
    },
    { intervalMs: 400, parts: 4 },
    clock,
  )
  const parts = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
  expect(Math.min(...parts)).toBeGreaterThanOrEqual(60)
  expect(sampling.intervalMs).toBe(asked.at(-1))
})

test('where the kernel does not tell who waits nothing is said of it', async () => {
  const sampling = await sampleCpu(
    () => [],
    { intervalMs: 1, parts: 1 },
    { now: () => 0, sleep: async () => {} },
  )
  expect(sampling.waitedOf(1)).toBeNull()
  expect(sampling.waitSeriesOf(1)).toEqual([0])
})
