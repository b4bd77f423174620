import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Engine } from '../../engine/engine.ts'
import { AlertEvent } from '../../event/alert.ts'
import type { Event } from '../../event/event.ts'
import { Finding } from '../../event/finding.ts'
import { loadIntel } from '../../intel/load.ts'
import type { DetectorContext } from '../detector.ts'
import { sensorAlert } from './index.ts'

const START_MS = Date.UTC(2026, 4, 12, 3)

/** Short for an alert; what is not said is nothing. */
const Line = AlertEvent.omit({ kind: true, time: true, timeQuality: true, observer: true, origin: true })
  .partial()
  .extend({ at: z.number(), subjects: z.array(z.string()) })
const Expected = z.strictObject({
  expect: z.array(
    z.strictObject({
      title: z.string(),
      severity: z.string(),
      stage: z.string(),
      confidence: z.number(),
      count: z.int(),
      remote: z.string().nullable(),
    }),
  ),
})

function eventOf(text: string, number: number): Event {
  const { at, ...said } = Line.parse(JSON.parse(text))
  return AlertEvent.parse({
    kind: 'alert',
    time: START_MS + at * 1000,
    timeQuality: 'exact',
    observer: said.subjects[0],
    origin: { source: 'test', file: 'alerts.jsonl', line: number, offset: 0, raw: text },
    sensor: 'suricata',
    rule: '1:1',
    title: 'a rule',
    severity: 'medium',
    category: null,
    isMining: false,
    srcIp: null,
    srcPort: null,
    dstIp: null,
    dstPort: null,
    domain: null,
    communityId: null,
    user: null,
    commandLine: null,
    count: 1,
    ...said,
  })
}

function sample(name: string) {
  const path = new URL(`samples/${name}.jsonl`, import.meta.url)
  const [first = '', ...rest] = readFileSync(path, 'utf8').trim().split('\n')
  return {
    expected: Expected.parse(JSON.parse(first)).expect,
    events: rest.map((line, index) => eventOf(line, index + 2)),
  }
}

function findingsOf(events: readonly Event[]): Finding[] {
  const latest = new Map<string, Finding>()
  const engine = new Engine<Event, Finding, DetectorContext>(
    [sensorAlert],
    { intel: loadIntel() },
    (finding) => void latest.set(finding.id, finding),
  )
  for (const event of events) engine.accept(event)
  engine.settle()
  return [...latest.values()]
}

function brief(finding: Finding) {
  const { title, severity, stage, confidence, count, facts } = Finding.parse(finding)
  return {
    title,
    severity,
    stage,
    confidence,
    count,
    remote: facts.type === 'host' ? facts.remote : null,
  }
}

describe('sensor-alert', () => {
  it.each(['mining', 'context', 'folded', 'silent'])('sample %s', (name) => {
    const { expected, events } = sample(name)
    expect(findingsOf(events).map(brief)).toEqual(expected)
  })

  it('tells of the machine first, and keeps whom else it is about', () => {
    const { events } = sample('mining')
    expect(findingsOf(events)[0]?.subjects).toEqual(['instance:i-0a1b2c3d4e5f60718', 'account:111122223333'])
  })

  it('bounds its proofs and tells rarely, however often a sensor repeats itself', () => {
    const events = Array.from({ length: 1000 }, (_, at) =>
      eventOf(JSON.stringify({ at, subjects: ['ip:10.0.0.7'] }), at + 1),
    )
    let told = 0
    const engine = new Engine<Event, Finding, DetectorContext>(
      [sensorAlert],
      { intel: loadIntel() },
      (finding) => {
        told++
        expect(finding.evidence.length).toBeLessThanOrEqual(20)
      },
    )
    for (const event of events) engine.accept(event)
    engine.settle()
    expect(told).toBeLessThan(15)
    expect(findingsOf(events).map(({ count }) => count)).toEqual([1000])
  })

  it('counts on when two halves meet, whichever comes first', () => {
    const { events } = sample('folded')
    const halves = [events.slice(0, 2), events.slice(2, 3)].map((half) => {
      const state = sensorAlert.create('')
      for (const event of half) sensorAlert.step(state, event, () => {}, { intel: loadIntel() })
      return state
    })
    const [a, b] = halves
    if (a === undefined || b === undefined) throw new Error('two halves')
    const merged = sensorAlert.merge(structuredClone(b), structuredClone(a))
    expect(merged).toMatchObject({ count: 6, firstSeen: START_MS, lastSeen: START_MS + 2000 })
    expect(sensorAlert.merge(structuredClone(a), structuredClone(b))).toEqual(merged)
    expect(sensorAlert.merge(sensorAlert.create(''), structuredClone(a))).toEqual(a)
  })
})
