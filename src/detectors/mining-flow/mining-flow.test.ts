import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import type { Event } from '../../event/event.ts'
import { Finding } from '../../event/finding.ts'
import { FlowEvent } from '../../event/flow.ts'
import type { Intel } from '../../intel/intel.ts'
import type { DetectorContext } from '../detector.ts'
import { flowAt } from './samples/flow-event.ts'
import { miningFlow, type MiningFlowState } from './index.ts'

const NOTHING_KNOWN: Pick<Intel, 'poolByHost' | 'poolByAddress' | 'priceOf' | 'technique'> = {
  poolByHost: () => null,
  poolByAddress: () => null,
  priceOf: () => null,
  technique: () => null,
}

function tellings(...events: readonly Event[]): Finding[] {
  const told: Finding[] = []
  const tell = (finding: Finding): void => void told.push(Finding.parse(structuredClone(finding)))
  const context = { intel: NOTHING_KNOWN as Intel }
  const engine = new Engine<Event, Finding, DetectorContext>([miningFlow], context, tell)
  for (const event of events) engine.accept(event)
  engine.restore(JSON.parse(JSON.stringify(engine.snapshot())))
  engine.settle()
  return told
}

function stateOf(...some: readonly FlowEvent[]): MiningFlowState {
  const state = miningFlow.create('')
  for (const event of some) miningFlow.step(state, event, () => {}, { intel: NOTHING_KNOWN as Intel })
  return state
}

describe('mining-flow', () => {
  it('raises attention and says why', () => {
    expect(tellings(flowAt(0, 0.93))).toMatchObject([
      {
        title:
          "Behaves like mining at 198.51.100.7:443: the server's answers repeat one length (5 of 5, 85 bytes)",
        severity: 'info',
        stage: 'context',
        confidence: 0.49,
        count: 1,
        subjects: ['ip:10.0.3.17'],
        facts: { type: 'host', what: 'mining-flow', remote: '198.51.100.7:443' },
      },
    ])
  })

  it('is low where it repeats, one finding for one endpoint', () => {
    const told = tellings(flowAt(0, 0.6), flowAt(1, 0.9), flowAt(2, 0.7), flowAt(3, 0.8))
    expect(new Set(told.map(({ id }) => id)).size).toBe(1)
    expect(told.at(-1)).toMatchObject({ severity: 'low', count: 4, confidence: 0.49 })
  })

  it.each<readonly [string, Partial<FlowEvent>]>([
    ['a flow below the operating point', { behaviour: { miningProbability: 0.49, why: [] } }],
    ['a flow too short to judge', { behaviour: null }],
    ['a flow nobody looked at', { behaviour: undefined }],
    ['no TCP', { transport: 'udp' }],
  ])('keeps silent about %s', (_name, change) => {
    expect(tellings(FlowEvent.parse({ ...flowAt(0, 0.9), ...change }))).toEqual([])
  })

  it('never makes more of it than context, however often', () => {
    const told = tellings(...Array.from({ length: 300 }, (_, at) => flowAt(at, 0.999)))
    expect(told.length).toBeLessThan(15)
    for (const { severity, stage, confidence, evidence } of told) {
      expect(['info', 'low']).toContain(severity)
      expect(stage).toBe('context')
      expect(confidence).toBeLessThan(0.5)
      expect(evidence.length).toBeLessThanOrEqual(20)
    }
  })

  it('merges halves into the whole', () => {
    const events = [flowAt(0, 0.6), flowAt(1, 0.95), flowAt(2, 0.7)]
    const whole = stateOf(...events)
    const merged = miningFlow.merge(stateOf(...events.slice(1)), stateOf(...events.slice(0, 1)))
    const { id, flows, likeliest, firstSeen, lastSeen, evidence } = whole
    expect(merged).toMatchObject({ id, flows, likeliest, firstSeen, lastSeen, evidence })
  })
})
