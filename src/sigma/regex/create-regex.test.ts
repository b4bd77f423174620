import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growthOf } from './ambiguity.ts'
import { createRegex, type Regex } from './create-regex.ts'
import { parsePattern } from './parse-pattern.ts'

const PLAIN = { isCaseIgnored: false, isMultiline: false, isDotAll: false }

function regex(source: string, flags = PLAIN): Regex {
  const made = createRegex(source, flags)
  if ('fault' in made) throw new Error(made.fault)
  return made
}

describe('what PCRE patterns match', () => {
  it.each<[string, string, boolean]>([
    [String.raw`\d{1,3}\.\d`, 'v10.2', true],
    ['(?i)ABC', 'xabcx', true],
    ['a(?i:b)c', 'aBc', true],
    ['a(?i:b)c', 'aBC', false],
    ['a(?i)b|C', 'c', true],
    ['(?-i)a', 'A', false],
    ['^ab$', 'ab\n', true],
    [String.raw`\Aab\z`, 'ab\n', false],
    ['(?m)^b$', 'a\nb', true],
    ['(?s)a.b', 'a\nb', true],
    ['(?x) a b # comment', 'ab', true],
    ['[[:alpha:]_]+9', 'ab_9', true],
    ['[^[:digit:]]', '5', false],
    ['[]a]', ']', true],
    [String.raw`[a\-z]`, '-', true],
    [String.raw`[\w-]x`, '-x', true],
    [String.raw`\Qa.b\E+`, 'a.b', true],
    [String.raw`\x41\x{42}`, 'AB', true],
    ['(?P<n>a)', 'a', true],
    [String.raw`(a)\1`, 'aa', true],
    [String.raw`\p{Lu}b`, 'Äb', true],
    [String.raw`\bfoo\b`, 'a foo.', true],
    ['a{,2}', 'a{,2}', true],
    ['x{2,3}y', 'xxxy', true],
    ['(?!a)b', 'b', true],
    ['(?<=a)b', 'ab', true],
    ['a|', '', true],
  ])('%s on %j: %s', (source, text, expected) => {
    expect(regex(source).test(text)).toBe(expected)
  })
})

function growth(source: string): number {
  const read = parsePattern(source, PLAIN)
  return 'fault' in read ? Number.NaN : growthOf(read.pattern).degree
}

describe('patterns that can run away', () => {
  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    String.raw`^(\w+\s?)*$`,
    '(.*)*x',
    '(x+x+)+y',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    String.raw`(\d+|\w+)*;`,
    '(a?){30}(b|c)*'.replace('(b|c)*', '(a*)*'),
    'a?'.repeat(25) + 'b',
    String.raw`^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$`,
  ])('%s never goes to the native matcher', (source) => {
    expect(growth(source)).toBe(Infinity)
    const made = createRegex(source, PLAIN)
    if (!('fault' in made)) {
      expect(made.nativeLength).toBe(-1)
      expect(made.test(`${'a'.repeat(20_000)}!`)).toBeTypeOf('boolean')
    }
  })

  it.each<[string, number]>([
    ['abc', 1],
    [String.raw`\d{1,3}\.\d{1,3}`, 2],
    ['[a-z]+@[a-z]+', 2],
    ['^[a-z]+@[a-z]+', 1],
    [String.raw`\s-[^-\s]{0,20}i`, 1],
    ['.*a.*b', 3],
    [String.raw`([0-9a-f]{2}\s?){2,20}`, 2],
  ])('%s grows with the power %d', (source, degree) => {
    expect(growth(source)).toBe(degree)
  })

  it('long texts go to the linear matcher, which agrees', () => {
    const made = regex('a.*b.*c')
    const long = 'ab'.repeat(5000)
    expect(made.nativeLength).toBeLessThan(long.length)
    expect(made.test(long)).toBe(false)
    expect(made.test(`${long}c`)).toBe(true)
  })

  it.each<[string, string]>([
    [String.raw`(a+)+\1`, 'a reference to a group'],
    ['(?=(a+)+b)', 'look-around'],
    ['a++', 'possessive'],
    ['(?>a)', 'atomic'],
    ['(a', 'not closed'],
    ['a)', 'not opened'],
    ['*a', 'nothing to repeat'],
    [String.raw`\y`, 'escape'],
    ['[z-a]', 'wrong way round'],
  ])('%s is refused: %s', (source, reason) => {
    expect(createRegex(source, PLAIN)).toEqual({ fault: expect.stringContaining(reason) })
  })
})

it('what a pattern requires stands in whatever it matches', () => {
  const parts = fc.constantFrom(
    'a',
    'b',
    'A',
    '[aA]',
    '[ab]',
    '.',
    '(ab|ba)',
    'b?',
    'a+',
    '(?:ab){2}',
    '^',
    '$',
    String.raw`\w`,
    '(a|)',
  )
  const pattern = fc.array(parts, { minLength: 1, maxLength: 6 }).map((all) => all.join(''))
  const text = fc
    .array(fc.constantFrom('a', 'b', 'A', '\n', 'c'), { maxLength: 10 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(pattern, text, (source, one) => {
      const made = createRegex(source.replace('^+', '^'), PLAIN)
      if ('fault' in made) return
      const holds = made.test(one)
      if (holds && made.required !== null)
        expect(made.required.some((required) => one.toLowerCase().includes(required))).toBe(true)
      // PCRE's `$` also stands before a newline at the end.
      expect(holds).toBe(
        new RegExp(source.replaceAll('$', String.raw`(?=\n?$)`).replaceAll('.', String.raw`[^\n]`), 'u').test(
          one,
        ),
      )
    }),
    { seed: 11, numRuns: 1500 },
  )
})

it('any text is a pattern or a fault, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.string({
        maxLength: 40,
        unit: fc.constantFrom(...Array.from(String.raw`ab1(){}[]|*+?\^$.:=!<>-,diwsxupQE`, (char) => char)),
      }),
      (source) => {
        const made = createRegex(source, PLAIN)
        if (!('fault' in made)) expect(made.test('ab1')).toBeTypeOf('boolean')
      },
    ),
    { seed: 12, numRuns: 3000 },
  )
})
