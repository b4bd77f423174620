import { expect, it } from 'vitest'
import { identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { emptyReport } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { metricEvent } from './events.ts'
import { readRuns } from './read-measured.ts'
import { runOf } from './run.ts'

const DAY_MS = 86_400_000
const MINUTES = 1440

function inputNamed(name: string): Input {
  return {
    name,
    group: '',
    storedSize: null,
    modifiedAt: null,
    head: new Uint8Array(),
    async *chunks() {},
    tail: () => null,
  }
}

it('opens a document of a day when its day has come', async () => {
  const inputs = ['0', '1', '2'].map(inputNamed)
  const reports = new Map<Input, InputReport>(inputs.map((input) => [input, emptyReport(input.name)]))
  const env: SourceEnv = {
    now: 4 * DAY_MS,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: (input) => reports.get(input) ?? emptyReport(input.name),
  }
  const web = identifier('host', 'web-1')
  const opened: string[] = []
  const startOf = (input: Input): number => Number(input.name) * DAY_MS
  const batches = readRuns(inputs.toReversed(), env, 'test', {
    firstTimeOf: (input) => Promise.resolve(startOf(input)),
    async *read(input) {
      opened.push(input.name)
      yield runOf(
        Array.from({ length: MINUTES }, (_, minute) => {
          const time = startOf(input) + minute * 60_000
          const origin = { source: 'test', file: input.name, offset: 0, raw: `${time}` }
          const base = { time, timeQuality: 'exact' as const, observer: web, subjects: [web], origin }
          return metricEvent(base, 'load-1', 'load', 1)
        }),
      )
    },
  })
  const times: number[] = []
  for await (const { events } of batches) {
    for (const { time } of events) times.push(time)
    const day = Math.floor((times.at(-1) ?? 0) / DAY_MS)
    // A document begins a minute before its first time: so far measurements of one may be out of order.
    expect(opened.length).toBeLessThanOrEqual(day + 2)
    if ((times.at(-1) ?? 0) < (day + 1) * DAY_MS - 10 * 60_000 && day < 2)
      expect(opened).not.toContain(String(day + 2))
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times).toHaveLength(3 * MINUTES)
  expect(opened).toEqual(['0', '1', '2'])
})
