import { describe, expect, it } from 'vitest'
import {
  hashesOfCryptonoteTarget,
  hashesOfDifficulty,
  hashesOfTarget,
  networkDifficulty,
} from './difficulty.ts'

describe('difficulty', () => {
  it.each([
    ['ffff0100', 2 ** 32 / 0x1ffff],
    ['00000400', 16384],
    ['711b0d00', 2 ** 32 / 0x0d1b71],
    ['ffffffff', 1],
    ['00000001', 256],
    ['0000000000000400', 16384],
    ['b7d1', 65536 * (65536 / 0xd1b7)],
    ['', null],
    ['00000000', null],
    ['abc', null],
    ['zzzzzzzz', null],
    ['ab'.repeat(9), null],
  ])('of CryptoNote target %s is %s', (target, hashes) => {
    expectClose(hashesOfCryptonoteTarget(target), hashes)
  })

  it.each([
    [`0x${'7f'.padStart(10, '0')}${'f'.repeat(54)}`, 2 ** 33],
    [`0004189374bc6a7ef9db22d0e560${'0'.repeat(36)}`, 16000],
    [`0x${'0'.repeat(63)}1`, null],
    ['0x1', null],
    [`0x${'f'.repeat(64)}`, 1],
    ['0x', null],
    ['0x0', null],
    ['f'.repeat(65), null],
    ['0xgg', null],
  ])('of the 256-bit target %s is %s', (target, hashes) => {
    expectClose(hashesOfTarget(target), hashes)
  })

  it.each([
    [1, null, 2 ** 32],
    [0.5, null, 2 ** 31],
    [1, 'scrypt', 2 ** 16],
    [1, 'ghostrider', 2 ** 16],
    [1, 'sha256d', 2 ** 32],
    [0, null, null],
    [-4, null, null],
    [Infinity, null, null],
    [Number.NaN, null, null],
    [1e300, null, null],
  ])('%s of %s is %s hashes', (difficulty, algorithm, hashes) => {
    expect(hashesOfDifficulty(difficulty, algorithm)).toBe(hashes)
  })

  it.each([
    ['1d00ffff', 1],
    ['1b0404cb', 16307.42],
    ['zz', null],
    ['17000000', null],
    ['ff00ffff', null],
  ])('of the network by nbits %s is %s', (nbits, difficulty) => {
    expectClose(networkDifficulty(nbits), difficulty)
  })
})

function expectClose(actual: number | null, expected: number | null): void {
  if (expected === null || actual === null) expect(actual).toBe(expected)
  else expect(actual / expected).toBeCloseTo(1, 5)
}
