import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeJson } from '../reports/safe-json.ts'
import { jsonPieces } from './surface-output.ts'

describe('jsonPieces', () => {
  it('is the same text as in one piece', () => {
    const document = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true })
    fc.assert(
      fc.property(document, (one) => {
        expect([...jsonPieces(one)].join('')).toBe(safeJson(one))
      }),
      { seed: 8 },
    )
  })
})
