import { describe, expect, it } from 'vitest'
import type { HostFacts } from '../../../event/finding.ts'
import { eventsFrom } from '../../samples/host-sample.ts'
import { type FoldedFindings, mergeFindings, noFindings, seeTrick, type Trick } from './host-findings.ts'

const JOB: Trick = {
  detector: 'test',
  what: 'dropper',
  title: 'A program was started',
  severity: 'medium',
  confidence: 0.5,
  stage: 'foothold',
  attack: [],
  path: '/dev/shm/.x/m',
  remote: null,
  isRepeating: true,
}

interface Run {
  readonly pid?: number
  readonly ppid?: number
  readonly ses?: string | null
  readonly trick?: Partial<Trick>
}

/** One run a second. */
function seen(runs: readonly Run[], from = 1): FoldedFindings {
  const findings = noFindings()
  const lines = runs.map(({ pid, ppid, ses }, index) =>
    JSON.stringify({ run: ['/dev/shm/.x/m'], at: from + index, pid, ppid, ses }),
  )
  for (const [index, event] of eventsFrom(lines).entries())
    seeTrick(findings, event, { ...JOB, ...runs[index]?.trick }, () => {})
  return findings
}

function factsOf({ byFold, order }: FoldedFindings): HostFacts {
  const facts = byFold[order[0] ?? '']?.finding.facts
  if (facts?.type !== 'host' || order.length !== 1) throw new Error(`${order.length} findings`)
  return facts
}

function pidsOf(findings: FoldedFindings): unknown {
  const { pid, otherProcesses = [] } = factsOf(findings)
  return [pid, ...otherProcesses.map((one) => one.pid)]
}

const STRONGER = { severity: 'high', confidence: 0.9 } as const

describe('the processes that did it again', () => {
  it('are kept with parent and time', () => {
    const { otherProcesses } = factsOf(seen([{ pid: 50 }, { pid: 60, ppid: 6 }, { pid: 70, ppid: 7 }]))
    expect(otherProcesses?.map(({ pid, ppid, time }) => [pid, ppid, (time / 1000) % 60])).toEqual([
      [60, 6, 2],
      [70, 7, 3],
    ])
  })

  it.each<[string, readonly number[], readonly number[]]>([
    ['one process alone', [50, 50, 50], [50]],
    ['not one twice in a row', [50, 60, 60, 60, 70], [50, 60, 70]],
    ['one that comes again after another', [50, 60, 70, 60], [50, 60, 70, 60]],
    [
      'at most 64 others',
      Array.from({ length: 100 }, (_, at) => 50 + at),
      Array.from({ length: 65 }, (_, at) => 50 + at),
    ],
  ])('%s', (_what, runs, pids) => {
    expect(pidsOf(seen(runs.map((pid) => ({ pid }))))).toEqual(pids)
  })

  it('are kept beside the one that tells most, with the first', () => {
    const findings = seen([{ pid: 50 }, { pid: 60 }, { pid: 70, trick: STRONGER }, { pid: 80 }])
    expect(factsOf(findings).pid).toBe(70)
    expect(factsOf(findings).otherProcesses?.map(({ pid, time }) => [pid, (time / 1000) % 60])).toEqual([
      [50, 1],
      [60, 2],
      [70, 3],
      [80, 4],
    ])
  })
})

describe('the sessions in which it was done again', () => {
  it.each<[string, readonly Run[], readonly string[] | undefined]>([
    ['none where it was one', [{ ses: '7' }, { ses: '7' }], undefined],
    ['each once', [{ ses: '7' }, { ses: '8' }, { ses: '9' }, { ses: '8' }], ['8', '9']],
    ['the first beside the one that tells most', [{ ses: '7' }, { ses: '8', trick: STRONGER }], ['7']],
    ['where it was made ready', [{ ses: '7', trick: { preparedIn: '5' } }, { ses: '8' }], ['5', '8']],
    ['not where that is its own', [{ ses: '7', trick: { preparedIn: '7' } }], undefined],
    ['where it was made ready again', [{ ses: '7' }, { ses: '8', trick: { preparedIn: '5' } }], ['5', '8']],
  ])('%s', (_what, runs, others) => {
    expect(factsOf(seen(runs)).otherSessions).toEqual(others)
  })
})

it('two partitions of one machine keep the processes and sessions of both', () => {
  const merged = mergeFindings(
    seen([
      { pid: 50, ses: '7' },
      { pid: 60, ses: '8' },
    ]),
    seen(
      [
        { pid: 70, ses: '9', trick: STRONGER },
        { pid: 80, ses: '8' },
      ],
      3,
    ),
  )
  expect(factsOf(merged)).toMatchObject({ pid: 70, session: '9' })
  expect(factsOf(merged).otherSessions?.toSorted()).toEqual(['7', '8'])
  expect(factsOf(merged).otherProcesses?.map(({ pid }) => pid)).toEqual([50, 60, 80])
})
