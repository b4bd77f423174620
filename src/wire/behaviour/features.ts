import { lookAt, type FlowLook, type Lengths } from './look.ts'

/**
 * What the model knows of a flow. Neither ports nor addresses nor the time of day are in it, and nothing that
 * patent application WO/2020/160755 claims: docs/adr/0006-flow-model.md goes through them one by one.
 * Lengths in bytes of TCP payload, times in ms, shares from 0 to 1.
 */
export const FEATURES = [
  'duration',
  'startShare',
  'newsShare',
  'newsRepeat',
  'newsSized',
  'answerRepeat',
  'answerKinds',
  'shortAnswerShare',
  'submitShare',
  'serverOnShare',
  'requestRepeat',
  'requestKinds',
  'requestSized',
  'requestLongest',
  'clientAnswerShare',
  'clientOnShare',
  'rhythmShare',
] as const
export type Feature = (typeof FEATURES)[number]
export type FlowFeatures = Readonly<Record<Feature, number>>

/** Beyond it a share says no more: a late answer among the news proves nothing. */
const MOST = 0.9

/** Of packed packets (`packPacket`), oldest first. */
export function featuresOf(packets: Int32Array): FlowFeatures {
  return featuresOfLook(lookAt(packets))
}

export function featuresOfLook(look: FlowLook): FlowFeatures {
  const { requests, answers, news, rhythm } = look
  return {
    duration: look.durationMs,
    startShare: shareOf(look.starts, look.messages),
    newsShare: shareOf(news.count, look.serverMessages),
    newsRepeat: repeatOf(news),
    newsSized: Math.min(MOST, shareOf(look.sizedNews, news.count)),
    answerRepeat: repeatOf(answers),
    answerKinds: answers.kinds,
    shortAnswerShare: shareOf(look.shortAnswers, requests.count),
    submitShare: shareOf(look.submits, requests.count),
    serverOnShare: shareOf(look.serverOns, look.serverMessages),
    requestRepeat: repeatOf(requests),
    requestKinds: requests.kinds,
    requestSized: shareOf(look.sizedRequests, requests.count),
    requestLongest: requests.longest,
    clientAnswerShare: shareOf(look.clientAnswers, requests.count),
    clientOnShare: shareOf(look.clientOns, requests.count),
    rhythmShare: rhythm.share,
  }
}

/** Share of the most frequent length; one message repeats nothing. */
function repeatOf({ count, usualCount }: Lengths): number {
  return count < 2 ? 0 : usualCount / count
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
