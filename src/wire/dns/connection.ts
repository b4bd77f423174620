import type { ConnectionReader } from '../tcp/reader.ts'
import { concatBytes } from '../bytes.ts'
import { decodeDns, type DnsMessage } from './message.ts'

/** Longer messages over TCP are not kept; names and addresses fit many times over. */
const MAX_MESSAGE_BYTES = 8_192

export type DnsOverTcpListener = (
  message: DnsMessage,
  fromInitiator: boolean,
  timeMs: number,
  packet: number,
  offset: number,
) => void

interface Half {
  rest: Uint8Array
  isBroken: boolean
}

/** DNS over TCP (RFC 7766): messages behind a two-byte length. A direction with a gap or an overlong message is given up. */
export class DnsConnection implements ConnectionReader {
  readonly #listener: DnsOverTcpListener
  readonly #halves: readonly [Half, Half] = [
    { rest: new Uint8Array(), isBroken: false },
    { rest: new Uint8Array(), isBroken: false },
  ]

  constructor(listener: DnsOverTcpListener) {
    this.#listener = listener
  }

  feed(fromInitiator: boolean, data: Uint8Array, timeMs: number, packet: number, offset: number): void {
    const half = this.#halves[fromInitiator ? 0 : 1]
    if (half.isBroken) return
    const bytes = half.rest.length === 0 ? data : concatBytes(half.rest, data)
    let at = 0
    while (at + 2 <= bytes.length) {
      const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
      if (length > MAX_MESSAGE_BYTES) {
        this.gap(fromInitiator)
        return
      }
      if (at + 2 + length > bytes.length) break
      const message = decodeDns(bytes.subarray(at + 2, at + 2 + length))
      if (message !== null) this.#listener(message, fromInitiator, timeMs, packet, offset)
      at += 2 + length
    }
    half.rest = bytes.slice(at)
  }

  gap(fromInitiator: boolean): void {
    const half = this.#halves[fromInitiator ? 0 : 1]
    half.isBroken = true
    half.rest = new Uint8Array()
  }
}
