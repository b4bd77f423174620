import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judged, readSample } from '../samples/host-sample.ts'
import { otherPersistence } from './index.ts'

const SAMPLES = new URL('samples/', import.meta.url)

test.each(readdirSync(SAMPLES))('%s', (name) => {
  const sample = readSample(new URL(name, SAMPLES))
  expect(judged(otherPersistence, sample)).toEqual(sample.expect)
})
