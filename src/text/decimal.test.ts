import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDecimals, decimalNumber, decimalText, parseDecimal, subtractDecimals, ZERO } from './decimal.ts'

describe('parseDecimal', () => {
  it.each([
    ['12.50', '12.5'],
    ['-0.10', '-0.1'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+7', '7'],
    ['0', '0'],
    ['-0.000', '0'],
    ['1.2E-05', '0.000012'],
    ['3e2', '300'],
    ['0.00000000000000000000000000000000012345', '0.00000000000000000000000000000000012345'],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.1'],
  ])('%s', (text, expected) => {
    const value = parseDecimal(text)
    expect(value === null ? null : decimalText(value)).toBe(expected)
  })

  it.each([
    '',
    '.',
    '-',
    'e5',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e999',
    '1e-70',
    '--1',
    '1.2.3',
    '9'.repeat(200),
  ])('refuses %s', (text) => expect(parseDecimal(text)).toBeNull())
})

describe('addDecimals', () => {
  it('adds what floats do not', () => {
    const sum = ['0.1', '0.2'].map((text) => parseDecimal(text) ?? ZERO).reduce(addDecimals, ZERO)
    expect(decimalText(sum)).toBe('0.3')
  })

  it('is exact in any order', () => {
    const amount = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(30))
      .map(([units, scale]) => ({ units, scale }))
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 20 }), (amounts) => {
        const forwards = amounts.reduce(addDecimals, ZERO)
        const backwards = amounts.toReversed().reduce(addDecimals, ZERO)
        const exact = amounts.reduce((sum, { units, scale }) => sum + units * 10n ** BigInt(30 - scale), 0n)
        expect(decimalText(forwards)).toBe(decimalText(backwards))
        expect(decimalText(forwards)).toBe(decimalText({ units: exact, scale: 30 }))
        expect(decimalText(subtractDecimals(forwards, backwards))).toBe('0')
        const again = parseDecimal(decimalText(forwards))
        expect(again === null ? null : decimalText(again)).toBe(decimalText(forwards))
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('gives the nearest float for showing', () => {
    expect(decimalNumber({ units: -125n, scale: 2 })).toBe(-1.25)
  })
})
