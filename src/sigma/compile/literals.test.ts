import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TextPiece } from '../rule.ts'
import { type Literal, literalOf, literalsTest } from './literals.ts'

const RUN = { wild: 'run' } as const

describe('literalOf', () => {
  it.each<[string, readonly TextPiece[], Literal | null]>([
    ['*ab', [RUN, 'aB'], { place: 'end', text: 'ab' }],
    ['ab*', ['Ab', RUN], { place: 'start', text: 'ab' }],
    ['*ab*', [RUN, 'ab', RUN], { place: 'anywhere', text: 'ab' }],
    ['ab', ['ab'], null],
    ['*', [RUN], null],
    ['**', [RUN, RUN], null],
    ['a*b', ['a', RUN, 'b'], null],
    ['*?', [RUN, { wild: 'one' }], null],
    ['*%x%', [RUN, { placeholder: 'x' }], null],
  ])('%s', (_, pieces, literal) => {
    expect(literalOf({ kind: 'text', pieces, isCased: false })).toEqual(literal)
  })

  it('leaves cased texts alone', () => {
    expect(literalOf({ kind: 'text', pieces: [RUN, 'ab'], isCased: true })).toBeNull()
  })
})

describe('literalsTest', () => {
  it('holds where one of them does, tried one by one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\\', 'é', '😀'), maxLength: 8 })
    const literal = fc.record({
      place: fc.constantFrom('start' as const, 'end' as const, 'anywhere' as const),
      text: text.filter((one) => one !== ''),
    })
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 5 }), text, (literals, candidate) => {
        const isMet = literals.some(({ place, text: one }) =>
          place === 'start'
            ? candidate.startsWith(one)
            : place === 'end'
              ? candidate.endsWith(one)
              : candidate.includes(one),
        )
        expect(literalsTest(literals)(candidate)).toBe(isMet)
      }),
      { seed: 3, numRuns: 2000 },
    )
  })
})
