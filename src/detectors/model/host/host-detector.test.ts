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

test('two sessions that do the same are two findings, and a session a minute does not make a thousand', () => {
  const told = new Map<string, Finding>()
  const state = authorizedKeys.create('host:web-1')
  const sample = events.find((event) => event.kind === 'file')
  if (sample === undefined) throw new Error('the sample has a file event')
  const write = (session: string, time: number) => {
    const actor = { ...sample.actor, session }
    const event = { ...sample, actor, path: '/root/.ssh/authorized_keys', time: sample.time + time }
    authorizedKeys.step(state, event, (finding) => told.set(finding.id, finding), { intel: loadIntel() })
  }
  write('11', 1)
  write('12', 2)
  write('11', 3)
  const sessions = [...told.values()].map(({ facts, count }) => [
    facts.type === 'host' && facts.session,
    count,
  ])
  expect(sessions).toEqual([
    ['11', 2],
    ['12', 1],
  ])
  for (let minute = 0; minute < 500; minute++) write(`9${minute}`, 60 * minute)
  expect(told.size).toBe(17)
})
