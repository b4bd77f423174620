import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { cloudwatch } from './index.ts'

const ID = 'i-0aaaaaaaaaaaaaaaa'

async function read(document: unknown, name = 'metrics.json') {
  const text = JSON.stringify(document, null, 2)
  expect(cloudwatch.recognise(Buffer.from(text))).toBeGreaterThan(0.8)
  const { events, reports } = await readTexts(cloudwatch, [{ name, text }])
  for (const event of events) Event.parse(event)
  return { events, reports }
}

const series = (label: string, values: readonly number[], id = 'm1') => ({
  Id: id,
  Label: label,
  Timestamps: values
    .map((_, index) => new Date(Date.UTC(2026, 4, 12, 3, 5 * index)).toISOString())
    .toReversed(),
  Values: values.toReversed(),
  StatusCode: 'Complete',
})

const point = (minute: number, rest: object) => ({
  Timestamp: `2026-05-12T03:${minute}:00+00:00`,
  Unit: 'Percent',
  ...rest,
})

describe('cloudwatch', () => {
  it('reads get-metric-data, newest first', async () => {
    const { events } = await read({
      MetricDataResults: [
        series(`${ID} CPUUtilization`, [13, 99.5]),
        series(`${ID} CPUSurplusCreditsCharged`, [0, 4.5], 'm2'),
      ],
      Messages: [],
    })
    expect(events.filter(({ kind }) => kind === 'cpu')).toMatchObject([
      {
        observer: `instance:${ID}`,
        start: Date.UTC(2026, 4, 12, 3),
        time: Date.UTC(2026, 4, 12, 3, 5),
        busyShare: 0.13,
      },
      { busyShare: 0.995, time: Date.UTC(2026, 4, 12, 3, 10) },
    ])
    expect(events.filter(({ kind }) => kind === 'metric')).toMatchObject([
      { name: 'cpu-surplus-credits-charged', value: 0, statistic: 'sum' },
      { name: 'cpu-surplus-credits-charged', value: 4.5 },
    ])
  })

  it.each([
    ['CPUCreditBalance', 'cpu-credit-balance'],
    ['CPUCreditUsage', 'cpu-credits-used'],
    ['CPUSurplusCreditBalance', 'cpu-surplus-credit-balance'],
    ['TargetResponseTime', 'response-seconds'],
  ])('knows %s', async (label, name) => {
    const { events } = await read({ MetricDataResults: [series(label, [1, 2], 'cpu_i_0aaaaaaaaaaaaaaaa')] })
    expect(events).toMatchObject([{ name, observer: `instance:${ID}` }, { name }])
  })

  it('reads get-metric-statistics, the instance by the name of its file', async () => {
    const { events, reports } = await read(
      {
        Label: 'CPUUtilization',
        Datapoints: [
          point(20, { Average: 50 }),
          point(10, { Average: 25 }),
          point(30, { Maximum: 99 }),
          { x: 1 },
        ],
      },
      `cpu/${ID}.json`,
    )
    expect(events).toMatchObject([
      { busyShare: 0.25, observer: `instance:${ID}` },
      { busyShare: 0.5, time: Date.UTC(2026, 4, 12, 3, 30) },
    ])
    expect(reports[0]).toMatchObject({ records: 4, bad: 2 })
  })

  it('names no machine where nothing does, and what it does not use', async () => {
    const { events, reports } = await read({
      MetricDataResults: [series('CPUUtilization', [1, 2]), series('NetworkIn', [1])],
    })
    expect(events[0]?.observer).toMatch(/^trail:cloudwatch-/u)
    expect(reports[0]?.decisions).toEqual(['not used: NetworkIn m1'])
  })

  it('takes any document', async () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    await fc.assert(
      fc.asyncProperty(value, value, async (any, other) => {
        for (const document of [
          { MetricDataResults: any },
          { MetricDataResults: [any] },
          { Label: 'CPUUtilization', Datapoints: [other] },
        ])
          await readTexts(cloudwatch, [{ name: 'x', text: JSON.stringify(document) }])
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})
