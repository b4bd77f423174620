import { deflateRawSync } from 'node:zlib'
import { concatBytes, uint16s } from '../bytes.ts'

export const WS_CONTINUATION = 0
const WS_TEXT = 1
export const WS_BINARY = 2
export const WS_PING = 9

export interface WebSocketFields {
  readonly opcode?: number
  /** The last fragment of its message, which is what most are. */
  readonly isFinal?: boolean
  /** Four bytes: what clients send is masked. */
  readonly mask?: readonly [number, number, number, number]
  /** Compressed as a message of its own (RFC 7692, without context from others). */
  readonly isCompressed?: boolean
}

/** One frame of a WebSocket (RFC 6455 §5.2). */
export function webSocketFrame(content: Uint8Array, fields: WebSocketFields = {}): Uint8Array {
  const payload = fields.isCompressed === true ? compressed(content) : content
  const flags = (fields.isFinal === false ? 0 : 0x80) | (fields.isCompressed === true ? 0x40 : 0)
  const masked = fields.mask === undefined ? 0 : 0x80
  const length =
    payload.length < 126
      ? Uint8Array.of(masked | payload.length)
      : payload.length < 0x10000
        ? concatBytes(Uint8Array.of(masked | 126), uint16s(payload.length))
        : concatBytes(
            Uint8Array.of(masked | 127),
            uint16s(0, 0, payload.length >>> 16, payload.length & 0xffff),
          )
  return concatBytes(
    Uint8Array.of(flags | (fields.opcode ?? WS_TEXT)),
    length,
    Uint8Array.from(fields.mask ?? []),
    fields.mask === undefined ? payload : payload.map((byte, i) => byte ^ (fields.mask?.[i & 3] ?? 0)),
  )
}

/** A sync flush ends in four bytes that are not sent. */
function compressed(content: Uint8Array): Uint8Array {
  return deflateRawSync(content, { finishFlush: 2 }).subarray(0, -4)
}
