import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judged, readSample } from '../samples/host-sample.ts'
import { credentialAccess } from './index.ts'

const SAMPLES = new URL('samples/', import.meta.url)

test.each(readdirSync(SAMPLES))('%s', (name) => {
  const sample = readSample(new URL(name, SAMPLES))
  expect(judged(credentialAccess, sample)).toEqual(sample.expect)
})
