import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvScanner } from './csv-scanner.ts'

/** Cells 0 to 3 of every row, as places that were told while reading. */
function rowsOf(text: string, chunkBytes = 1000, wanted: readonly number[] = [0, 1, 2, 3]) {
  const rows: { cells: (string | null)[]; line: number; start: string }[] = []
  const whole = Buffer.from(text)
  const scanner = new CsvScanner(44, wanted, {
    row(bytes, _start, _end, { starts, ends, line, offset }) {
      const cells = wanted.map((_, index) => {
        const from = starts[index] ?? -1
        return from < 0 ? null : bytes.toString('utf8', from, ends[index]).replaceAll('""', '"')
      })
      rows.push({ cells, line, start: whole.toString('utf8', offset, offset + 1) })
    },
  })
  for (let at = 0; at < whole.length; at += chunkBytes) scanner.push(whole.subarray(at, at + chunkBytes))
  scanner.end()
  return { rows, scanner }
}

describe('CsvScanner', () => {
  it.each([
    [
      'a,b\nc,d\n',
      [
        ['a', 'b', null, null],
        ['c', 'd', null, null],
      ],
    ],
    [
      'a,b,c,d,e\r\nf\r\n',
      [
        ['a', 'b', 'c', 'd'],
        ['f', null, null, null],
      ],
    ],
    ['"a,1","b\n2","c""3",', [['a,1', 'b\n2', 'c"3', '']]],
    [
      '"",x\n\n\n,',
      [
        ['', 'x', null, null],
        ['', '', null, null],
      ],
    ],
    [
      '"a"\r\n"b"',
      [
        ['a', null, null, null],
        ['b', null, null, null],
      ],
    ],
    ['"""a""",b', [['"a"', 'b', null, null]]],
    ['a,"b', [['a', 'b', null, null]]],
    ['"a"x,b\n', [['a', 'b', null, null]]],
  ])('%j', (text, expected) => {
    for (const chunkBytes of [1, 2, 3, 1000])
      expect(rowsOf(text, chunkBytes).rows.map(({ cells }) => cells)).toEqual(expected)
  })

  it('counts lines, also within cells, and knows where rows begin', () => {
    const { rows } = rowsOf('a,"x\ny\nz"\nb,2\n\nc,3\n', 4)
    expect(rows.map(({ line, start }) => [line, start])).toEqual([
      [1, 'a'],
      [4, 'b'],
      [6, 'c'],
    ])
  })

  it('gives one column to whoever wants it', () => {
    expect(rowsOf('a,b\nc\n', 5, [1, 0, 1]).rows.map(({ cells }) => cells)).toEqual([
      ['b', 'a', 'b'],
      [null, 'c', null],
    ])
  })

  it('passes over what is too long and goes on behind it', () => {
    const { rows, scanner } = rowsOf(`a,b\n"${'x'.repeat(3 << 20)}\nc,d\n`, 65_536)
    expect(scanner.tooLong).toBe(1)
    expect(rows.map(({ cells }) => cells[0])).toEqual(['a', 'c'])
  })

  it('reads what was written, however it is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'ü', ' '), maxLength: 6 })
    const table = fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 8 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, chunkBytes) => {
        const text = rows
          .map((row) => `${row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`)
          .join('')
        expect(rowsOf(text, chunkBytes).rows.map(({ cells }) => cells)).toEqual(rows)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('takes any bytes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '\0'), maxLength: 200 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (any, chunkBytes) => {
        expect(rowsOf(any, chunkBytes).rows.map(({ cells }) => cells)).toEqual(
          rowsOf(any, 1000).rows.map(({ cells }) => cells),
        )
      }),
      { seed: 8, numRuns: 400 },
    )
  })
})
