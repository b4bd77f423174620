import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { featuresOf } from './features.ts'
import {
  FirstPackets,
  gapMsOf,
  isOut,
  isPushed,
  lengthOf,
  MAX_PACKETS,
  packPacket,
  WINDOW_MS,
} from './first-packets.ts'
import { judgeFlow, MAX_CONFIDENCE, suspicionOf } from './judge.ts'
import { messagesOf } from './messages.ts'
import { FlowModel } from './model.ts'
import {
  chat,
  download,
  flowOf,
  insideTls,
  keepAliveHttps,
  miner,
  shell,
  type Said,
} from './samples/synthetic-flows.ts'

const table: unknown = JSON.parse(
  readFileSync(new URL('../../intel/data/flow-model.json', import.meta.url), 'utf8'),
)
const model = FlowModel.parse(table)
const PUSH = 0x18

function judge(said: readonly Said[]) {
  return judgeFlow(model, flowOf(said))
}

describe('a packed packet', () => {
  it.each([
    [true, 41, PUSH, 12.4, 12],
    [false, 1448, 0x10, 0, 0],
    [true, 65_000, 0x10, 1e9, 524_287],
    [false, 1, PUSH, -5, 0],
  ])('keeps direction, length, PSH and gap: %s %i', (out, length, flags, gap, kept) => {
    const packed = packPacket(out, length, flags, gap)
    expect([isOut(packed), lengthOf(packed), isPushed(packed), gapMsOf(packed)]).toEqual([
      out,
      Math.min(length, 1460),
      flags === PUSH,
      kept,
    ])
  })
})

describe('first packets of many flows', () => {
  it('keeps each flow apart, grows, and turns a flow to its source', () => {
    const kept = new FirstPackets()
    for (const slot of [0, 5, 5_000]) {
      kept.begin(slot)
      kept.add(slot, true, 100 + slot, PUSH, 1_000)
      kept.add(slot, false, 40, PUSH, 1_030)
    }
    const [first = 0, second = 0] = kept.take(5_000, false)
    expect([isOut(first), lengthOf(first)]).toEqual([false, 1460])
    expect([isOut(second), lengthOf(second), gapMsOf(second)]).toEqual([true, 40, 30])
    kept.begin(5)
    expect(kept.count(5)).toBe(0)
    expect(kept.count(0)).toBe(2)
  })

  it('keeps the first ones only, and those of one window', () => {
    const kept = new FirstPackets()
    kept.begin(0)
    for (let i = 0; i < 100; i++) kept.add(0, true, 10 + i, PUSH, i)
    expect(kept.take(0, true)).toHaveLength(MAX_PACKETS)
    kept.begin(0)
    for (let i = 0; i < 12; i++) kept.add(0, true, 10, PUSH, i)
    kept.add(0, true, 10, PUSH, WINDOW_MS + 100)
    expect(kept.count(0)).toBe(12)
  })

  it('begins anew where the window held too few to judge by', () => {
    const kept = new FirstPackets()
    kept.begin(0)
    for (let i = 0; i < 5; i++) kept.add(0, true, 10, PUSH, i)
    kept.add(0, true, 77, PUSH, WINDOW_MS + 100)
    expect([...kept.take(0, true)].map(lengthOf)).toEqual([77])
  })
})

describe('messages', () => {
  it('puts segments together and names roles', () => {
    const packets = flowOf([
      [0, true, 200],
      [40, false, 3_000],
      [60, false, 90],
      [2_000, false, 371],
      [9_000, true, 223],
    ])
    expect(messagesOf(packets).map(({ isOut, role, length }) => [isOut, role, length])).toEqual([
      [true, 'start', 200],
      [false, 'answer', 3_000],
      [false, 'on', 90],
      [false, 'start', 371],
      [true, 'start', 223],
    ])
  })
})

describe('judging', () => {
  it.each([
    ['a miner', miner()],
    ['a miner inside TLS', insideTls(miner())],
    ['a slower pool inside TLS', insideTls(miner(40_000, 25_000))],
    ['a busy miner', miner(11_000, 7_000)],
  ])('%s is suspected, with reasons, and no more than suspected', (_name, said) => {
    const judgement = judge(said)
    expect(judgement).toMatchObject({ isJudged: true })
    expect(judgement.miningProbability).toBeGreaterThanOrEqual(0.5)
    expect(suspicionOf(judgement)).toBeLessThanOrEqual(MAX_CONFIDENCE)
    expect(judgement.why.join('\n')).toMatch(/^for mining: /mu)
  })

  it.each([
    ['keep-alive HTTPS', insideTls(keepAliveHttps())],
    ['HTTPS asked every second', insideTls(keepAliveHttps(1_000))],
    ['a chat', insideTls(chat())],
    ['a shell', shell()],
    ['a download', insideTls(download())],
  ])('%s is not', (_name, said) => {
    const judgement = judge(said)
    expect(judgement.isJudged).toBe(true)
    expect(judgement.miningProbability).toBeLessThan(0.5)
    expect(suspicionOf(judgement)).toBeNull()
  })

  it('is careful with few packets, and says so', () => {
    const judgement = judgeFlow(model, flowOf(miner()).subarray(0, 9))
    expect(judgement).toMatchObject({
      isJudged: false,
      why: ['only 9 packets with payload: too few to judge by'],
    })
    expect(judgement.miningProbability).toBeLessThan(0.5)
    expect(judgeFlow(model, new Int32Array())).toMatchObject({ isJudged: false, miningProbability: 0 })
  })

  it('gives a probability and finite features for any packets', () => {
    const packet = fc
      .tuple(fc.boolean(), fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 255 }), fc.double())
      .map(([out, length, flags, gap]) => packPacket(out, length, flags, gap))
    fc.assert(
      fc.property(fc.array(packet, { maxLength: MAX_PACKETS }), (packets) => {
        const packed = Int32Array.from(packets)
        expect(Object.values(featuresOf(packed)).every(Number.isFinite)).toBe(true)
        const { miningProbability } = judgeFlow(model, packed)
        expect(miningProbability >= 0 && miningProbability <= 1).toBe(true)
      }),
      { numRuns: 300, seed: 6 },
    )
  })
})

describe('the model', () => {
  it('is small', () => {
    expect(JSON.stringify(table).length).toBeLessThan(50_000)
  })

  it.each([
    ['a node that leads back', [[0, 1, 0, 0, 0]]],
    [
      'a node that leads nowhere',
      [
        [0, 1, 1, 9, 0],
        [-1, 0, 0, 0, 1],
      ],
    ],
    [
      'a feature nobody knows',
      [
        [99, 1, 1, 1, 0],
        [-1, 0, 0, 0, 1],
      ],
    ],
  ])('refuses %s', (_name, tree) => {
    expect(FlowModel.safeParse({ ...model, trees: [tree] }).success).toBe(false)
  })
})
