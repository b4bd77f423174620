import { expect, it } from 'vitest'
import { isSlipOf } from './names.ts'

it.each([
  ['tmo', 'tom', true],
  ['Tom', 'tom', true],
  ['tom.baker', 'tom', true],
  ['OFFICE\\tom', 'tom', true],
  ['jenikns', 'jenkins', true],
  ['t.mueler', 't.mueller', true],
  ['oracle', 'root', false],
  ['admin', 'root', false],
  ['ubuntu', 'tom', false],
  ['test', 'git', false],
  ['a', 'ab', false],
  ['', 'tom', false],
])('%j for %j: %s', (name, user, isSlip) => {
  expect(isSlipOf(name, user)).toBe(isSlip)
  expect(isSlipOf(user, name)).toBe(isSlip)
})
