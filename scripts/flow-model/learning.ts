import { featuresOf } from '../../src/wire/behaviour/features.ts'
import {
  gapMsOf,
  isOut,
  isPushed,
  lengthOf,
  MIN_JUDGED,
  packPacket,
} from '../../src/wire/behaviour/first-packets.ts'
import { boost, type Example, type Forest, type Settings } from './boost.ts'
import type { DesignFlow } from './design-flows.ts'
import { randomOf } from './random.ts'
import { asChat, vary } from './variations.ts'

export const SEED = 20_220_210
export const SETTINGS: Settings = {
  trees: 100,
  depth: 3,
  rate: 0.08,
  ridge: 3,
  minLeaf: 10,
  bins: 16,
  directions: {
    duration: 1,
    startShare: 1,
    newsShare: 1,
    newsRepeat: 1,
    newsSized: 1,
    answerRepeat: 1,
    answerKinds: -1,
    shortAnswerShare: 1,
    submitShare: 1,
    serverOnShare: -1,
    requestRepeat: 1,
    requestKinds: -1,
    requestSized: 1,
    requestLongest: -1,
    clientAnswerShare: -1,
    clientOnShare: -1,
    rhythmShare: 1,
  },
}
/** A flow is shown with so many variations. */
const VARIATIONS = 8
const CHATS = 2
const CHAT_SHARE = 0.1
const PUSH = 8

/** From flows long enough to be judged: the shorter ones show how connections begin, which is much the same everywhere. */
export function learn(flows: readonly DesignFlow[]): Forest {
  const long = flows.filter(({ packets }) => packets.length >= MIN_JUDGED)
  return boost(balanced(examplesOf(long), long.length), SETTINGS)
}

interface Shown {
  readonly packets: Int32Array
  readonly isMiner: boolean
  readonly weight: number
}

/**
 * Flows of one connection or service share their weight (by the root of their number): none outweighs the rest.
 * Other flows are also shown turned round, because who opened a flow joined mid-stream is a guess.
 */
function examplesOf(flows: readonly DesignFlow[]): Shown[] {
  const random = randomOf(SEED)
  const sizes = new Map<number, number>()
  for (const { group } of flows) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  return flows.flatMap(({ packets, isMiner, group }) => {
    const weight = 1 / Math.sqrt(sizes.get(group) ?? 1)
    const shown: Shown[] = [{ packets, isMiner, weight }]
    for (let i = 0; i < VARIATIONS; i++) {
      shown.push({ packets: vary(packets, random), isMiner, weight: weight / VARIATIONS })
    }
    if (isMiner) {
      for (let i = 0; i < CHATS; i++) {
        const chat = vary(asChat(packets, random), random)
        shown.push({ packets: chat, isMiner: false, weight: (weight * CHAT_SHARE) / CHATS })
      }
      return shown
    }
    const turned = turnedRound(packets)
    shown.push({ packets: turned, isMiner, weight: weight / 2 })
    shown.push({ packets: vary(turned, random), isMiner, weight: weight / 2 })
    return shown
  })
}

/** Mining and other flows weigh the same, together as much as there are flows. */
function balanced(shown: readonly Shown[], total: number): Example[] {
  const sums = [0, 0]
  for (const { isMiner, weight } of shown) sums[isMiner ? 1 : 0] = (sums[isMiner ? 1 : 0] ?? 0) + weight
  return shown.map(({ packets, isMiner, weight }) => ({
    features: featuresOf(packets),
    isMiner,
    weight: (weight * total) / (sums[isMiner ? 1 : 0] ?? 1),
  }))
}

function turnedRound(packets: Int32Array): Int32Array {
  return packets.map((packet) =>
    packPacket(!isOut(packet), lengthOf(packet), isPushed(packet) ? PUSH : 0, gapMsOf(packet)),
  )
}
