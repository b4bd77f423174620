import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LineLimits, splitLines } from './lines.ts'

interface Line {
  readonly text: string
  readonly line: number
  readonly offset: number
  readonly isCut: boolean
}

async function linesOf(chunks: Iterable<Uint8Array>, limits: LineLimits = {}): Promise<Line[]> {
  const lines: Line[] = []
  for await (const { texts, firstLine, offsets, cut } of splitLines(chunks, limits)) {
    expect(texts.length).toBeGreaterThan(0)
    expect(offsets).toHaveLength(texts.length)
    texts.forEach((text, i) => {
      lines.push({ text, line: firstLine + i, offset: offsets[i] ?? NaN, isCut: cut.includes(i) })
    })
  }
  return lines
}

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)))
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

function* pieces(whole: Uint8Array, cuts: readonly number[]): Generator<Uint8Array> {
  const buffer = new Uint8Array(whole.length)
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length]
  for (const [i, start] of places.entries()) {
    const piece = whole.subarray(start, places[i + 1] ?? whole.length)
    // The same memory for every chunk, as readers use it.
    buffer.set(piece)
    yield buffer.subarray(0, piece.length)
  }
}

function behindNuls(line: string): string {
  let start = 0
  while (line.charCodeAt(start) === 0) start++
  return line.slice(start)
}

describe('splitLines', () => {
  it.each<[string, Buffer, [string, number][]]>([
    ['nothing', bytes(), []],
    ['one newline', bytes('\n'), [['', 0]]],
    [
      'LF and CRLF',
      bytes('a\nbc\r\n\r\nd\n'),
      [
        ['a', 0],
        ['bc', 2],
        ['', 6],
        ['d', 8],
      ],
    ],
    [
      'a last line without newline',
      bytes('a\nb'),
      [
        ['a', 0],
        ['b', 2],
      ],
    ],
    ['a last CR', bytes('a\r'), [['a', 0]]],
    ['a CR inside a line', bytes('a\rb\n'), [['a\rb', 0]]],
    [
      'NULs and controls within a line',
      bytes('a\0\x1b[31m\nb\0'),
      [
        ['a\0\x1b[31m', 0],
        ['b\0', 8],
      ],
    ],
    [
      'blocks of NULs before lines and at the end',
      bytes('\0'.repeat(4096), 'a\n', '\0'.repeat(4096), 'b\n\n', '\0'.repeat(512)),
      [
        ['a', 4096],
        ['b', 8194],
        ['', 8196],
      ],
    ],
    [
      'UTF-8',
      bytes('größe\nx\n'),
      [
        ['größe', 0],
        ['x', 8],
      ],
    ],
    [
      'invalid UTF-8',
      bytes([0x61, 0xff, 0x62, 10, 0xc3, 10, 0x63]),
      [
        ['a\ufffdb', 0],
        ['\ufffd', 4],
        ['c', 6],
      ],
    ],
    [
      'a BOM of UTF-8',
      bytes('\ufeffa\nb\n'),
      [
        ['a', 3],
        ['b', 5],
      ],
    ],
    ['half a BOM', bytes([0xef, 0xbb]), [['\ufffd', 0]]],
    [
      'UTF-16LE',
      bytes([0xff, 0xfe], [...Buffer.from('aä\r\n\nꀊb', 'utf16le')]),
      [
        ['aä', 2],
        ['', 10],
        ['ꀊb', 12],
      ],
    ],
    [
      'UTF-16BE',
      bytes([0xfe, 0xff], [...utf16be('aä\r\n\n😀')]),
      [
        ['aä', 2],
        ['', 10],
        ['😀', 12],
      ],
    ],
    [
      'UTF-16 cut in a unit',
      bytes([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62]),
      [
        ['a', 2],
        ['\ufffd', 6],
      ],
    ],
    ['a lone surrogate', bytes([0xff, 0xfe, 0x00, 0xd8, 0x0a, 0]), [['\ufffd', 2]]],
    ['a BOM and nothing else', bytes([0xff, 0xfe]), []],
    [
      'UTF-16LE without BOM',
      bytes([...Buffer.from('May\r\nü\n', 'utf16le')]),
      [
        ['May', 0],
        ['ü', 10],
      ],
    ],
    [
      'UTF-16BE without BOM',
      bytes([...utf16be('May\r\nü\n')]),
      [
        ['May', 0],
        ['ü', 10],
      ],
    ],
    ['NULs that are no UTF-16', bytes('a\0bc\n'), [['a\0bc', 0]]],
  ])('%s', async (_title, whole, expected) => {
    const lines = await linesOf([whole])
    expect(lines.map(({ text, offset }) => [text, offset])).toEqual(expected)
    expect(lines.map(({ line }) => line)).toEqual(expected.map((_, i) => i + 1))
    expect(lines.some(({ isCut }) => isCut)).toBe(false)
  })

  it('gives the same lines however the bytes are cut into chunks', async () => {
    const letters = fc.constantFrom(10, 10, 13, 0, 0x61, 0x62, 0xc3, 0xa4, 0xff, 0xfe, 0xef, 0xbb, 0xbf)
    const start = fc.constantFrom([], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf])
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.array(letters, { maxLength: 60 }),
        fc.array(fc.nat(64)),
        fc.integer({ min: 2, max: 9 }),
        async (bom, rest, cuts, max) => {
          const whole = Uint8Array.from([...bom, ...rest])
          const limits = { maxLineBytes: max }
          expect(await linesOf(pieces(whole, cuts), limits)).toEqual(await linesOf([whole], limits))
        },
      ),
      { seed: 7, numRuns: 500 },
    )
  })

  it('splits UTF-8 as a plain split of the decoded text does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 8 })),
        fc.array(fc.nat(99)),
        async (texts, cuts) => {
          const whole = Buffer.from(`x${texts.join('\n')}`.toWellFormed())
          const expected = whole.toString().split('\n').map(behindNuls)
          if (expected.at(-1) === '') expected.pop()
          const lines = await linesOf(pieces(whole, cuts))
          expect(lines.map(({ text }) => text)).toEqual(expected.map((text) => text.replace(/\r$/, '')))
          for (const { offset, text } of lines) {
            expect(whole.toString('utf8', offset, offset + Buffer.byteLength(text))).toBe(text)
          }
        },
      ),
      { seed: 11, numRuns: 200 },
    )
  })

  it.each([
    ['inside a chunk', [bytes('ok\n', 'x'.repeat(50), '\nnext\n')]],
    [
      'over chunks',
      [bytes('ok\n', 'x'.repeat(20)), bytes('x'.repeat(20)), bytes('x'.repeat(10), '\nnext\n')],
    ],
  ])('cuts a line that is too long %s and says so', async (_title, chunks) => {
    expect(await linesOf(chunks, { maxLineBytes: 16 })).toEqual([
      { text: 'ok', line: 1, offset: 0, isCut: false },
      { text: 'x'.repeat(16), line: 2, offset: 3, isCut: true },
      { text: 'next', line: 3, offset: 54, isCut: false },
    ])
  })

  it('holds no more than the limit of a line of 100 MB', async () => {
    const chunk = Buffer.alloc(2 ** 20, 'x')
    function* chunks(): Generator<Uint8Array> {
      for (let i = 0; i < 100; i++) yield chunk
      yield Buffer.from('\nlast')
    }
    const lines = await linesOf(chunks())
    expect(lines.map(({ text, line, offset, isCut }) => [text.length, line, offset, isCut])).toEqual([
      [2 ** 20, 1, 0, true],
      [4, 2, 100 * 2 ** 20 + 1, false],
    ])
  })
})
