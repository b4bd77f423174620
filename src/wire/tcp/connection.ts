import { type DnsOverTcpListener, DnsConnection } from '../dns/connection.ts'
import type { HeldTotal } from '../kept-bytes.ts'
import { StratumDialogue } from '../stratum/dialogue.ts'
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
  isTold = false

  /** `gaps` and `lines` bound what all connections together hold: behind gaps, and of lines that are not complete. */
  constructor(isInitiatorA: boolean, gaps: HeldTotal, lines: HeldTotal, dns: DnsOverTcpListener | null) {
    this.isInitiatorA = isInitiatorA
    this.dialogue = new StratumDialogue(lines)
    this.#out = new TcpDirection(this, true, gaps)
    this.#in = new TcpDirection(this, false, gaps)
    this.#dns = dns === null ? null : new DnsConnection(dns)
  }

  direction(fromA: boolean): TcpDirection {
    return fromA === this.isInitiatorA ? this.#out : this.#in
  }

  /** Nobody wants to read on. */
  get isSettled(): boolean {
    return this.dialogue.verdict === 'other' && this.#dns === null
  }

  feed(fromInitiator: boolean, data: Uint8Array, timeMs: number, packet: number, offset: number): void {
    if (this.dialogue.verdict !== 'other') this.dialogue.feed(fromInitiator, data, timeMs, packet, offset)
    this.#dns?.feed(fromInitiator, data, timeMs, packet, offset)
  }

  gap(fromInitiator: boolean): void {
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
  }
}
