import { describe, expect, it } from 'vitest'
import type { Finding } from '../event/finding.ts'
import { buildIncidents } from './build.ts'
import { at, deed, machines } from './samples.ts'

/** A connection that behaves like mining, from one minute to another. */
function flow(...spans: readonly (readonly [from: number, to: number])[]): Finding {
  const [first, last] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 0]
  return deed(
    'flow',
    first,
    {
      what: 'mining-flow',
      path: null,
      remote: '198.51.100.9:443',
      spans: spans.map(([from, to]) => ({ from: at(from), to: at(to) })),
    },
    { stage: 'context', severity: 'info', confidence: 0.49, subjects: ['ip:10.0.3.17'], lastSeen: at(last) },
  )
}

const SESSIONS = machines({ '31': { at: 0, srcIp: '203.0.113.9' } }, { networkFrom: -60, networkTo: 300 })
const start = deed('starts', 5, { path: '/dev/shm/.x/run', session: '31' })

function tenuresWith(...findings: readonly Finding[]): unknown {
  const [incident] = buildIncidents(findings, SESSIONS)
  return incident?.tenures.map(({ start: from, end, confidence }) => [from, end, confidence]) ?? null
}

describe('sealed connections that behave like mining', () => {
  it('are mining where they begin when an intruder starts a program, each time anew', () => {
    expect(tenuresWith(start, flow([5.1, 100], [200, 290]))).toEqual([
      [at(5.1), at(100), 0.75],
      [at(200), at(290), 0.75],
    ])
  })

  it('seem to be where they last from an intruder’s login on', () => {
    expect(tenuresWith(start, flow([12, 200]))).toEqual([[at(12), at(200), 0.6]])
  })

  it('are nothing of the kind where they began before, much later, or were short', () => {
    expect(tenuresWith(start, flow([-30, 200]))).toEqual([])
    expect(tenuresWith(start, flow([60, 200]))).toEqual([])
    expect(tenuresWith(start, flow([8, 12]))).toEqual([])
  })

  it('make no incident alone', () => {
    expect(tenuresWith(flow([0, 200]))).toBeNull()
  })
})
