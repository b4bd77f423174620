import { emptyReport } from './reading.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Input } from '../inputs/input.ts'
import { type MergeableRecord, type MergeOptions, mergeRecords, type RecordStream } from './record-merge.ts'

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

/** `5a` is a record of time 5; `5a@web` has the lane web. */
function record(text: string): MergeableRecord {
  const [identity = '', lane] = text.split('@')
  const time = Number.parseInt(identity, 10)
  return lane === undefined ? { time, identity } : { time, identity, lane }
}

type TestStream = RecordStream<MergeableRecord> & { opened: boolean }

function streamOf(
  texts: readonly string[],
  name: string,
  options: { batch?: number; firstTime?: number | null } = {},
): TestStream {
  const records = texts.map(record)
  const { batch = 3, firstTime = records[0]?.time ?? null } = options
  const stream: TestStream = {
    input: inputNamed(name),
    report: emptyReport(name),
    firstTime,
    opened: false,
    async *records() {
      stream.opened = true
      for (let at = 0; at < records.length; at += batch) yield records.slice(at, at + batch)
    },
  }
  return stream
}

async function merged(streams: readonly TestStream[], options: Partial<MergeOptions> = {}) {
  const texts: string[] = []
  let watermark = -Infinity
  for await (const batch of mergeRecords(streams, { disorderMs: 2, ...options })) {
    expect(batch.watermark).toBeGreaterThanOrEqual(watermark)
    texts.push(...batch.records.map(({ identity }) => identity))
    watermark = batch.watermark
  }
  expect(watermark).toBe(Infinity)
  const total = (what: 'duplicates' | 'late') => streams.reduce((sum, { report }) => sum + report[what], 0)
  return { text: texts.join(' '), duplicates: total('duplicates'), late: total('late') }
}

const sorted = (text: string) => text.split(' ').toSorted().join(' ')

const cases: { title: string; files: string[]; expected: string; duplicates?: number; late?: number }[] = [
  { title: 'no input', files: [], expected: '' },
  { title: 'an empty input', files: [''], expected: '' },
  { title: 'one input keeps its order within a time', files: ['1b 1a 2a'], expected: '1b 1a 2a' },
  { title: 'two inputs by time', files: ['1a 3a 5a', '2b 4b 6b'], expected: '1a 2b 3a 4b 5a 6b' },
  { title: 'disorder within the window is put right', files: ['1a 4a 3a 2a 5a'], expected: '1a 2a 3a 4a 5a' },
  {
    title: 'a clock set back keeps its times and is late',
    files: ['50a 51a 53a 52a 10b 11b 54a'],
    expected: '50a 10b 11b 51a 52a 53a 54a',
    late: 2,
  },
  {
    title: 'one record far in the future holds nobody up',
    files: ['1a 99x 2a 3a 9a', '4b 5b 6b'],
    expected: '1a 2a 3a 4b 5b 6b 9a 99x',
  },
  {
    title: 'the same file twice counts once',
    files: ['1a 2a 2a 3a', '1a 2a 2a 3a'],
    expected: '1a 2a 2a 3a',
    duplicates: 4,
  },
  { title: 'repeats within one file stay', files: ['1a 1a 1a 2b'], expected: '1a 1a 1a 2b' },
  {
    title: 'as many as the file with most of them',
    files: ['1a 1a 2b', '1a 1a 1a 2b', '1a 2b'],
    expected: '1a 1a 1a 2b',
    duplicates: 5,
  },
  {
    title: 'overlapping rotations',
    files: ['1a 2a 3a 4a', '3a 4a 5a 6a'],
    expected: '1a 2a 3a 4a 5a 6a',
    duplicates: 2,
  },
  {
    title: 'a cut within one time goes back together',
    files: ['5a 6a 7a', '1z 5z 5y 5b'],
    expected: '1z 5z 5y 5b 5a 6a 7a',
  },
  {
    title: 'lanes of one time do not depend on the file',
    files: ['1b@web 1a@db 2x@web'],
    expected: '1a 1b 2x',
  },
]

describe('mergeRecords', () => {
  it.each(cases)('$title', async ({ files, expected, duplicates = 0, late = 0 }) => {
    const texts = files.map((file) => file.split(' ').filter((text) => text !== ''))
    const streams = texts.map((file, index) => streamOf(file, `f${index}`))
    expect(await merged(streams)).toEqual({ text: expected, duplicates, late })
    const turned = texts.map((file, index) => streamOf(file, `g${9 - index}`)).toReversed()
    expect(await merged(turned)).toEqual({ text: expected, duplicates, late })
  })

  it('opens an input only when its first record is reached, and closes what was open when the reader stops', async () => {
    const early = streamOf(['1a', '2a', '3a', '4a', '5a'], 'early', { batch: 1 })
    const late = streamOf(['100a'], 'late')
    for await (const batch of mergeRecords([late, early], { disorderMs: 0 })) {
      if (batch.records.some(({ time }) => time === 2)) break
    }
    expect(early.opened).toBe(true)
    expect(late.opened).toBe(false)
  })

  it('reads an input of unknown start at once', async () => {
    const unknown = streamOf(['2b', '3b'], 'unknown', { firstTime: null })
    expect(await merged([streamOf(['1a', '4a'], 'known'), unknown])).toEqual({
      text: '1a 2b 3b 4a',
      duplicates: 0,
      late: 0,
    })
  })

  it('drops nothing where more long inputs overlap than may be open', async () => {
    const streams = ['a', 'b', 'c'].map((lane) =>
      streamOf(
        Array.from({ length: 200 }, (_, at) => `${at + 1}${lane}`),
        lane,
      ),
    )
    const { text, late } = await merged(streams, { maxOpen: 2 })
    expect(text.split(' ').length).toBe(600)
    expect(late).toBeGreaterThan(0)
  })

  it('keeps the order of many more short inputs that overlap', async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => index)
    const streams = numbers.map((number) => streamOf([`1r${number}`, `${100 + number}r`], `f${number}`))
    const { text, late } = await merged(streams, { maxOpen: 4 })
    const times = text.split(' ').map((one) => Number.parseInt(one, 10))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect({ count: times.length, late }).toEqual({ count: 120, late: 0 })
  })

  it('opens short inputs that do not overlap one after the other, however many', async () => {
    const streams = Array.from({ length: 500 }, (_, at) =>
      streamOf([`${at * 10}r`, `${at * 10 + 4}r`], `f${at}`),
    )
    const { text, late } = await merged(streams, { maxOpen: 2 })
    expect({ count: text.split(' ').length, late }).toEqual({ count: 1000, late: 0 })
  })

  it('goes on where more short inputs overlap than can wait', async () => {
    const streams = Array.from({ length: 200 }, (_, number) => streamOf([`7r${number}`], `f${number}`))
    const { text } = await merged(streams, { maxOpen: 2 })
    expect(text.split(' ').length).toBe(200)
  })

  it('counts the copies of many inputs once, and repeats as often as the one with most of them', async () => {
    const copies = Array.from({ length: 20 }, (_, at) => (at === 13 ? '1a 2b 2b 3c' : '1a 2b 3c').split(' '))
    const { text, duplicates } = await merged(copies.map((texts, at) => streamOf(texts, `copy-${at}`)))
    expect({ text: sorted(text), duplicates }).toEqual({ text: '1a 2b 2b 3c', duplicates: 57 })
  })

  it('holds a bounded amount of text, however long the records are', async () => {
    const texts = Array.from({ length: 400 }, (_, index) => `7r${index}${'x'.repeat(1000)}`)
    const sizes: number[] = []
    const options = { disorderMs: 5, maxBufferedChars: 20_000 }
    for await (const batch of mergeRecords([streamOf(texts, 'a', { batch: 5 })], options))
      sizes.push(batch.records.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(400)
    expect(Math.max(...sizes)).toBeLessThan(40)
  })

  it('holds a bounded number of records even when all have one time', async () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `7r${index}`)
    let batches = 0
    let records = 0
    const streams = [streamOf(texts, 'a', { batch: 500 }), streamOf(texts, 'b', { batch: 300 })]
    for await (const batch of mergeRecords(streams, { disorderMs: 5, maxBuffered: 4000 })) {
      batches++
      records += batch.records.length
      expect(batch.records.length).toBeLessThan(10_000)
    }
    expect(records).toBe(20_000)
    expect(batches).toBeGreaterThan(2)
  })

  it('gives one stream however a file is cut, doubled and ordered', async () => {
    const file = fc
      .array(fc.record({ step: fc.nat(3), lane: fc.constantFrom('web', 'db') }), { maxLength: 40 })
      .map((steps) => {
        let time = 0
        return steps.map(({ step, lane }, index) => `${(time += step)}r${index}@${lane}`)
      })
    const cuts = fc.array(fc.nat(40), { maxLength: 2 })
    const property = fc.asyncProperty(
      file,
      cuts,
      fc.boolean(),
      fc.nat(),
      async (texts, at, isDoubled, turn) => {
        const edges = [0, ...at.toSorted((a, b) => a - b), texts.length]
        const parts = edges.slice(1).map((end, index) => texts.slice(edges[index], end))
        const files = isDoubled ? [...parts, texts, ...parts] : parts
        const turned = files.map((_, index) => files[(index + turn) % files.length] ?? [])
        const whole = await merged([streamOf(texts, 'whole')])
        const pieces = await merged(
          turned.map((part, index) => streamOf(part, `p${index}`, { batch: 1 + (index % 4) })),
        )
        expect(sorted(pieces.text)).toBe(sorted(whole.text))
        // Where a part lies wholly within one time nobody can know its place; else the order is the file's.
        const isPlaced = parts.every(
          (part) =>
            part.length === 0 ||
            Number.parseInt(part[0] ?? '', 10) !== Number.parseInt(part.at(-1) ?? '', 10),
        )
        if (isPlaced) expect(pieces.text).toBe(whole.text)
      },
    )
    await fc.assert(property, { seed: 11, numRuns: 400 })
  })

  it('loses nothing, whatever the times', async () => {
    const files = fc.array(
      fc.array(
        fc.nat(30).map((time) => `${time}x`),
        { maxLength: 30 },
      ),
      { maxLength: 4 },
    )
    const property = fc.asyncProperty(files, fc.nat(4), async (texts, disorderMs) => {
      const streams = texts.map((file, index) => streamOf(file, `f${index}`))
      const { text, duplicates } = await merged(streams, { disorderMs })
      const given = texts.reduce((sum, file) => sum + file.length, 0)
      const got = text === '' ? 0 : text.split(' ').length
      expect(got + duplicates).toBe(given)
      const isOrdered = texts.every((file) =>
        file.every(
          (text, at) => at === 0 || Number.parseInt(text, 10) >= Number.parseInt(file[at - 1] ?? '', 10),
        ),
      )
      if (!isOrdered) return
      for (const identity of new Set(texts.flat())) {
        const most = Math.max(...texts.map((file) => file.filter((other) => other === identity).length))
        expect(text.split(' ').filter((other) => other === identity).length).toBe(most)
      }
    })
    await fc.assert(property, { seed: 12, numRuns: 400 })
  })
})
