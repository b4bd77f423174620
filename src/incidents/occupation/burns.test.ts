import { describe, expect, it } from 'vitest'
import { at, MINUTE_MS, T0 } from '../samples.ts'
import { burnsOf, type Load } from './burns.ts'

/** Shares of the processors, by minutes from T0: `[from, to, share]`; nobody measured elsewhere. */
function load(
  steps: readonly (readonly [number, number, number])[],
  captured: readonly [number, number] = [0, 0],
): Load {
  const shareAt = (time: number): number | null =>
    steps.findLast(([from, to]) => time >= at(from) && time < at(to))?.[2] ?? null
  return {
    measuredTo: at(Math.max(...steps.map(([, to]) => to))),
    isCaptured: (time) => time >= at(captured[0]) && time < at(captured[1]),
    busyBetween: (from, to) => {
      const shares: number[] = []
      for (let time = from; time < to; time += MINUTE_MS) {
        const share = shareAt(time)
        if (share !== null) shares.push(share)
      }
      return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length
    },
  }
}

function minutes(burns: readonly { from: number; to: number }[]): number[][] {
  return burns.map(({ from, to }) => [(from - T0) / MINUTE_MS, (to - T0) / MINUTE_MS])
}

describe('times when the processors were busier than before', () => {
  it.each([
    [
      'a rise that goes on',
      [
        [-300, 60, 0.1],
        [60, 200, 0.98],
      ],
      [[60, 200]],
    ],
    [
      'one that ends, and begins again',
      [
        [-300, 60, 0.1],
        [60, 100, 0.9],
        [100, 130, 0.1],
        [130, 200, 0.9],
      ],
      [
        [60, 100],
        [130, 200],
      ],
    ],
    [
      'a restart in between',
      [
        [-300, 60, 0.1],
        [60, 200, 0.9],
        [100, 102, 0.2],
      ],
      [[60, 200]],
    ],
    [
      'a throttled miner',
      [
        [-300, 60, 0.1],
        [60, 200, 0.4],
      ],
      [[60, 200]],
    ],
    [
      'a job of eight minutes',
      [
        [-300, 200, 0.1],
        [60, 68, 0.98],
      ],
      [],
    ],
    ['a machine that was as busy before', [[-300, 200, 0.97]], []],
    [
      'a build every hour before, and afterwards',
      [
        [-300, 200, 0.1],
        [-280, -250, 0.8],
        [-200, -170, 0.8],
        [-120, -90, 0.8],
        [70, 100, 0.8],
      ],
      [],
    ],
    ['nobody measured before', [[0, 200, 0.98]], []],
  ] as const)('%s', (_name, steps, burns) => {
    expect(minutes(burnsOf(load(steps), T0))).toEqual(burns)
  })

  it('are left to what a capture tells', () => {
    const busy = load(
      [
        [-300, 60, 0.1],
        [60, 200, 0.98],
      ],
      [0, 120],
    )
    expect(minutes(burnsOf(busy, T0))).toEqual([[120, 200]])
  })
})
