import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import type { Event } from '../../event/event.ts'
import { Finding } from '../../event/finding.ts'
import { loadIntel } from '../../intel/load.ts'
import type { DetectorContext } from '../detector.ts'
import { cpuPlateau } from './index.ts'
import { everyday, HOUR_MS, loadOf, MONDAY } from './samples/load.ts'

function tellings(events: readonly Event[]): Finding[] {
  const told: Finding[] = []
  const tell = (finding: Finding): void => void told.push(Finding.parse(structuredClone(finding)))
  const engine = new Engine<Event, Finding, DetectorContext>([cpuPlateau], { intel: loadIntel() }, tell)
  for (const event of events) engine.accept(event)
  engine.restore(JSON.parse(JSON.stringify(engine.snapshot())))
  engine.settle()
  return told
}

/** Whether a reading stands in the hours from `from` on, of each day or of one. */
const within = (hour: number, from: number, hours: number): boolean => hour >= from && hour < from + hours

const state = (part: readonly Event[]) => {
  const made = cpuPlateau.create('host:web-1')
  for (const event of part) cpuPlateau.step(made, event, () => {}, { intel: loadIntel() })
  return made
}

describe('cpu-plateau', () => {
  it.each([
    ['full load', 1, '100 %'],
    ['throttled to half', 0.55, '55 %'],
    ['throttled to a third', 0.35, '35 %'],
  ])('tells of a miner at %s', (_what, share, words) => {
    const told = tellings(
      loadOf(96, (hour, reading) => (hour >= 60 ? share + (reading % 3) / 500 : everyday(hour, reading))),
    )
    expect(new Set(told.map(({ id }) => id)).size).toBe(1)
    expect(told.at(-1)).toMatchObject({
      severity: 'low',
      stage: 'context',
      subjects: ['host:web-1'],
      firstSeen: MONDAY + 60 * HOUR_MS,
      lastSeen: MONDAY + 96 * HOUR_MS,
    })
    expect(told.at(-1)?.title).toContain(`to ${words} and stayed flat`)
    expect(told.at(-1)?.evidence.length).toBeGreaterThan(5)
  })

  it.each<readonly [string, (hour: number, reading: number) => number]>([
    ['an ordinary week', everyday],
    [
      'a nightly batch of two hours',
      (hour, reading) => (within(hour % 24, 2, 2) ? 0.97 : everyday(hour, reading)),
    ],
    ['a compiler for two hours', (hour, reading) => (within(hour, 60, 2) ? 0.99 : everyday(hour, reading))],
    [
      'a build farm, uneven all day',
      (hour, reading) => (within(hour, 60, 8) ? (reading % 2 === 0 ? 0.95 : 0.3) : everyday(hour, reading)),
    ],
    ['a machine that is always busy', (_hour, reading) => 0.97 + (reading % 3) / 200],
    ['a slow rise with the load of a day', (hour) => 0.1 + 0.05 * Math.sin(hour)],
    ['nothing at all', () => 0],
  ])('stays silent for %s', (_what, shareAt) => {
    expect(tellings(loadOf(168, shareAt))).toEqual([])
  })

  it('says nothing without a past', () => {
    expect(tellings(loadOf(10, () => 1))).toEqual([])
    expect(tellings(loadOf(10, (hour) => (hour < 7 ? 0.1 : 0.5)))).toEqual([])
  })

  it('with few hours of past tells a leap alone, and how little it knows', () => {
    const told = tellings(loadOf(10, (hour) => (hour < 4 ? 0.1 : 1))).at(-1)
    expect(told).toMatchObject({ severity: 'low', confidence: 0.25 })
    expect(told?.title).toMatch(
      /^CPU load rose from 10 % to 100 % and stayed flat .* only few hours are known/u,
    )
  })

  it('passes over processes and means of a whole life', () => {
    const events = loadOf(96, (hour, reading) => (hour >= 60 ? 1 : everyday(hour, reading)))
    expect(tellings(events.map((event) => ({ ...event, scope: 'process' })))).toEqual([])
    expect(tellings(events.map((event) => ({ ...event, isLifetime: true })))).toEqual([])
  })

  it('finds the same in two parts as in one', () => {
    const events = loadOf(96, (hour, reading) => (hour >= 60 ? 1 : everyday(hour, reading)))
    const both = cpuPlateau.merge(state(events.slice(0, 200)), state(events.slice(200)))
    const told: Finding[] = []
    both.told = []
    cpuPlateau.settle?.(both, (finding) => told.push(finding), { intel: loadIntel() })
    expect(told.map(({ id }) => id)).toEqual([tellings(events).at(-1)?.id])
  })

  it('takes any load', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 90 })
    fc.assert(
      fc.property(shares, (hours) => {
        for (const finding of tellings(loadOf(hours.length, (hour) => hours[Math.floor(hour)] ?? 0)))
          expect(finding.severity).toBe('low')
      }),
      { seed: 4, numRuns: 30 },
    )
  })
})
