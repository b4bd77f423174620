import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgedLook, readLook } from '../samples/look-sample.ts'
import { hiddenCpu } from './index.ts'

const SAMPLES = new URL('samples/', import.meta.url)

test.each(readdirSync(SAMPLES))('%s', (name) => {
  const sample = readLook(new URL(name, SAMPLES))
  expect(judgedLook(hiddenCpu, sample)).toEqual(sample.expect)
})
