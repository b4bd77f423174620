import type { HeldTotal } from '../kept-bytes.ts'
import { Conversation } from './conversation.ts'
import { readAccount, readMinerHead } from './http-head.ts'
import type { AfterHead } from './http-reader.ts'
import { hasText } from './json-bytes.ts'
import { LineReader, type LineSink } from './line-reader.ts'
import { Message } from './message.ts'
import { News } from './news.ts'
import { type StratumSnapshot, snapshotOf } from './snapshot.ts'

export type { StratumSnapshot } from './snapshot.ts'

/** What a dialogue may say before it has shown that it is about mining. */
const MAX_UNDECIDED_LINES = 24
const MAX_UNDECIDED_BYTES = 65_536
const MAX_FOREIGN = 2
/** One of them is in the head of every long line of mining: a Bitcoin job, an equihash share. */
const MARKS = ['"mining.', 'blob', 'job_id', 'nonce', '"login"']

/**
 * One TCP connection that may be a mining dialogue: give it the bytes of both directions in order, each
 * byte once. It costs next to nothing as soon as the verdict is `other`; drop it then. `mining` never
 * changes back. No bytes make it throw; memory stays under 150 kB, most of the time under 2 kB.
 */
export class StratumDialogue implements LineSink {
  private state: 'undecided' | 'mining' | 'other' = 'undecided'
  private initiator: LineReader | null = null
  private responder: LineReader | null = null
  private conversation: Conversation | null = null
  private message: Message | null = null
  private readonly news = new News()
  private isInitiatorSpeaking = true
  private undecidedBytes = 0
  private undecidedLines = 0
  /** Of the HTTP request seen last. */
  private requestHead: string | null = null
  private readonly total: HeldTotal

  /** `total` bounds what many dialogues together keep of lines that are not complete; a line beyond it is left out. */
  constructor(total: HeldTotal = { bytes: 0, limit: Infinity, refused: 0 }) {
    this.total = total
  }

  get verdict(): 'undecided' | 'mining' | 'other' {
    return this.state
  }

  /** Of the two ends, the one that opened the connection. Told by who says what, so right even if the caller's guess was not. */
  get minerIsInitiator(): boolean {
    return this.conversation?.ledger.minerIsInitiator ?? true
  }

  /** `packet` is one-based, `offset` as the caller's origins count; both come back in the snapshot. The bytes are not kept. */
  feed(fromInitiator: boolean, data: Uint8Array, timeMs: number, packet: number, offset: number): void {
    if (this.state === 'other') return
    this.news.timeMs = timeMs
    this.isInitiatorSpeaking = fromInitiator
    const reader = this.readerOf(fromInitiator)
    reader.push(data, this, packet, offset)
    if (this.state !== 'undecided') return
    this.undecidedBytes += data.length
    if (reader.isForeign || this.undecidedBytes > MAX_UNDECIDED_BYTES) this.giveUp()
  }

  /** Bytes of that direction are missing here. */
  gap(fromInitiator: boolean): void {
    if (this.state === 'other') return
    this.readerOf(fromInitiator).gap()
    this.conversation ??= new Conversation()
    if (fromInitiator === this.minerIsInitiator) this.conversation.hasMinerGap = true
  }

  /** Whether there is something worth telling since it was last asked. */
  takeChange(): boolean {
    return this.state === 'mining' && this.conversation !== null && this.news.take(this.conversation.ledger)
  }

  snapshot(): StratumSnapshot {
    this.conversation ??= new Conversation()
    return snapshotOf(this.conversation.ledger, this.news)
  }

  isWorthKeeping(bytes: Uint8Array, from: number, to: number): boolean {
    return MARKS.some((mark) => hasText(bytes, from, to, mark))
  }

  head(text: string): AfterHead {
    if (text.startsWith('CONNECT ')) {
      this.requestHead = text
      return 'tunnel'
    }
    if (text.startsWith('HTTP/')) return this.afterReplyHead()
    this.requestHead = text
    this.conversation ??= new Conversation()
    readMinerHead(this.conversation.ledger, text)
    return 'body'
  }

  private afterReplyHead(): AfterHead {
    if (this.requestHead === null) return 'foreign'
    if (this.requestHead.startsWith('CONNECT ')) return 'tunnel'
    return this.state === 'mining' ? 'body' : 'skip'
  }

  line(bytes: Uint8Array, from: number, to: number, packet: number, offset: number): void {
    if (this.state === 'other') return
    this.conversation ??= new Conversation()
    this.message ??= new Message()
    const { conversation, message } = this
    message.fromInitiator = this.isInitiatorSpeaking
    const isFirstKnown = this.readerOf(this.isInitiatorSpeaking).startedClean
    if (!message.read(bytes, from, to)) conversation.foreign++
    else if (conversation.take(message, isFirstKnown)) this.news.keep(bytes, from, to, packet, offset)
    if (this.state === 'undecided') this.judge(conversation)
  }

  private judge(conversation: Conversation): void {
    this.undecidedLines++
    if (conversation.ledger.isMining) {
      this.state = 'mining'
      this.readerOf(true).isTolerant = true
      this.readerOf(false).isTolerant = true
      if (this.requestHead !== null) readAccount(conversation.ledger, this.requestHead)
      return
    }
    const isOtherHttp = this.requestHead?.startsWith('POST ') === true
    if (isOtherHttp || conversation.foreign >= MAX_FOREIGN || this.undecidedLines >= MAX_UNDECIDED_LINES)
      this.giveUp()
  }

  /** Gives back what is kept; nothing will be fed any more. */
  drop(): void {
    this.initiator?.drop()
    this.responder?.drop()
  }

  private giveUp(): void {
    this.state = 'other'
    this.drop()
    this.initiator = this.responder = this.conversation = this.message = this.requestHead = null
  }

  private readerOf(fromInitiator: boolean): LineReader {
    if (fromInitiator) return (this.initiator ??= new LineReader(this.total))
    return (this.responder ??= new LineReader(this.total))
  }
}
