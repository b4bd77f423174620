import { expect, test } from 'vitest'
import { judgedLook, readLook } from '../samples/look-sample.ts'
import { minerProcess } from './index.ts'

test('a miner that was found at work', () => {
  const sample = readLook(new URL('looks/running.jsonl', import.meta.url))
  expect(judgedLook(minerProcess, sample)).toEqual(sample.expect)
})
