import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Investigation } from '../../src/story/document.ts'
import { davylamp, workFolder } from './run.ts'

const folder = workFolder()
const START = Date.UTC(2026, 3, 1)
const DAY_MS = 86_400_000

function focus(name: string, meterOf: (day: number) => readonly string[]): string {
  const header =
    'BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,RegionId,ResourceId,ServiceName,SubAccountId,SkuMeter'
  const rows = Array.from({ length: 30 }, (_, day) => {
    const [from, to] = [day, day + 1].map((one) => new Date(START + one * DAY_MS).toISOString())
    return meterOf(day).map((one) => {
      const [usd, region, resource, meter] = one.split(' ')
      return `${usd},USD,Usage,${from},${to},${region},${resource},Amazon EC2,111122223333,${meter}`
    })
  })
  const file = join(folder, name)
  writeFileSync(file, `${[header, ...rows.flat()].join('\n')}\n`)
  return file
}

const jumped = focus('jumped.csv', (day) => [
  '0.4992 us-east-1 i-0a1b2c3d4e5f60718 BoxUsage:t3.small',
  ...(day >= 22 ? ['1.92 us-east-1 i-0a1b2c3d4e5f60718 CPUCredits:t3'] : []),
  ...(day >= 24 ? ['68.1 ap-south-1 i-0fffffffffffffff1 APS3-BoxUsage:g5.12xlarge'] : []),
])
const calm = focus('calm.csv', () => ['0.4992 us-east-1 i-0a1b2c3d4e5f60718 BoxUsage:t3.small'])

const measured = join(folder, 'web-1.json')
writeFileSync(
  measured,
  JSON.stringify({
    sysstat: {
      hosts: [
        {
          nodename: 'web-1',
          'number-of-cpus': 2,
          statistics: Array.from({ length: 288 }, (_, index) => {
            const time = new Date(START + (index + 1) * 1_800_000).toISOString()
            const user = index > 200 ? 99 : 12 + (index % 5)
            return {
              timestamp: { date: time.slice(0, 10), time: time.slice(11, 19), utc: 1, interval: 1800 },
              'cpu-load': [{ cpu: 'all', user, nice: 0, system: 0, iowait: 0, steal: 0, idle: 100 - user }],
            }
          }),
        },
      ],
    },
  }),
)

const told = async (file: string): Promise<Investigation> => {
  const { stdout, exitCode } = await davylamp(['investigate', file, '--no-case', '--format', 'json'])
  expect(exitCode).toBe(0)
  return Investigation.parse(JSON.parse(stdout))
}

describe('a bill alone', () => {
  it('tells what has risen, since when, by how much, and what to fetch; and accuses nobody', async () => {
    const { spending = [], incidents } = await told(jumped)
    expect(incidents).toEqual([])
    expect(
      spending.map(({ kind, region, severity, since }) => [kind, region, severity, since.slice(0, 10)]),
    ).toEqual([
      ['first-spend', 'ap-south-1', 'medium', '2026-04-25'],
      ['jump', 'us-east-1', 'low', '2026-04-23'],
    ])
    expect(spending[1]?.timesNormal).toBeCloseTo(4.846, 3)
    for (const { evidence, todo, confidence } of spending) {
      expect(evidence[0]).toMatchObject({ source: 'bill', line: expect.any(Number) })
      expect(todo.map(({ command }) => command).join('\n')).toContain('aws cloudtrail lookup-events --region')
      expect(confidence).toBeLessThan(0.5)
    }
  })

  it.each(['terminal', 'markdown', 'html'])('says it in %s', async (format) => {
    const { stdout } = await davylamp(['investigate', jumped, '--no-case', '--format', format])
    const text = stdout.replaceAll(/\s+/gu, ' ')
    expect(text).toContain('what makes it is not in this evidence')
    expect(text).toContain('The first money ever in ap-south-1')
    expect(text).not.toContain('No intruder and no miner')
  })

  it('that is as ever claims nothing', async () => {
    const { stdout } = await davylamp(['investigate', calm, '--no-case'])
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('that is not enough to say that nobody mines')
  })

  it('is of no machine that was not asked for', async () => {
    const args = ['investigate', jumped, measured, '--no-case', '--format', 'json', '--asset', 'web-1']
    const { spending = [] } = Investigation.parse(JSON.parse((await davylamp(args)).stdout))
    expect(spending.map(({ asset }) => asset)).toEqual(['web-1'])
  })
})

it('load alone tells the rise, what it took, and that a fixed price does not move', async () => {
  const { spending = [], assets } = await told(measured)
  expect(spending).toHaveLength(1)
  expect(spending[0]).toMatchObject({ kind: 'load', asset: 'web-1', severity: 'low', isOngoing: true })
  expect(spending[0]?.sentences.join(' ')).toMatch(
    /hours of the whole machine .* If it has a fixed price, the bill does not move/u,
  )
  expect(spending[0]?.evidence.length).toBeGreaterThan(0)
  expect(assets[0]?.status).toBe('not-judged')
})

it.each<[string, readonly string[], RegExp]>([
  ['says nothing of services', [], /ce get-cost-and-usage --time-period .* Key=SERVICE|Key=USAGE_TYPE/u],
  [
    'names services and no machine',
    ['SERVICE', 'USAGE_TYPE'],
    /ce get-cost-and-usage-with-resources .*RESOURCE_ID/u,
  ],
])('of a bill that %s it says how to get what is missing', async (_, keys, command) => {
  const file = join(folder, `ce-${keys.length}.json`)
  const ResultsByTime = Array.from({ length: 30 }, (_entry, day) => {
    const [Start, End] = [day, day + 1].map((one) =>
      new Date(START + one * DAY_MS).toISOString().slice(0, 10),
    )
    const Metrics = { UnblendedCost: { Amount: day > 20 ? '90' : '12', Unit: 'USD' } }
    const Keys = ["Amazon's Elastic Compute Cloud", 'BoxUsage:c6i.8xlarge']
    return {
      TimePeriod: { Start, End },
      ...(keys.length === 0 ? { Total: Metrics } : { Groups: [{ Keys, Metrics }] }),
    }
  })
  const GroupDefinitions = keys.map((Key) => ({ Type: 'DIMENSION', Key }))
  writeFileSync(file, JSON.stringify({ GroupDefinitions, ResultsByTime }))
  const { spending = [] } = await told(file)
  expect(spending).toHaveLength(1)
  expect(spending[0]?.todo[0]?.command).toMatch(command)
})
