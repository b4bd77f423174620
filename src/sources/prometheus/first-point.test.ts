import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTexts } from '../samples/read-texts.ts'
import { PointScan } from './first-point.ts'
import { prometheus } from './index.ts'

function scanned(text: string | Uint8Array, chunkBytes = 7): number | null {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const scan = new PointScan()
  for (let at = 0; at < bytes.length; at += chunkBytes) scan.push(bytes.subarray(at, at + chunkBytes))
  return scan.end()
}

const T = Date.UTC(2026, 4, 12) / 1000

const Seconds = fc.oneof(
  fc.integer({ min: T - 100_000, max: T + 100_000 }),
  fc.double({ min: T - 100, max: T + 100, noNaN: true }),
  fc.constantFrom(0, -5, 9e9, 1e21, 1e-7, 12),
)
const Metric = fc.constantFrom(
  { __name__: 'node_load1', instance: 'web-1:9100' },
  { __name__: 'node_load5', instance: '[2001:db8::1]:9100' },
  { mode: 'idle', instance: 'web-1:9100' },
  { mode: 'user', note: '[ 3, [4' },
)
const Answer = fc
  .array(
    fc.record({
      metric: Metric,
      values: fc.array(fc.tuple(Seconds, fc.constantFrom('0.5', '1', 'NaN')), { maxLength: 8 }),
    }),
    {
      maxLength: 5,
    },
  )
  .map((result) => ({ status: 'success', data: { resultType: 'matrix', result } }))
const Indent = fc.constantFrom(undefined, 1, '\t', '\r\n  ')

describe('the first point of an answer', () => {
  it.each([
    ['one series', '{"values":[[1778544060,"1"],[1778544120,"2"]]}', 1_778_544_060_000],
    ['one that begins before the first', '[[1778544060,"1"]],[ [ 1778544000 , "2"]]', 1_778_544_000_000],
    ['a fraction', '[[1778544060.781,"1"]]', 1_778_544_060_781],
    ['an exponent', '[[1.77854406e9,"1"]]', 1_778_544_060_000],
    ['a single value', '{"value":[1778544060.5,"1"]}', 1_778_544_060_500],
    ['no point', '{"status":"success","data":{"resultType":"matrix","result":[]}}', null],
    ['a gap without end', `[[${' '.repeat(5000)}1778544060,"1"]]`, null],
  ])('%s', (_what, text, time) => {
    expect(scanned(text)).toBe(time)
  })

  it('does not guess in UTF-16', () => {
    expect(scanned(Buffer.from('\uFEFF[[1778544060,"1"]]', 'utf16le'))).toBeNull()
  })

  it('is never later than what the answer tells, whatever its shape and the cuts', async () => {
    await fc.assert(
      fc.asyncProperty(
        Answer,
        Indent,
        fc.integer({ min: 1, max: 40 }),
        async (answer, indent, chunkBytes) => {
          const text = JSON.stringify(answer, null, indent)
          const first = scanned(text, chunkBytes)
          const { events, reports } = await readTexts(prometheus, [{ name: 'p', text, chunkBytes }])
          for (const { time } of events) expect(first).toBeLessThanOrEqual(time)
          expect(reports[0]?.late).toBe(0)
        },
      ),
      { seed: 11, numRuns: 300 },
    )
  })

  it('is never later than what is told of a damaged answer', async () => {
    const whole = JSON.stringify({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { __name__: 'node_load1' },
            values: [
              [T + 60, '1'],
              [T + 120, '2'],
            ],
          },
          {
            metric: { __name__: 'node_load5' },
            values: [
              [T, '1'],
              [T + 60.5, '2'],
            ],
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
          const first = scanned(text, 5)
          const { events } = await readTexts(prometheus, [{ name: 'p', text }])
          for (const { time } of events) expect(first).toBeLessThanOrEqual(time)
        },
      ),
      { seed: 12, numRuns: 400 },
    )
  })
})
