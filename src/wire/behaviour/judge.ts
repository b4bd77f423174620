import { explain } from './explain.ts'
import { featuresOfLook } from './features.ts'
import { MIN_JUDGED } from './first-packets.ts'
import { lookAt } from './look.ts'
import type { FlowModel } from './model.ts'
import { scoreFlow } from './score.ts'

export interface Judgement {
  /**
   * 0 to 1; 0.5 is where 0.5 % of other flows would be taken for mining (docs/flow-model.md). Of a flow with
   * fewer than `MIN_JUDGED` packets a guess that stays below 0.5 and is the smaller the fewer they are.
   */
  readonly miningProbability: number
  /** Whether there were packets enough to judge by. */
  readonly isJudged: boolean
  /** In plain words what spoke for mining, then what spoke against it, the weightiest first. */
  readonly why: readonly string[]
}

/** The model alone never says more than this: it raises attention and proves nothing. */
export const MAX_CONFIDENCE = 0.49
const CERTAINTY_LIMIT = 0.001

/** `packets` are the first ones with payload (`FirstPackets.take`, or ipfixprobe's), packed, oldest first. */
export function judgeFlow(model: FlowModel, packets: Int32Array): Judgement {
  const look = lookAt(packets)
  const { score, contributions } = scoreFlow(model, featuresOfLook(look))
  const probability = probabilityOf(model, score)
  if (packets.length >= MIN_JUDGED) {
    return { miningProbability: rounded(probability), isJudged: true, why: explain(look, contributions) }
  }
  const cautious = Math.min(probability, MAX_CONFIDENCE) * (packets.length / MIN_JUDGED)
  const why = [`only ${packets.length} packets with payload: too few to judge by`]
  return { miningProbability: rounded(cautious), isJudged: false, why }
}

/** Confidence of the verdict `suspect`, or null where there is nothing to suspect. */
export function suspicionOf({ miningProbability, isJudged }: Judgement): number | null {
  return isJudged && miningProbability >= 0.5 ? Math.min(MAX_CONFIDENCE, miningProbability) : null
}

export function probabilityOf({ threshold, slope }: FlowModel, score: number): number {
  const probability = 1 / (1 + Math.exp(-slope * (score - threshold)))
  return Math.min(1 - CERTAINTY_LIMIT, Math.max(CERTAINTY_LIMIT, probability))
}

/** Down, so that what is short of 0.5 stays short of it. */
function rounded(probability: number): number {
  return Math.floor(probability * 10_000) / 10_000
}
