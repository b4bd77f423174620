import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutBytes, visible, visibleDeep } from './visible.ts'

describe('visible', () => {
  it.each([
    ['plain text', 'plain text'],
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['a\nb\r\tc\0', 'a\\nb\\r\\tc\\x00'],
    ['\x7f\x9b', '\\x7f\\x9b'],
    ['cod\u202egpj.exe', 'cod\\u202egpj.exe'],
    ['\u2066x\u2069', '\\u2066x\\u2069'],
    ['a\u200bb\u200dc\ufeffd\u00ade', 'a\\u200bb\\u200dc\\ufeffd\\xade'],
    ['\ud800 alone', '\\ud800 alone'],
    ['\u{e0041}\u{e0100}\ufe0f\u3164', '\\u{e0041}\\u{e0100}\\ufe0f\\u3164'],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['\ue000\uffff', '\\ue000\\uffff'],
    ['Grüße, 漢字, العربية, 😀', 'Grüße, 漢字, العربية, 😀'],
    ['C:\\x1b', 'C:\\x1b'],
  ])('%j → %s', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('leaves nothing that moves a cursor or hides, and changes nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(text)
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
        expect(visible(shown)).toBe(shown)
      }),
      { seed: 1 },
    )
  })
})

describe('cutBytes', () => {
  it.each([
    ['short', 10, 'short'],
    ['exact', 5, 'exact'],
    ['longer', 5, 'lo…'],
    ['ééé', 6, 'ééé'],
    ['éééé', 7, 'éé…'],
    ['😀😀', 7, '😀…'],
    ['😀', 3, '…'],
    ['abc', 2, 'ab'],
    ['abc', 0, ''],
  ])('%j in %i bytes → %j', (text, maxBytes, cut) => {
    expect(cutBytes(text, maxBytes)).toBe(cut)
  })

  it('never exceeds the limit nor splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(64), (text, maxBytes) => {
        const cut = cutBytes(text, maxBytes)
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes)
        expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true)
        expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed())
      }),
      { seed: 2 },
    )
  })
})

describe('visibleDeep', () => {
  it('makes every string of a tree visible and leaves the rest as it is', () => {
    const tree = { user: 'ro\u001Bot', list: ['\u202Ex', 7, null], nested: { ok: true, name: 'plain' } }
    expect(visibleDeep(tree)).toEqual({
      user: 'ro\\x1bot',
      list: ['\\u202ex', 7, null],
      nested: { ok: true, name: 'plain' },
    })
  })
})
