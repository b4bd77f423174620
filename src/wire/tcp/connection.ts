import { type DnsOverTcpListener, DnsConnection } from '../dns/connection.ts'
import type { HeldTotal } from '../kept-bytes.ts'
import { StratumDialogue } from '../stratum/dialogue.ts'
import type { Message } from '../stratum/message.ts'
import type { CertificateBook } from '../tls/certificate-book.ts'
import { mayBeTls, TlsSession } from '../tls/session.ts'
import { TcpDirection } from './direction.ts'
import type { ConnectionReader } from './reader.ts'

/** What connections share: bounds over all of them for what is held behind gaps and of lines that are not complete, scratch, and certificates read before. */
export interface SharedMemory {
  readonly gaps: HeldTotal
  readonly lines: HeldTotal
  readonly message: Message
  readonly certificates: CertificateBook
}

/**
 * A TCP connection whose payload is looked at: both directions in order, and who reads them. Thousands of them
 * are open at once, and more come and go: each reader is there only for as long as it has something to find out,
 * and the connection itself is used again.
 */
export class TcpConnection implements ConnectionReader {
  /** Of its flow. */
  slot = 0
  /** Which end of the flow opened it; stays as it was when the first payload came. */
  isInitiatorA = false
  /** Neighbours in a queue of `Connections`, and in which. */
  older: TcpConnection | null = null
  newer: TcpConnection | null = null
  isSetAside = false
  isTold = false
  isTlsTold = false
  /** Something has been read since this was last set to false: only then can there be news. */
  isFed = false
  readonly #shared: SharedMemory
  readonly #wantsTls: boolean
  readonly #out: TcpDirection
  readonly #in: TcpDirection
  #dns: DnsConnection | null = null
  /** Null once it is none of mining. */
  #dialogue: StratumDialogue | null = null
  /** As `verdict` says: asked for with every packet, and the dialogue is seldom in the cache. */
  #isUndecided = false
  /** From where the bytes first looked like it on: the beginning, or behind a proxy's head. */
  #tls: TlsSession | null = null

  constructor(shared: SharedMemory, wantsTls: boolean) {
    this.#shared = shared
    this.#wantsTls = wantsTls
    this.#out = new TcpDirection(this, true, shared.gaps)
    this.#in = new TcpDirection(this, false, shared.gaps)
  }

  /** It is that of this flow from now on, until `drop`. */
  begin(slot: number, isInitiatorA: boolean, dns: DnsOverTcpListener | null): void {
    this.slot = slot
    this.isInitiatorA = isInitiatorA
    this.isSetAside = this.isTold = this.isTlsTold = this.isFed = false
    this.#dns = dns === null ? null : new DnsConnection(dns)
    this.#dialogue = new StratumDialogue(this.#shared.lines, this.#shared.message)
    this.#isUndecided = true
  }

  touch(): number {
    return this.#out.touch() ^ this.#in.touch()
  }

  direction(fromA: boolean): TcpDirection {
    return fromA === this.isInitiatorA ? this.#out : this.#in
  }

  /** Null where it is no dialogue of mining. */
  get dialogue(): StratumDialogue | null {
    return this.#dialogue
  }

  get verdict(): StratumDialogue['verdict'] {
    return this.#dialogue?.verdict ?? 'other'
  }

  /** Whether what its packets are worth is looked at more closely: at first, and where some were doubtful. */
  get isWatched(): boolean {
    return this.#isUndecided || this.#out.isDoubted || this.#in.isDoubted
  }

  /** Nobody wants to read on. */
  get isSettled(): boolean {
    return this.#dialogue === null && this.#dns === null && this.#tls?.isDone !== false
  }

  /** The handshake, where the bytes looked like one. */
  get tls(): TlsSession | null {
    return this.#tls
  }

  feed(fromInitiator: boolean, data: Uint8Array, timeMs: number, packet: number, offset: number): void {
    this.isFed = true
    if (this.#tls === null && this.#wantsTls && mayBeTls(data[0] ?? 0))
      this.#tls = new TlsSession(this.#shared.lines, this.#shared.certificates)
    this.#tls?.feed(fromInitiator, data, timeMs, packet, offset)
    this.#dialogue?.feed(fromInitiator, data, timeMs, packet, offset)
    const { verdict } = this
    if (verdict === 'other') this.#dialogue = null
    this.#isUndecided = verdict === 'undecided'
    this.#dns?.feed(fromInitiator, data, timeMs, packet, offset)
  }

  gap(fromInitiator: boolean): void {
    this.isFed = true
    this.#tls?.gap(fromInitiator)
    this.#dialogue?.gap(fromInitiator)
    this.#dns?.gap(fromInitiator)
  }

  /** Reads what was still waiting for a gap to close. */
  finish(): void {
    this.#out.finish()
    this.#in.finish()
  }

  /** Gives held memory back and forgets everything: it may begin anew. */
  drop(): void {
    this.#out.drop()
    this.#in.drop()
    this.#dialogue?.drop()
    this.#tls?.drop()
    this.#dns = this.#dialogue = this.#tls = null
    this.#isUndecided = false
  }
}
