import { type DnsOverTcpListener, DnsConnection } from '../dns/connection.ts'
import type { HeldTotal } from '../kept-bytes.ts'
import { StratumDialogue } from '../stratum/dialogue.ts'
import type { Message } from '../stratum/message.ts'
import { mayBeTls, TlsSession } from '../tls/session.ts'
import { TcpDirection } from './direction.ts'
import type { ConnectionReader } from './reader.ts'

/** A TCP connection whose payload is looked at: both directions in order, and who reads them. */
export class TcpConnection implements ConnectionReader {
  readonly dialogue: StratumDialogue
  /** Which end of the flow opened it; stays as it was when the first payload came. */
  readonly isInitiatorA: boolean
  readonly #dns: DnsConnection | null
  readonly #out: TcpDirection
  readonly #in: TcpDirection
  readonly #lines: HeldTotal
  /** From where the bytes first looked like it on: the beginning, or behind a proxy's head. */
  #tls: TlsSession | null = null
  readonly #wantsTls: boolean
  isTold = false
  isTlsTold = false

  /**
   * `gaps` and `lines` bound what all connections together hold: behind gaps, and of lines that are not
   * complete. `message` is scratch that they share.
   */
  constructor(
    isInitiatorA: boolean,
    gaps: HeldTotal,
    lines: HeldTotal,
    dns: DnsOverTcpListener | null,
    wantsTls: boolean,
    message: Message,
  ) {
    this.isInitiatorA = isInitiatorA
    this.#lines = lines
    this.#wantsTls = wantsTls
    this.dialogue = new StratumDialogue(lines, message)
    this.#out = new TcpDirection(this, true, gaps)
    this.#in = new TcpDirection(this, false, gaps)
    this.#dns = dns === null ? null : new DnsConnection(dns)
  }

  direction(fromA: boolean): TcpDirection {
    return fromA === this.isInitiatorA ? this.#out : this.#in
  }

  /** Whether what its packets are worth is looked at more closely: at first, and where some were doubtful. */
  get isWatched(): boolean {
    return this.dialogue.verdict === 'undecided' || this.#out.isDoubted || this.#in.isDoubted
  }

  /** Nobody wants to read on. */
  get isSettled(): boolean {
    return this.dialogue.verdict === 'other' && this.#dns === null && this.#tls?.isDone !== false
  }

  /** The handshake, where the bytes looked like one. */
  get tls(): TlsSession | null {
    return this.#tls
  }

  feed(fromInitiator: boolean, data: Uint8Array, timeMs: number, packet: number, offset: number): void {
    if (this.#tls === null && this.#wantsTls && mayBeTls(data[0] ?? 0))
      this.#tls = new TlsSession(this.#lines)
    this.#tls?.feed(fromInitiator, data, timeMs, packet, offset)
    if (this.dialogue.verdict !== 'other') this.dialogue.feed(fromInitiator, data, timeMs, packet, offset)
    this.#dns?.feed(fromInitiator, data, timeMs, packet, offset)
  }

  gap(fromInitiator: boolean): void {
    this.#tls?.gap(fromInitiator)
    if (this.dialogue.verdict !== 'other') this.dialogue.gap(fromInitiator)
    this.#dns?.gap(fromInitiator)
  }

  /** Reads what was still waiting for a gap to close. */
  finish(): void {
    this.#out.finish()
    this.#in.finish()
  }

  /** Gives held memory back. */
  drop(): void {
    this.#out.drop()
    this.#in.drop()
    this.dialogue.drop()
    this.#tls?.drop()
  }
}
