import { gapMsOf } from './first-packets.ts'
import { type Message, messagesOf } from './messages.ts'
import { type Rhythm, rhythmOf } from './rhythm.ts'

/** Messages of one kind by their length, bytes of payload. */
export interface Lengths {
  readonly count: number
  /** The most frequent length, and how many have it. */
  readonly usual: number
  readonly usualCount: number
  /** Different lengths. */
  readonly kinds: number
  readonly shortest: number
  readonly longest: number
}

/** What the first packets of a flow show; the client is the flow's source. */
export interface FlowLook {
  /** Packets with payload. */
  readonly packets: number
  readonly durationMs: number
  readonly messages: number
  /** Messages that came after a silence, whoever sent them. */
  readonly starts: number
  readonly requests: Lengths
  /** Requests long enough for a share, short enough not to be an upload. */
  readonly sizedRequests: number
  /** Messages of the client that came right after one of the server, or right after another of its own. */
  readonly clientAnswers: number
  readonly clientOns: number
  readonly serverMessages: number
  readonly answers: Lengths
  /** Answers no longer than a yes or a no. */
  readonly shortAnswers: number
  /** Sized requests with such an answer. */
  readonly submits: number
  /** What the server says after a silence, without having been asked. */
  readonly news: Lengths
  /** News of the length of a job: neither a heartbeat nor a download. */
  readonly sizedNews: number
  readonly serverOns: number
  readonly rhythm: Rhythm
}

const SIZED_REQUEST = { from: 80, to: 600 }
const SHORT_ANSWER_BYTES = 130
const SIZED_NEWS = { from: 100, to: 1500 }

/** Of packed packets (`packPacket`), oldest first. */
export function lookAt(packets: Int32Array): FlowLook {
  const messages = messagesOf(packets)
  const client = messages.filter(({ isOut }) => isOut)
  const server = messages.filter(({ isOut }) => !isOut)
  const news = server.filter(({ role }) => role === 'start')
  const requests = lengthsOf(client)
  return {
    packets: packets.length,
    durationMs: durationOf(packets),
    messages: messages.length,
    // Whether the first one came after a silence is not known.
    starts: count(messages, ({ role, gapMs }) => role === 'start' && gapMs !== null),
    requests,
    sizedRequests: count(client, within(SIZED_REQUEST)),
    clientAnswers: count(client, ({ role }) => role === 'answer'),
    clientOns: count(client, ({ role }) => role === 'on'),
    serverMessages: server.length,
    answers: lengthsOf(server.filter(({ role }) => role === 'answer')),
    shortAnswers: count(server, isShortAnswer),
    submits: submitsOf(messages),
    news: lengthsOf(news),
    sizedNews: count(news, within(SIZED_NEWS)),
    serverOns: count(server, ({ role }) => role === 'on'),
    rhythm: rhythmOf(messages, requests.usual),
  }
}

function lengthsOf(messages: readonly Message[]): Lengths {
  const lengths = messages.map(({ length }) => length).toSorted((a, b) => a - b)
  let [usual, usualCount, run, kinds] = [0, 0, 0, 0]
  for (const [at, length] of lengths.entries()) {
    const isNew = at === 0 || length !== lengths[at - 1]
    if (isNew) kinds++
    run = isNew ? 1 : run + 1
    if (run <= usualCount) continue
    usualCount = run
    usual = length
  }
  const [shortest = 0] = lengths
  return { count: lengths.length, usual, usualCount, kinds, shortest, longest: lengths.at(-1) ?? 0 }
}

function isShortAnswer({ role, length }: Message): boolean {
  return role === 'answer' && length <= SHORT_ANSWER_BYTES
}

function submitsOf(messages: readonly Message[]): number {
  const isSized = within(SIZED_REQUEST)
  let submits = 0
  for (const [at, message] of messages.entries()) {
    const request = messages[at - 1]
    if (request?.isOut === true && isSized(request) && isShortAnswer(message)) submits++
  }
  return submits
}

function count(messages: readonly Message[], holds: (message: Message) => boolean): number {
  let found = 0
  for (const message of messages) if (holds(message)) found++
  return found
}

function within({ from, to }: { readonly from: number; readonly to: number }): (message: Message) => boolean {
  return ({ length }) => length >= from && length < to
}

function durationOf(packets: Int32Array): number {
  let duration = 0
  for (const [at, packet] of packets.entries()) if (at > 0) duration += gapMsOf(packet)
  return duration
}
