import { expect, test } from 'vitest'
import type { Finding } from '../../../event/finding.ts'
import { loadIntel } from '../../../intel/load.ts'
import { authorizedKeys } from '../../authorized-keys/index.ts'
import { readSample } from '../../samples/host-sample.ts'

const { events } = readSample(new URL('../../authorized-keys/samples/context.jsonl', import.meta.url))

const columns = (finding: Finding) => [
  finding.id,
  finding.count,
  finding.firstSeen,
  finding.lastSeen,
  finding.evidence.length,
]

test('two partitions of one machine give the findings of the whole', () => {
  const context = { intel: loadIntel() }
  const run = (part: typeof events) => {
    const state = authorizedKeys.create('host:web-1')
    for (const event of part) authorizedKeys.step(state, event, () => {}, context)
    return state
  }
  const merged = authorizedKeys.merge(run(events.slice(0, 2)), run(events.slice(2)))
  const told: Finding[] = []
  authorizedKeys.settle?.(merged, (finding) => told.push(finding), context)
  const whole = Object.values(run(events).findings.byFold).map((folded) => folded.finding)
  expect(Object.values(merged.findings.byFold).map((folded) => columns(folded.finding))).toEqual(
    whole.map(columns),
  )
  expect(told.map((finding) => finding.count)).toEqual([3])
})

test('many different tricks stay within the bound, and what is dropped was told', () => {
  const told = new Set<string>()
  const state = authorizedKeys.create('host:web-1')
  const sample = events.find((event) => event.kind === 'file')
  if (sample === undefined) throw new Error('the sample has a file event')
  for (let user = 0; user < 600; user++) {
    const event = { ...sample, path: `/home/u${user}/.ssh/authorized_keys`, time: sample.time + user }
    authorizedKeys.step(state, event, (finding) => told.add(finding.id), { intel: loadIntel() })
  }
  expect(state.findings.order.length).toBe(512)
  expect(Object.keys(state.findings.byFold).length).toBe(512)
  expect(told.size).toBe(600)
})
