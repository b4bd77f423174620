import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Finding } from '../../event/finding.ts'
import { replay } from '../samples/auth-event.ts'
import { readExpecting } from './samples/fight-sample.ts'
import { takeover } from './index.ts'

const SAMPLES = new URL('samples/', import.meta.url)

test.each(readdirSync(SAMPLES).filter((name) => name.endsWith('.jsonl')))('%s', (name) => {
  const { expected, events } = readExpecting(new URL(name, SAMPLES))
  const told = replay(takeover, events)
  for (const finding of told) expect(Finding.parse(finding)).toEqual(finding)
  expect(told.map(columns)).toEqual(expected)
})

function columns({ stage, severity, facts }: Finding): unknown {
  if (facts.type !== 'fight') throw new Error('the facts are of a fight')
  return {
    stage,
    severity,
    persists: facts.persists,
    acts: facts.acts.map(({ category, what }) => `${category}: ${what}`),
  }
}
