import type { Feature } from './features.ts'
import type { FlowLook, Lengths } from './look.ts'

/** Weaker ones say nothing worth reading. */
const MIN_CONTRIBUTION = 0.1
const MOST_FOR = 4
const MOST_AGAINST = 2

/** What each feature says of a flow. */
const WORDS: Readonly<Record<Feature, (look: FlowLook) => string>> = {
  duration: ({ packets, durationMs }) => `${packets} packets with payload in ${span(durationMs)}`,
  startShare: ({ starts, messages }) => `${starts} of ${messages} messages come after a silence`,
  newsShare: ({ news, serverMessages }) =>
    `the server speaks without being asked (${news.count} of ${serverMessages})`,
  newsRepeat: ({ news }) => repeat('what the server sends unasked', news),
  newsSized: ({ news, sizedNews }) =>
    `what the server sends unasked is as long as a job (${sizedNews} of ${news.count})`,
  answerRepeat: ({ answers }) => repeat("the server's answers", answers),
  answerKinds: ({ answers }) => `the server's answers have ${lengths(answers.kinds)}`,
  shortAnswerShare: ({ shortAnswers, requests }) =>
    `the client's messages get a short answer at once (${shortAnswers} of ${requests.count})`,
  submitShare: ({ submits, requests }) =>
    `the client hands in something as long as a share and gets a short answer (${submits} of ${requests.count})`,
  serverOnShare: ({ serverOns, serverMessages }) =>
    `the server sends several messages in a row (${serverOns} of ${serverMessages})`,
  requestRepeat: ({ requests }) => repeat("the client's messages", requests),
  requestKinds: ({ requests }) => `the client's messages have ${lengths(requests.kinds)}`,
  requestSized: ({ requests, sizedRequests }) =>
    `the client's messages are as long as a share (${sizedRequests} of ${requests.count})`,
  requestLongest: ({ requests }) => `the client's longest message has ${requests.longest} bytes`,
  clientAnswerShare: ({ clientAnswers, requests }) =>
    `the client reacts to the server at once (${clientAnswers} of ${requests.count})`,
  clientOnShare: ({ clientOns, requests }) =>
    `the client sends several messages in a row (${clientOns} of ${requests.count})`,
  rhythmShare: ({ rhythm }) =>
    rhythm.everyMs === 0
      ? "the client's messages follow no rhythm"
      : `the client sends the same message every ~${span(rhythm.everyMs)}`,
}

export function explain(look: FlowLook, contributions: ReadonlyMap<Feature, number>): string[] {
  const weighty = [...contributions]
    .filter(([, contribution]) => Math.abs(contribution) >= MIN_CONTRIBUTION)
    .toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const said = (isFor: boolean, most: number): string[] =>
    weighty
      .filter(([, contribution]) => contribution > 0 === isFor)
      .slice(0, most)
      .map(([feature]) => `${isFor ? 'for' : 'against'} mining: ${WORDS[feature](look)}`)
  return [...said(true, MOST_FOR), ...said(false, MOST_AGAINST)]
}

function repeat(what: string, { count, usual, usualCount }: Lengths): string {
  if (count === 0) return `there is nothing of ${what}`
  if (count === 1) return `there is one of ${what} only`
  return `${what} repeat one length (${usualCount} of ${count}, ${usual} bytes)`
}

function lengths(kinds: number): string {
  return kinds === 1 ? 'one length' : `${kinds} different lengths`
}

function span(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}
