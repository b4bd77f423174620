import { StreamReader } from './carrier/stream.ts'
import type { AfterHead, StreamSink } from './carrier/sink.ts'
import { Carriage } from './carriage.ts'
import type { HeldTotal } from '../kept-bytes.ts'
import { Conversation } from './conversation.ts'
import { endOfValue, findElement, hasText } from './json-bytes.ts'
import { Message } from './message.ts'
import { News } from './news.ts'
import { type StratumSnapshot, snapshotOf } from './snapshot.ts'

export type { StratumSnapshot } from './snapshot.ts'

/** What a dialogue may say before it has shown that it is about mining. */
const MAX_UNDECIDED_LINES = 24
const MAX_UNDECIDED_BYTES = 65_536
const MAX_FOREIGN = 2
const MAX_BATCH = 16
const OPEN_ARRAY = 0x5b
/** One of them is in the head of every long line of mining: a Bitcoin job, an equihash share. */
const MARKS = ['"mining.', 'blob', 'job_id', 'nonce', '"login"']

/**
 * One TCP connection that may be a mining dialogue: give it the bytes of both directions in order, each
 * byte once. It costs next to nothing as soon as the verdict is `other`; drop it then. `mining` never
 * changes back. No bytes make it throw; memory stays under 150 kB, most of the time under 2 kB.
 */
export class StratumDialogue implements StreamSink {
  private state: 'undecided' | 'mining' | 'other' = 'undecided'
  private initiator: StreamReader | null = null
  private responder: StreamReader | null = null
  private conversation: Conversation | null = null
  private carriage: Carriage | null = null
  private message: Message | null
  private readonly news = new News()
  private isInitiatorSpeaking = true
  private undecidedBytes = 0
  private undecidedLines = 0
  private readonly total: HeldTotal

  /**
   * `total` bounds what many dialogues together keep of lines that are not complete; a line beyond it is left
   * out. `message` is scratch that all dialogues of one thread may share.
   */
  constructor(total: HeldTotal = { bytes: 0, limit: Infinity, refused: 0 }, message: Message | null = null) {
    this.total = total
    this.message = message
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
    const isSkipped = reader.isSkipping
    reader.push(data, this, packet, offset)
    if (this.state !== 'undecided') return
    if (!isSkipped) this.undecidedBytes += data.length
    if (reader.isForeign || this.undecidedBytes > MAX_UNDECIDED_BYTES) this.giveUp()
  }

  /** Bytes of that direction are missing here. */
  gap(fromInitiator: boolean): void {
    if (this.state === 'other') return
    this.readerOf(fromInitiator).gap()
    const conversation = this.talk()
    if (fromInitiator === this.minerIsInitiator) conversation.hasMinerGap = true
  }

  /** Whether there is something worth telling since it was last asked. */
  takeChange(): boolean {
    return this.state === 'mining' && this.conversation !== null && this.news.take(this.conversation.ledger)
  }

  snapshot(): StratumSnapshot {
    return snapshotOf(this.talk().ledger, this.carriage, this.news)
  }

  isWorthKeeping(bytes: Uint8Array, from: number, to: number): boolean {
    return MARKS.some((mark) => hasText(bytes, from, to, mark))
  }

  head(text: string): AfterHead {
    this.carriage ??= new Carriage()
    const { ledger } = this.talk()
    return this.carriage.head(ledger, text, ledger.confidence === 0)
  }

  socks(version: 4 | 5, target: string | null): void {
    this.carriage ??= new Carriage()
    this.carriage.socks(version, target)
  }

  webSocket(): void {
    this.carriage ??= new Carriage()
    this.carriage.travel('inside a WebSocket')
  }

  line(bytes: Uint8Array, from: number, to: number, packet: number, offset: number): void {
    if (bytes[from] !== OPEN_ARRAY) {
      this.takeMessage(bytes, from, to, packet, offset)
      return
    }
    // A batch (JSON-RPC 2.0 §6).
    for (let index = 0; index < MAX_BATCH && this.state !== 'other'; index++) {
      const at = findElement(bytes, from, to, index)
      if (at < 0) return
      this.takeMessage(bytes, at, endOfValue(bytes, at, to), packet, offset)
    }
  }

  private takeMessage(bytes: Uint8Array, from: number, to: number, packet: number, offset: number): void {
    if (this.state === 'other') return
    const conversation = this.talk()
    conversation.ledger.shares.nowMs = this.news.timeMs
    this.message ??= new Message()
    const { message } = this
    message.fromInitiator = this.isInitiatorSpeaking
    message.isTrusted = this.state === 'mining'
    const isFirstKnown = this.readerOf(this.isInitiatorSpeaking).startedClean
    if (!message.read(bytes, from, to)) conversation.foreign++
    else if (conversation.take(message, isFirstKnown)) this.news.keep(bytes, from, to, packet, offset)
    if (this.state === 'undecided') this.judge(conversation)
  }

  private talk(): Conversation {
    return (this.conversation ??= new Conversation())
  }

  private judge(conversation: Conversation): void {
    const { ledger, foreign } = conversation
    this.undecidedLines++
    if (ledger.isMining) {
      this.state = 'mining'
      this.readerOf(true).tolerate()
      this.readerOf(false).tolerate()
      this.carriage?.confirm(ledger)
      return
    }
    // What is asked of a server over HTTP says at once whether it is about mining.
    const isOtherHttp = this.carriage?.isPost === true && foreign > 0 && ledger.confidence === 0
    if (isOtherHttp || foreign >= MAX_FOREIGN || this.undecidedLines >= MAX_UNDECIDED_LINES) this.giveUp()
  }

  /** Gives back what is kept; nothing will be fed any more. */
  drop(): void {
    this.initiator?.drop()
    this.responder?.drop()
  }

  private giveUp(): void {
    this.state = 'other'
    this.drop()
    this.initiator = this.responder = this.conversation = this.message = this.carriage = null
  }

  private readerOf(fromInitiator: boolean): StreamReader {
    if (fromInitiator) return (this.initiator ??= new StreamReader(true, this.total))
    return (this.responder ??= new StreamReader(false, this.total))
  }
}
