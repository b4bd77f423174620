import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTexts } from '../samples/read-texts.ts'
import { sysstat } from './index.ts'
import { earliestStamp } from './sadf-first-time.ts'

const LOAD = { cpu: 'all', user: 97.5, nice: 0.5, system: 1, iowait: 0.4, steal: 0.1, idle: 0.5 }
const NOON = Date.UTC(2026, 4, 12, 12)

const zoneOf = () => ({ minutesAt: () => 330, why: 'as --timezone says' })

const stamp = (timestamp: string): string =>
  `{"sysstat":{"hosts":[{"nodename":"web-1","statistics":[{"timestamp":${timestamp},"cpu-load":[${JSON.stringify(LOAD)}]}]}]}}`

describe('the first statistic of a document', () => {
  it.each([
    ['as sadf writes it', '{"date": "2026-05-12", "time": "12:00:00", "utc": 1, "interval": 60}', NOON],
    ['with slashes', '{"date":"2026/05/12","time":"12:00:00","utc":1}', NOON],
    ['without a word of the zone', '{"date":"2026-05-12","time":"12:00:00"}', NOON],
    ['on a clock of its own', '{"date":"2026-05-12","time":"12:00:00","utc":0}', null],
    ['in another order', '{"time":"12:00:00","date":"2026-05-12","utc":1}', null],
    ['a name that comes twice', '{"date":"2026-05-12","time":"12:00:00","time":"11:00:00","utc":1}', null],
    ['an escaped name', '{"date":"2026-05-12","time":"12:00:00","\\u0074ime":"11:00:00","utc":1}', null],
    ['no time', '{"date":"2026-05-12","time":"99:00:00","utc":1}', null],
  ])('%s', (_what, timestamp, time) => {
    expect(earliestStamp(stamp(timestamp))).toBe(time)
  })

  const Timestamp = fc
    .record({
      at: fc.integer({ min: -40, max: 40 }).map((hours) => new Date(NOON + hours * 3_600_000).toISOString()),
      utc: fc.constantFrom<unknown>(1, 1, 1, 1, undefined, 0, 1.5, '1'),
      isTurned: fc.constantFrom(false, false, false, true),
      zone: fc.constantFrom('', '', '', 'Z', '+02:00'),
    })
    .map(({ at, utc, isTurned, zone }) => {
      const [date, time] = [at.slice(0, 10), at.slice(11, 19) + zone]
      return isTurned ? { time, date, utc } : { date, time, utc, interval: 60 }
    })
  const Host = fc.array(Timestamp, { maxLength: 8 }).map((stamps) => ({
    nodename: 'web-1',
    statistics: stamps.map((timestamp) => ({ timestamp, 'cpu-load': [LOAD] })),
  }))

  it('is never later than what the document tells, whatever its shape', async () => {
    const Documents = fc.array(Host, { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(Documents, fc.constantFrom(undefined, 1, '\t'), async (hosts, indent) => {
        const text = JSON.stringify({ sysstat: { hosts } }, null, indent)
        const first = earliestStamp(text)
        const { events } = await readTexts(sysstat, [{ name: 'sa12', text }], { zoneOf })
        if (first !== null) for (const { time } of events) expect(first).toBeLessThanOrEqual(time)
      }),
      { seed: 7, numRuns: 400 },
    )
  })

  it('is never later than what is told of a damaged document', async () => {
    const whole = JSON.stringify({
      sysstat: {
        hosts: [
          {
            nodename: 'web-1',
            statistics: ['03:20:01', '03:10:01'].map((time) => ({
              timestamp: { date: '2026-05-12', time, utc: 1, interval: 600 },
              'cpu-load': [LOAD],
            })),
          },
        ],
      },
    })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 3 }),
        fc.nat(whole.length),
        fc.nat(3),
        async (noise, place, cut) => {
          const text = whole.slice(0, place) + noise + whole.slice(place + cut)
          const first = earliestStamp(text)
          const { events } = await readTexts(sysstat, [{ name: 'sa12', text }])
          if (first !== null) for (const { time } of events) expect(first).toBeLessThanOrEqual(time)
        },
      ),
      { seed: 8, numRuns: 400 },
    )
  })
})
