import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutWidth, displayWidth, padWidth, wrap } from './width.ts'

it.each([
  ['abc', 3],
  ['é', 1],
  ['e\u0301\u0302\u0303', 1],
  ['漢字', 4],
  ['😀', 2],
  ['👩‍👩‍👧', 2],
  ['▁▂█⚔', 4],
  ['', 0],
])('%j takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns)
})

it('cuts and pads by columns', () => {
  expect(cutWidth('abcdef', 4)).toBe('abc…')
  expect(cutWidth('漢字漢字', 4)).toBe('漢…')
  expect(padWidth('漢', 4)).toBe('漢  ')
})

it('breaks at blanks, and inside a word only where it must', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('/usr/share/long/path', 12)).toEqual(['/usr/share/', 'long/path'])
  expect(wrap('', 10)).toEqual([''])
})

it('never makes a line too wide nor loses a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 2, max: 60 }),
      (text, columns) => {
        const lines = wrap(text, columns)
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      },
    ),
    { seed: 11 },
  )
})
