import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { identifier } from '../../event/identifier.ts'
import { metricEvent } from './events.ts'
import { HeldTexts } from './held-texts.ts'
import type { Measurement } from './record.ts'
import { joinedRuns, type MeasuredRun, orderOf, runOf } from './run.ts'

function load(time: number, value: number): Measurement {
  const web = identifier('host', 'web-1')
  const origin = { source: 'test', file: 'm', offset: 0, raw: `load ${value}` }
  const base = { time, timeQuality: 'exact' as const, observer: web, subjects: [web], origin }
  return metricEvent(base, 'load-1', 'load', value)
}

const told = (run: MeasuredRun): Measurement[] =>
  Array.from(orderOf(run), (entry) => run.measure(entry)).flat()

it('gives runs as one list sorted by time would be', () => {
  const times = fc.array(fc.array(fc.nat(20), { maxLength: 12 }), { maxLength: 6 })
  fc.assert(
    fc.property(times, (documents) => {
      let value = 0
      const events = documents.map((document) => document.map((time) => load(time, value++)))
      const expected = events.flat().toSorted((a, b) => a.time - b.time)
      expect(told(joinedRuns(events.map(runOf)))).toEqual(expected)
    }),
    { seed: 5 },
  )
})

it('holds texts as they were', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 3000 }), { maxLength: 40 })
  fc.assert(
    fc.property(texts, fc.boolean(), (added, isClosed) => {
      const held = new HeldTexts()
      for (const text of added) held.add(text)
      if (isClosed) held.close()
      expect(added.map((_, index) => held.at(index))).toEqual(added)
    }),
    { seed: 5 },
  )
})
