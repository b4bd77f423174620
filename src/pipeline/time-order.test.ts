import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import type { Batch } from '../sources/source.ts'
import { EventHeap } from './event-heap.ts'
import { inTimeOrder } from './time-order.ts'

function lookup(time: number, query: string): Event {
  return {
    kind: 'dns',
    time,
    timeQuality: 'exact',
    observer: 'ip:192.0.2.1',
    subjects: ['ip:192.0.2.1'],
    origin: { source: 'test', file: 'test', offset: 0, raw: query },
    query,
    queryType: 'A',
    isResponse: false,
    responseCode: null,
    answers: [],
    srcIp: '192.0.2.1',
    dstIp: '192.0.2.53',
  }
}

async function* source(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches
}

async function drain(
  sources: readonly AsyncIterable<Batch>[],
): Promise<{ times: number[]; watermarks: number[] }> {
  const times: number[] = []
  const watermarks: number[] = []
  for await (const batch of inTimeOrder(sources)) {
    for (const event of batch.events) times.push(event.time)
    watermarks.push(batch.watermark)
  }
  return { times, watermarks }
}

describe('time order', () => {
  it('ends with an infinite watermark, also with nothing to read', async () => {
    expect(await drain([])).toEqual({ times: [], watermarks: [] })
    expect((await drain([source([])])).watermarks).toEqual([Number.POSITIVE_INFINITY])
  })

  it('puts the events of all sources in order, each within the disorder it declared', async () => {
    const lanes = fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(lanes, fc.integer({ min: 1, max: 7 }), async (all, size) => {
        const sources = all.map((times) => {
          // Sorted but for a disorder of 50 that the watermark allows for.
          const jittered = times.toSorted((a, b) => a - b).map((time, at) => time + ((at * 37) % 50))
          const batches: Batch[] = []
          for (let at = 0; at < jittered.length; at += size) {
            const later = jittered.slice(at + size)
            batches.push({
              events: jittered.slice(at, at + size).map((time) => lookup(time, 'a.example')),
              watermark: later.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...later),
            })
          }
          return source(batches)
        })
        const { times } = await drain(sources)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect(times.length).toBe(all.flat().length)
      }),
      { seed: 2, numRuns: 150 },
    )
  })

  it('keeps events of one time in the order of the sources, then of the source', async () => {
    const queries: string[] = []
    const one = source([
      { events: [lookup(5, 'one'), lookup(5, 'two')], watermark: Number.POSITIVE_INFINITY },
    ])
    const other = source([{ events: [lookup(5, 'three')], watermark: Number.POSITIVE_INFINITY }])
    for await (const batch of inTimeOrder([one, other])) {
      for (const event of batch.events) if (event.kind === 'dns') queries.push(event.query)
    }
    expect(queries).toEqual(['one', 'two', 'three'])
  })

  it.each([
    ['late, behind a watermark that stands still', (at: number) => at % 50],
    ['of one instant', () => 100],
  ])('does not keep a flood of events that are %s', async (_title, timeOf) => {
    const batches = Array.from({ length: 200 }, (_, batch): Batch => ({
      events: Array.from({ length: 1000 }, (_, at) => lookup(timeOf(at), String(batch))),
      watermark: batch === 199 ? Number.POSITIVE_INFINITY : 100,
    }))
    let count = 0
    let most = 0
    for await (const { events } of inTimeOrder([source(batches)])) {
      count += events.length
      most = Math.max(most, events.length)
    }
    expect(count).toBe(200_000)
    expect(most).toBeLessThan(20_000)
  })

  it('closes the sources when the reader stops early', async () => {
    let isClosed = false
    async function* endless(): AsyncGenerator<Batch> {
      try {
        for (let time = 0; ; time++)
          yield { events: Array.from({ length: 5000 }, () => lookup(time, 'x')), watermark: time }
      } finally {
        isClosed = true
      }
    }
    for await (const batch of inTimeOrder([endless()])) if (batch.events.length > 0) break
    expect(isClosed).toBe(true)
  })
})

describe('event heap', () => {
  it('gives the oldest first, those of one time in the order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (times) => {
        const heap = new EventHeap()
        for (const [at, time] of times.entries()) heap.push(lookup(time, String(at)))
        const got: string[] = []
        for (let event = heap.first; event !== null; event = heap.first) {
          got.push(event.origin.raw)
          heap.shift()
        }
        const wanted = [...times.keys()].toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
        expect(got).toEqual(wanted.map(String))
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})
