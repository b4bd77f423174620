import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../event/event.ts'
import { Horizon } from './horizon.ts'

function at(time: number): Event {
  return {
    kind: 'dns',
    time,
    timeQuality: 'exact',
    observer: 'ip:192.0.2.1',
    subjects: ['ip:192.0.2.1'],
    origin: { source: 'pcap', file: 'x', offset: 0, raw: '' },
    query: 'a.example',
    queryType: 'A',
    isResponse: false,
    responseCode: null,
    answers: [],
    srcIp: '192.0.2.1',
    dstIp: '192.0.2.53',
  }
}

describe('horizon', () => {
  it('is what open flows allow, and never goes back', () => {
    const horizon = new Horizon(100)
    horizon.move([at(10), at(20)], 5)
    expect(horizon.watermark).toBe(5)
    horizon.move([], 3)
    expect(horizon).toMatchObject({ watermark: 5, late: 0 })
  })

  it('lets the older half go where too much waits, and counts what then comes late', () => {
    const horizon = new Horizon(10)
    horizon.move(
      Array.from({ length: 12 }, (_, time) => at(time)),
      Number.NEGATIVE_INFINITY,
    )
    expect(horizon).toMatchObject({ watermark: 6, late: 0 })
    horizon.move([at(2), at(7)], Number.NEGATIVE_INFINITY)
    expect(horizon).toMatchObject({ watermark: 6, late: 1 })
  })

  it('bounds what waits, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 300 }), (times) => {
        const horizon = new Horizon(20)
        const given: number[] = []
        for (const time of times) {
          horizon.move([at(time)], Number.NEGATIVE_INFINITY)
          given.push(time)
          const isSameTime = given.filter((one) => one === horizon.watermark).length
          expect(given.filter((one) => one > horizon.watermark).length).toBeLessThanOrEqual(20 + isSameTime)
        }
      }),
      { seed: 9, numRuns: 100 },
    )
  })
})
