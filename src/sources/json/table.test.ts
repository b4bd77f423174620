import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cells, headTable, rowOf, splitTable } from './table.ts'

async function* inPieces(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

describe('a table', () => {
  const rows: [string, string[]][] = [
    ['a,b,c', ['a', 'b', 'c']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    [',,', ['', '', '']],
    ['"open', ['open']],
    ['"a"x,b', ['ax', 'b']],
    ['', ['']],
  ]
  it.each(rows)('has the cells of %s', (row, expected) => {
    expect(cells(row, ',')).toEqual(expected)
  })

  it.each(['a,b', '1,2,3,4', 'May 12 03:14:07 web-1 x: a, b, c, d!', '{"a":1,"b":2,"c":3,"d":4}'])(
    'does not begin with %s',
    (line) => {
      expect(headTable(Buffer.from(`${line}\nx\n`))).toBeNull()
    },
  )

  it('gives back any cells, with the line that each row begins on', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '\t'), maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell, cell), { maxLength: 8 }), async (table) => {
        const columns = ['w', 'x', 'y', 'z']
        const text = [columns, ...table]
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
          .join('\n')
        const flaws = { text: 0, cut: 0, long: 0, deep: 0 }
        const found: string[][] = []
        for await (const pieces of splitTable(inPieces(text), flaws))
          for (const piece of pieces) {
            found.push(columns.map((column) => String(rowOf(piece.text, columns, ',')[column])))
            const before = Buffer.from(text).subarray(0, piece.offset).toString()
            expect(piece.line).toBe(before.split('\n').length)
          }
        expect(found).toEqual(table)
        expect(flaws.cut).toBe(0)
      }),
      { seed: 4, numRuns: 200 },
    )
  })
})
