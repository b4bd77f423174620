import { expect, it } from 'vitest'
import { exampleFiles, staleExampleFiles } from '../../scripts/make-example.ts'

const MAX_BYTES = 400_000

it('ships what the scene makes (else: node scripts/make-example.ts)', () => {
  expect(staleExampleFiles()).toEqual([])
})

it('stays small enough to ship', () => {
  const bytes = [...exampleFiles().values()].reduce((sum, file) => sum + file.length, 0)
  expect(bytes).toBeLessThan(MAX_BYTES)
})
