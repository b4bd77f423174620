import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CostDocument } from '../../src/cost/document.ts'
import { davylamp, workFolder } from './run.ts'

const folder = workFolder()
const measured = join(folder, 'web-1.json')
const calm = join(folder, 'calm.json')
const bill = join(folder, 'focus.csv')
const START = Date.UTC(2026, 4, 4)
const DAY_MS = 86_400_000

/** Three days of `sadf -j`, every half an hour. */
function sadf(shareAt: (hour: number) => number): string {
  const statistics = Array.from({ length: 144 }, (_, index) => {
    const time = new Date(START + (index + 1) * 1_800_000).toISOString()
    const user = shareAt(index / 2) * 100
    return {
      timestamp: { date: time.slice(0, 10), time: time.slice(11, 19), utc: 1, interval: 1800 },
      'cpu-load': [{ cpu: 'all', user, nice: 0, system: 0, iowait: 0, steal: 0, idle: 100 - user }],
    }
  })
  return JSON.stringify({ sysstat: { hosts: [{ nodename: 'web-1', 'number-of-cpus': 2, statistics }] } })
}

function day(index: number): string {
  return new Date(START + index * DAY_MS).toISOString()
}

function focus(): string {
  const rows = Array.from(
    { length: 20 },
    (_, index) =>
      `2,USD,Usage,${day(index)},${day(index + 1)},us-east-1,=HYPERLINK("x"),Amazon EC2,111122223333`,
  )
  const header =
    'BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,RegionId,ResourceId,ServiceName,SubAccountId'
  const gpu = `99.5,USD,Usage,${day(15)},${day(16)},ap-south-1,i-0aaaaaaaaaaaaaaaa,Amazon EC2,111122223333`
  return `${[header, ...rows, gpu].join('\n')}\n`
}

beforeAll(() => {
  writeFileSync(
    measured,
    sadf((hour) => (hour >= 48 ? 1 : 0.13)),
  )
  writeFileSync(
    calm,
    sadf((hour) => 0.1 + 0.02 * Math.sin(hour)),
  )
  writeFileSync(bill, focus())
})

describe('davylamp cost', () => {
  it('says what is normal, what is taken and what it costs', async () => {
    const run = await davylamp(['cost', measured, '--type', 't3.large'])
    expect(run.exitCode).toBe(10)
    expect(run.stdout).toContain('13 % normally, 100 % at the end')
    expect(run.stdout).toContain('flat as mining is')
    expect(run.stdout).toMatch(/\$0\.1532 an hour \(normally \$0\.0832\), \$112 a month, 1\.8× normal/u)
    expect(Math.max(...run.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('is 0 and calm where nothing is out of the ordinary', async () => {
    const run = await davylamp(['cost', calm])
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('Nothing out of the ordinary.')
  })

  it('takes the price that it is given', async () => {
    const run = await davylamp([
      'cost',
      measured,
      '--type',
      'm5.large',
      '--price',
      'm5.large=1',
      '--format',
      'json',
    ])
    const { machines } = CostDocument.parse(JSON.parse(run.stdout))
    expect(machines[0]).toMatchObject({ usdPerHour: 1, timesNormal: null })
  })

  it.each(['machine', 'day', 'hour', 'resource', 'process'])(
    'prints a table by %s, safe for spreadsheets',
    async (by) => {
      const csv = await davylamp(['cost', measured, bill, '--by', by, '--format', 'csv'])
      expect(csv.stdout.split('\r\n').length).toBeGreaterThan(1)
      expect(csv.stdout).not.toMatch(/(?:^|,)"?=/mu)
    },
  )

  it('names what is odd, in Markdown and on the terminal', async () => {
    const words = 'first money ever in region ap-south-1'
    const markdown = await davylamp(['cost', bill, '--format', 'markdown'])
    expect(markdown.stdout).toContain(words)
    const terminal = await davylamp(['cost', bill, '--by', 'day'])
    expect([terminal.exitCode, terminal.stdout.includes(words)]).toEqual([10, true])
  })

  it.each([
    [['--watts', '300'], 'go together'],
    [['--watts', 'x', '--usd-per-kwh', '0.3'], 'not a number'],
    [['--watts', '100,300', '--usd-per-kwh', '0.3'], 'more idling'],
    [['--price', 't3.large'], 'not a type and its price'],
    [['--by', 'moon'], 'Allowed choices'],
  ])('%j is wrong usage', async (options, words) => {
    const run = await davylamp(['cost', measured, ...options])
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain(words)
  })
})
