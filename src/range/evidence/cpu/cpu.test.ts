import { describe, expect, it } from 'vitest'
import { Random } from '../../random.ts'
import { collected, machineFacts } from '../samples/stage.ts'
import type { CpuSampled, HostWitnessKind } from '../witness.ts'
import { burstTypeOf, CpuCredits } from './cpu-credits.ts'
import { CpuAccount } from './cpu-shares.ts'
import { NODE_EXPORTER, SYSSTAT } from './index.ts'

const START_MS = Date.UTC(2026, 4, 12, 22)
const MINUTE_MS = 60_000

function sample(minute: number, busy: number): CpuSampled {
  return {
    kind: 'cpu-sampled',
    timeMs: START_MS + minute * MINUTE_MS,
    periodMs: MINUTE_MS,
    cores: 4,
    busy,
    processes: [
      { pid: 1, comm: 'nginx', userName: 'www-data', share: Math.min(0.05, busy) },
      { pid: 2, comm: 'job', userName: 'root', share: Math.max(0, busy - 0.05) },
    ],
  }
}

/** Four hours: calm, then one that takes `busy`. */
function filesOf(kind: HostWitnessKind, busy = 0.95): { paths: string[]; textOf: (path: string) => string } {
  const { open, paths, textOf } = collected()
  const place = { open, random: new Random('cpu'), startMs: START_MS, endMs: START_MS + 4 * 3_600_000 }
  const witness = kind.start({ ...place, machine: machineFacts('web-1'), folder: 'web-1/', clockSkewMs: 0 })
  for (let minute = 1; minute <= 240; minute++) witness.observe(sample(minute, minute < 150 ? 0.08 : busy))
  witness.end()
  expect(witness.files().map(({ path }) => path)).toEqual(paths())
  return { paths: paths(), textOf }
}

interface Sadf {
  sysstat: {
    hosts: {
      nodename: string
      'number-of-cpus': number
      statistics: {
        timestamp: { date: string; time: string; utc: number; interval: number }
        'cpu-load': Record<string, number | string>[]
        queue: Record<string, number>
      }[]
    }[]
  }
}

describe('sadf -j', () => {
  it('gives one file a day, each a whole document', () => {
    const { paths, textOf } = filesOf(SYSSTAT)
    expect(paths).toEqual(['web-1/sadf-2026-05-12.json', 'web-1/sadf-2026-05-13.json'])
    const [first, second] = paths.map((path) => JSON.parse(textOf(path)) as Sadf)
    const statistics = first?.sysstat.hosts[0]?.statistics ?? []
    expect(statistics).toHaveLength(119)
    expect(second?.sysstat.hosts[0]?.statistics).toHaveLength(121)
    expect(statistics[0]?.timestamp).toEqual({ date: '2026-05-12', time: '22:01:00', utc: 1, interval: 60 })
    expect(first?.sysstat.hosts[0]).toMatchObject({ nodename: 'web-1', 'number-of-cpus': 4 })
  })

  it('writes sysstat’s own layout and two decimals', () => {
    const { paths, textOf } = filesOf(SYSSTAT)
    const lines = textOf(paths[0] ?? '').split('\n')
    expect(lines[0]).toBe('{"sysstat": {')
    expect(lines.slice(12, 17).join('\n')).toMatch(
      /^\t{4}\{\n\t{5}"timestamp": \{.*\},\n\t{5}"cpu-load": \[\n\t{6}\{"cpu": "all", "user": \d+\.\d\d, "nice": 0\.00, "system": \d+\.\d\d, "iowait": \d+\.\d\d, "steal": \d+\.\d\d, "idle": \d+\.\d\d\}\n\t{5}\],$/u,
    )
  })

  it('sums to a hundred, and lets the load follow', () => {
    const { paths, textOf } = filesOf(SYSSTAT)
    const hosts = paths.flatMap((path) => (JSON.parse(textOf(path)) as Sadf).sysstat.hosts)
    const statistics = hosts.flatMap((host) => host.statistics)
    for (const { 'cpu-load': load } of statistics) {
      const { cpu: _, ...shares } = load[0] ?? {}
      const sum = Object.values(shares).reduce((total: number, share) => total + Number(share), 0)
      expect(sum).toBeCloseTo(100, 0)
    }
    expect(statistics[100]?.queue['ldavg-1']).toBeLessThan(1)
    expect(statistics.at(-1)?.queue['ldavg-1']).toBeGreaterThan(3)
    expect(statistics.at(-1)?.queue['ldavg-15']).toBeGreaterThan(3)
  })
})

describe('an answer of Prometheus', () => {
  it('is a matrix of one load and seven modes over the same steps', () => {
    const { paths, textOf } = filesOf(NODE_EXPORTER, 0.6)
    const answer = JSON.parse(textOf(paths[0] ?? '')) as {
      status: string
      data: { resultType: string; result: { metric: Record<string, string>; values: [number, string][] }[] }
    }
    expect(answer).toMatchObject({ status: 'success', data: { resultType: 'matrix' } })
    const [load, ...modes] = answer.data.result
    expect(load?.metric).toEqual({ __name__: 'node_load1', instance: 'web-1:9100', job: 'node' })
    expect(modes.map(({ metric }) => metric['mode'])).toEqual([
      'idle',
      'iowait',
      'irq',
      'nice',
      'steal',
      'system',
      'user',
    ])
    expect(load?.values[0]?.[0]).toBe(START_MS / 1000 + 60)
    for (const [step] of load?.values.entries() ?? []) {
      const sum = modes.reduce((total, { values }) => total + Number(values[step]?.[1]), 0)
      expect(sum).toBeCloseTo(1, 6)
      for (const { values } of modes) expect(values[step]?.[1]).toMatch(/^\d+(?:\.\d+)?$/u)
    }
  })
})

it.each([
  [0.97, 0.9, 1],
  [0.5, 0.45, 0.56],
  [0.03, 0.01, 0.08],
])('a throttled or idle machine stays what it is: busy %f', (busy, from, to) => {
  const account = new CpuAccount(new Random('shares'))
  for (let minute = 0; minute < 300; minute++) {
    const { shares } = account.account(sample(minute, busy))
    expect(shares.user + shares.system + shares.irq).toBeGreaterThan(from)
    expect(shares.user + shares.system + shares.irq).toBeLessThanOrEqual(to)
  }
})

describe('credits of burstable types', () => {
  it.each([
    ['t3.micro', 0.09],
    ['t3.small', 0.08],
    ['t3.large', 0.07],
    ['t3.xlarge', 0.12],
    ['t3.2xlarge', 0.24],
    ['t4g.micro', 0.072],
    ['t4g.small', 0.064],
  ])('%s at full load comes to %f USD an hour, once a day’s credits are overdrawn', (name, usd) => {
    const type = burstTypeOf(name)
    if (type === null) throw new Error(name)
    const credits = new CpuCredits(type, 24)
    let lastUsd = 0
    for (let hour = 0; hour < 200; hour++) lastUsd = credits.use(1, 1) * type.usdPerVcpuHour
    expect(lastUsd).toBeCloseTo(usd, 10)
  })

  it('charges nothing at the baseline, and nothing before what was saved and may be overdrawn is gone', () => {
    const type = burstTypeOf('t3.large')
    if (type === null) throw new Error('t3.large')
    const calm = new CpuCredits(type)
    for (let hour = 0; hour < 100; hour++) expect(calm.use(0.3, 1)).toBe(0)
    const busy = new CpuCredits(type, 24)
    const charged = Array.from({ length: 30 }, () => busy.use(1, 1))
    // 2 × 14.4 vCPU-hours at 1.4 an hour.
    expect(charged.findIndex((vcpuHours) => vcpuHours > 0)).toBe(20)
    expect(charged.reduce((sum, one) => sum + one, 0)).toBeCloseTo(30 * 1.4 - 28.8, 9)
  })

  it('pays back what was overdrawn before it saves again', () => {
    const type = burstTypeOf('t3.micro')
    if (type === null) throw new Error('t3.micro')
    const credits = new CpuCredits(type)
    credits.use(1, 2)
    for (let hour = 0; hour < 18; hour++) credits.use(0, 1)
    expect(Array.from({ length: 2 }, () => credits.use(1, 1))).toEqual([0, 0])
  })

  it('knows what has none', () => {
    expect(burstTypeOf('m5.large')).toBeNull()
    expect(burstTypeOf('t3.metal')).toBeNull()
    expect(burstTypeOf('constructor.large')).toBeNull()
  })
})
