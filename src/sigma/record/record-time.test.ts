import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordTime } from './record-time.ts'

const NOON = Date.UTC(2026, 2, 3, 12)

describe('when a record happened', () => {
  it.each<[Record<string, unknown>, number | null]>([
    [{ eventTime: '2026-03-03T12:00:00Z' }, NOON],
    [
      {
        Event: { System: { TimeCreated: { '#attributes': { SystemTime: '2026-03-03T12:00:00.500000Z' } } } },
      },
      NOON + 500,
    ],
    [{ '@timestamp': '2026-03-03T12:00:00.000Z', ts: 1 }, NOON],
    [{ timestamp: '2026-03-03T14:00:00.250+0200' }, NOON + 250],
    [{ timestamp: '2026-03-03T14:00:00+02:00' }, NOON],
    [{ UtcTime: '2026-03-03 12:00:00.123' }, NOON + 123],
    [{ ts: NOON / 1000 + 0.5 }, NOON + 500],
    [{ time: NOON }, NOON],
    [{ __REALTIME_TIMESTAMP: String(NOON * 1000) }, NOON],
    [{ timestamp: NOON * 1e6 }, NOON],
    [{ time: 'soon', eventTimestamp: '2026-03-03T12:00:00Z' }, NOON],
    [{ requestReceivedTimestamp: '2026-03-03T12:00:00.000001Z' }, NOON + 0.001],
    [{ start: 17, time: true }, null],
    [{ eventTime: '2026-13-03T12:00:00Z' }, null],
    [{}, null],
  ])('%j', (record, time) => {
    expect(recordTime(record)).toBe(time)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('time', 'ts', 'Event', 'System', '__proto__', 'eventTime') }),
        (record) => {
          const time = recordTime({ ...record })
          expect(time === null || Number.isFinite(time)).toBe(true)
        },
      ),
      { seed: 5, numRuns: 500 },
    )
  })
})
