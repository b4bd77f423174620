import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judged, readSample } from '../samples/host-sample.ts'
import { exfiltration } from './index.ts'

const SAMPLES = new URL('samples/', import.meta.url)

test.each(readdirSync(SAMPLES))('%s', (name) => {
  const sample = readSample(new URL(name, SAMPLES))
  expect(judged(exfiltration, sample)).toEqual(sample.expect)
})
