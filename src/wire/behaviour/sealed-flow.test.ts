import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packPacket, TCP_PUSH } from './first-packets.ts'
import { MAX_CONFIDENCE } from './judge.ts'
import { FlowModel } from './model.ts'
import { judgeSealedFlow } from './sealed-flow.ts'

const file = new URL('../../intel/data/flow-model.json', import.meta.url)
const model = FlowModel.parse(JSON.parse(readFileSync(file, 'utf8')))

/** Payload length, negative from the server, and ms since the packet before. */
type Turn = readonly [length: number, gapMs: number]

function packed(...turns: readonly Turn[]): Int32Array {
  return Int32Array.from(turns, ([length, gapMs]) =>
    packPacket(length > 0, Math.abs(length), TCP_PUSH, gapMs),
  )
}

const HANDSHAKE: readonly Turn[] = [
  [517, 0],
  [-1460, 30],
  [-900, 0],
  [80, 2],
]
/** Login, then a share now and then with its answer, and a job in between. */
const MINING: readonly Turn[] = [
  [520, 1],
  [-420, 60],
  ...[9_000, 31_000, 4_000, 17_000, 22_000, 7_000].flatMap((gapMs, at): Turn[] => [
    [207, gapMs],
    [-86, 60],
    ...(at % 2 === 0 ? [[-400, gapMs] as const] : []),
  ]),
]

describe('a sealed flow', () => {
  it.each<readonly [string, readonly Turn[]]>([
    ['after its handshake', HANDSHAKE],
    ['after one with tickets', [...HANDSHAKE, [-255, 30], [-255, 0]]],
    [
      'after one that was asked for another hello',
      [
        [517, 0],
        [-99, 30],
        [560, 1],
        [-1460, 30],
        [-900, 0],
        [80, 2],
      ],
    ],
    [
      'after a hello in two pieces, and an end in three',
      [
        [1460, 0],
        [320, 0],
        [-1460, 30],
        [-1460, 0],
        [100, 2],
        [6, 0],
        [45, 0],
        [-51, 30],
      ],
    ],
  ])('is mining %s', (_name, handshake) => {
    const { miningProbability, isJudged } = judgeSealedFlow(model, packed(...handshake, ...MINING))
    expect(isJudged).toBe(true)
    expect(miningProbability).toBeGreaterThanOrEqual(0.5)
    expect(judgeSealedFlow(model, packed(...handshake, ...MINING))).toEqual(
      judgeSealedFlow(model, packed(...HANDSHAKE, ...MINING)),
    )
  })

  it.each<readonly [string, readonly Turn[], string]>([
    [
      'acknowledgements',
      MINING.map(([length, gapMs]) => [length === -86 ? -26 : length, gapMs]),
      'too short',
    ],
    [
      'a timer',
      Array.from({ length: 12 }, (_, at): Turn => (at % 2 === 0 ? [207, 9_900] : [-86, 60])),
      'a timer',
    ],
    [
      'answers and nothing else',
      [9, 50, 14, 70, 21, 40].flatMap((s): Turn[] => [
        [207, s * 1000],
        [-86, 60],
      ]),
      'only answers',
    ],
  ])('is none by %s', (_name, inside, why) => {
    const judgement = judgeSealedFlow(model, packed(...HANDSHAKE, ...inside))
    expect(judgement.miningProbability).toBeLessThanOrEqual(MAX_CONFIDENCE)
    expect(judgement.why[0]).toContain(why)
  })

  it('is not judged by a handshake', () => {
    expect(judgeSealedFlow(model, packed(...HANDSHAKE, ...MINING.slice(0, 6))).isJudged).toBe(false)
  })

  it('is judged whatever its packets are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 30 }), (packets) => {
        const { miningProbability } = judgeSealedFlow(model, Int32Array.from(packets))
        expect(miningProbability).toBeGreaterThanOrEqual(0)
        expect(miningProbability).toBeLessThan(1)
      }),
      { seed: 12, numRuns: 300 },
    )
  })
})
