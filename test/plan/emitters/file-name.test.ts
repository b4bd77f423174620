import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { fileName } from '../../../src/plan/emitters/file-name.ts'
import { text } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-emitters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('names files that stay in their folder, two names two files', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(fileName(a)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,70}$/u)
      if (a !== b) expect(fileName(a) === fileName(b)).toBe(false)
    }),
    { seed: 29, numRuns: 500 },
  )
})
