import { expect, it } from 'vitest'
import { caseOf } from './case.ts'
import { MAX_BYTES } from './mutate.ts'
import { shrink } from './shrink.ts'
import type { Target } from './target.ts'

const target: Target = {
  name: 'test',
  samples: () => [Buffer.from('one line\nand "another" 42\n'), Buffer.from([0, 1, 2, 3])],
  words: ['word'],
  build: (random) => Buffer.from(random.bytes(8)),
  check: () => {},
}

it('gives the same case for the same seed and number, whatever ran before', () => {
  const samples = target.samples()
  const cases = Array.from({ length: 300 }, (_, index) => caseOf(target, samples, 5, index))
  expect(caseOf(target, samples, 5, 250)).toEqual(cases[250])
  expect(new Set(cases.map((bytes) => Buffer.from(bytes).toString('latin1'))).size).toBeGreaterThan(200)
  expect(Math.max(...cases.map((bytes) => bytes.length))).toBeLessThanOrEqual(MAX_BYTES)
  expect(samples).toEqual(target.samples())
})

it('makes a failing input small', async () => {
  const bytes = Buffer.from('x'.repeat(500) + 'bad' + 'y'.repeat(500))
  const small = await shrink(
    bytes,
    async (candidate) => Buffer.from(candidate).includes('bad'),
    () => 0,
    1,
  )
  expect(Buffer.from(small).toString()).toBe('bad')
})
