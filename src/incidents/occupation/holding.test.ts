import { describe, expect, it } from 'vitest'
import { at, MINUTE_MS, T0 } from '../samples.ts'
import { type Eviction, type Handover, holdingOf, SOMEBODYS, type Worker } from './holding.ts'

type Minutes = readonly [number, number]
const SECOND = 1 / 60

function worker(id: string, pieces: readonly Minutes[], ...evictions: readonly Eviction[]): Worker {
  return { id, pieces: pieces.map(([from, to]) => ({ from: at(from), to: at(to) })), evictions }
}

function kill(minutes: number, by: string | null): Eviction {
  return { time: at(minutes), by }
}

function shown(handovers: readonly Handover[]): string[] {
  return handovers.map(
    ({ from, to, time }) => `${from}>${to} ${Math.round(((time - T0) / MINUTE_MS) * 60)} s`,
  )
}

function changes(workers: readonly Worker[], killsToldTo = 0): string[] {
  return shown(holdingOf(workers, (time) => time < at(killsToldTo)).handovers)
}

describe('who stops beside another and comes back', () => {
  const workers = [
    worker('A', [
      [0, 60],
      [80, 100],
    ]),
    worker('B', [[30, 120]]),
  ]

  it('has lost it, where nobody could see who was killed', () => {
    expect(changes(workers)).toEqual(['A>B 3600 s'])
  })

  it('gave nothing away, where it would have been seen killed', () => {
    expect(changes(workers, 200)).toEqual([])
  })

  it('has lost it after the trail has ended that told of kills', () => {
    expect(changes(workers, 59)).toEqual(['A>B 3600 s'])
  })

  it('gave nothing away, where it does not come back', () => {
    expect(changes([worker('A', [[0, 60]]), worker('B', [[30, 120]])])).toEqual([])
  })

  it('gave nothing away, where the owner put it out', () => {
    const put = worker(
      'A',
      [
        [0, 60],
        [80, 100],
      ],
      kill(60, null),
    )
    expect(changes([put, worker('B', [[30, 120]])])).toEqual([])
  })

  it('has lost it to who killed it, where that was seen', () => {
    const killed = worker(
      'A',
      [
        [0, 60],
        [80, 100],
      ],
      kill(60, 'B'),
    )
    expect(changes([killed, worker('B', [[30, 120]])], 200)).toEqual(['A>B 3600 s'])
  })
})

describe('who is back within five seconds', () => {
  const back = 60 + 3 * SECOND
  const pieces: readonly Minutes[] = [
    [0, 60],
    [back, 100],
  ]

  it('has merely dialled again', () => {
    expect(changes([worker('A', pieces), worker('B', [[60 + SECOND, 120]])])).toEqual([])
  })

  it('has lost it, where somebody who begins in that moment killed it', () => {
    const workers = [worker('A', pieces, kill(60, 'B')), worker('B', [[60 + SECOND, 120]])]
    expect(changes(workers)).toEqual(['A>B 3601 s'])
    expect(holdingOf(workers, () => false).lost.get('A')).toEqual(new Set([at(60)]))
  })

  it('has lost it to the one other, where a job of somebody killed it', () => {
    expect(changes([worker('A', pieces, kill(60, SOMEBODYS)), worker('B', [[30, 120]])])).toEqual([
      'A>B 3600 s',
    ])
  })

  it.each<[string, Eviction, readonly Minutes[]]>([
    ['the one who killed it begins only later', kill(60, 'B'), [[61, 120]]],
    ['the kill came long before', kill(59, 'B'), [[60 + SECOND, 120]]],
    ['the kill came long after', kill(61, 'B'), [[60 + SECOND, 120]]],
    ['the owner killed it', kill(60, null), [[60 + SECOND, 120]]],
    ['who killed it had stopped', kill(60, 'B'), [[10, 50]]],
    ['it killed itself', kill(60, 'A'), [[60 + SECOND, 120]]],
  ])('has it still, where %s', (_what, eviction, others) => {
    expect(changes([worker('A', pieces, eviction), worker('B', others)])).toEqual([])
  })
})
