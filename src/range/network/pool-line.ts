import type { Machine } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import type { Side, TcpConnection } from './tcp.ts'
import { changeCipherSpec, clientHello, sealedRecords, serverHello } from './tls-bytes.ts'

/** AEAD tag and inner content type of a TLS 1.3 record (RFC 8446 §5.2). */
const SEAL_BYTES = 17
const CERTIFICATE_BYTES = { from: 750, to: 1500 }
const FINISHED_BYTES = 53

/** A miner's connection to its pool: lines in the clear, or each in a TLS record of its own. Once closed it takes nothing more. */
export class PoolLine {
  readonly #tcp: TcpConnection
  readonly #serverName: string | null
  readonly #random: Random
  isClosed = false

  /** `serverName` null: no TLS. */
  constructor(tcp: TcpConnection, serverName: string | null, random: Random) {
    this.#tcp = tcp
    this.#serverName = serverName
    this.#random = random
  }

  /** The TLS handshake, if there is one. */
  *greet(machine: Machine): Act {
    if (this.#serverName === null) return
    const random = this.#random
    const certificate = random.integer(CERTIFICATE_BYTES.from, CERTIFICATE_BYTES.to)
    yield this.#tcp.send('local', clientHello(this.#serverName, random), machine.nowMs)
    if (this.isClosed) return
    yield this.#tcp.send('remote', serverHello(random, certificate), machine.nowMs + random.between(1, 6))
    if (this.isClosed) return
    yield this.#tcp.send('local', changeCipherSpec(), machine.nowMs)
    if (this.isClosed) return
    yield this.#tcp.send('local', sealedRecords(FINISHED_BYTES, random), machine.nowMs)
  }

  send(from: Side, bytes: Uint8Array, atMs: number): number {
    return this.isClosed ? atMs : this.#tcp.send(from, this.#wrapped(bytes), atMs)
  }

  sendPair(from: Side, first: Uint8Array, second: Uint8Array, atMs: number): number {
    if (this.isClosed) return atMs
    return this.#tcp.sendPair(from, this.#wrapped(first), this.#wrapped(second), atMs)
  }

  close(from: Side, atMs: number): void {
    if (!this.isClosed) this.#tcp.close(from, atMs)
    this.isClosed = true
  }

  reset(from: Side, atMs: number): void {
    if (!this.isClosed) this.#tcp.reset(from, atMs)
    this.isClosed = true
  }

  #wrapped(bytes: Uint8Array): Uint8Array {
    return this.#serverName === null ? bytes : sealedRecords(bytes.length + SEAL_BYTES, this.#random)
  }
}
