import { describe, expect, it } from 'vitest'
import { EXAMPLES, staleExampleFiles } from '../../scripts/make-example.ts'

const MAX_BYTES = 500_000

describe.each(Object.entries(EXAMPLES))('examples/%s', (name, make) => {
  const files = make()

  it('ships what the range makes (else: node scripts/make-example.ts)', () => {
    expect(staleExampleFiles(name, files)).toEqual([])
  })

  it('stays small enough to ship', () => {
    const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0)
    expect(bytes).toBeLessThan(MAX_BYTES)
  })
})
