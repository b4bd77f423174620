import { getPriority } from 'node:os'
import { expect, it } from 'vitest'
import { goFirst } from './priority.ts'

it('is afterwards as it was before, whether or not it was let go first', () => {
  const before = getPriority()
  const putBack = goFirst()
  if (putBack !== null) expect(getPriority()).toBeLessThan(before)
  putBack?.()
  expect(getPriority()).toBe(before)
})
