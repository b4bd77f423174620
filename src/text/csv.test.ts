import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvField, csvRow } from './csv.ts'

it.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['=1+1', "'=1+1"],
  ['+49', "'+49"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1', `' =1`],
  ['\t=1', `'\\t=1`],
  ['\rcmd', `'\\rcmd`],
  ['"=1"', `"'""=1"""`],
  ['＝1', "'＝1"],
  ['two\nlines', 'two\\nlines'],
  [-5, '-5'],
  [true, 'true'],
  [null, ''],
])('%j → %s', (value, field) => {
  expect(csvField(value)).toBe(field)
})

it('ends a row as RFC 4180 wants it', () => {
  expect(csvRow(['a', 1, null, 'b,c'])).toBe('a,1,,"b,c"\r\n')
})

it('gives one field whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const field = csvField(text)
      const inside = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '') : field
      expect(inside).not.toMatch(field.startsWith('"') ? /["\r\n]/ : /[",\r\n]/)
      expect(field).not.toMatch(/^["\s]*[=+\-@\t\r]/)
    }),
    { seed: 6 },
  )
})
