import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts, type TextFile } from '../samples/read-texts.ts'
import { cgroupCpu } from './index.ts'
import { readMoment } from './moment.ts'

const T = Date.UTC(2026, 4, 12, 3)
const stat = (usage: number, throttled = 0): string =>
  `usage_usec ${usage}\nuser_usec ${usage}\nsystem_usec 0\nnr_periods 10\nnr_throttled 3\nthrottled_usec ${throttled}\n`

async function read(...files: readonly TextFile[]) {
  const { events, reports } = await readTexts(cgroupCpu, files)
  for (const event of events) Event.parse(event)
  return { events, reports }
}

describe('cgroup-cpu', () => {
  const series = `${T / 1000}\n${stat(0)}${T / 1000 + 60}\n${stat(90_000_000, 30_000_000)}${T / 1000 + 120}\n${stat(90_000_000, 30_000_000)}`

  it('reads a series', async () => {
    expect(cgroupCpu.recognise(Buffer.from(series))).toBeGreaterThan(0.9)
    const { events } = await read({
      name: 'x/sys/fs/cgroup/system.slice/docker-1.scope/cpu.stat',
      text: series,
    })
    expect(events).toMatchObject([
      {
        kind: 'cpu',
        scope: 'container',
        name: 'system.slice/docker-1.scope',
        busyCores: 1.5,
        start: T,
        time: T + 60_000,
      },
      { kind: 'metric', name: 'throttled-share', value: 0.5 },
      { kind: 'cpu', busyCores: 0, time: T + 120_000 },
    ])
  })

  it('reads one file for each moment, by their dates', async () => {
    const { events, reports } = await read(
      { name: 'cpu.stat', text: stat(0), modifiedAt: T },
      { name: 'cpu.stat', text: stat(30_000_000), modifiedAt: T + 60_000 },
    )
    expect(events).toMatchObject([{ busyCores: 0.5, timeQuality: 'unknown' }])
    expect(reports[0]?.decisions).toEqual(["its time: the file's date"])
  })

  it('says that one reading tells nothing', async () => {
    const { events, reports } = await read({ name: 'cpu.stat', text: stat(5), modifiedAt: T })
    expect(events).toEqual([])
    expect(reports[0]?.problems).toEqual([
      'read once only: it takes two readings to tell how busy a group was',
    ])
  })

  it.each([
    ['1778554800', 1_778_554_800_000],
    ['1778554800.5', 1_778_554_800_500],
    ['1778554800123', 1_778_554_800_123],
    ['2026-05-12T03:00:00+00:00', T],
    ['2026-05-12 03:00:00', T],
    ['nr_throttled', null],
    ['12', null],
  ])('moment %s', (line, expected) => expect(readMoment(line)).toBe(expected))

  it('takes any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40 }), fc.nat(series.length), async (noise, place) => {
        await read({ name: 'x', text: series.slice(0, place) + noise + series.slice(place), chunkBytes: 17 })
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})
