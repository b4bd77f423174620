import { endpointText, formatIpv4, formatIpv6 } from '../../address.ts'
import type { StreamSink } from './sink.ts'

/** Longest handshake of one side: SOCKS 5 with 255 methods, a name and a password of 255 bytes and a host of 255. */
const MAX_BYTES = 1100
const NO_ACCEPTABLE = 0xff
const PASSWORD = 2
const IPV4 = 1
const NAME = 3
const IPV6 = 4

/** Position behind a message that begins at the same place; `MORE` where it is not all there, `FOREIGN` where it is none. */
const MORE = -1
const FOREIGN = -2

/** Bytes a client or a proxy may begin with. */
export function isSocksStart(fromInitiator: boolean, byte: number): boolean {
  return fromInitiator ? byte === 4 || byte === 5 : byte === 0 || byte === 5
}

/**
 * One side's handshake with a SOCKS proxy: version 4 and 4a (openssh.com/txt/socks4.protocol, socks4a),
 * version 5 (RFC 1928) with or without a password (RFC 1929), which is not kept. Each side is understood
 * without the other.
 */
export class SocksReader {
  isForeign = false
  /** The stream behind the handshake starts here; the reader is done. */
  isDone = false
  private readonly fromInitiator: boolean
  private readonly bytes: number[] = []
  /** Where the message begins that is not complete. */
  private at = 0
  private stage: 'first' | 'password' | 'request' = 'first'
  private hasPassword = false

  constructor(fromInitiator: boolean) {
    this.fromInitiator = fromInitiator
  }

  /** Takes what belongs to it from `from` on and gives the position behind. */
  push(data: Uint8Array, from: number, sink: StreamSink): number {
    for (let at = from; at < data.length; at++) {
      if (this.bytes.length >= MAX_BYTES) this.isForeign = true
      else this.bytes.push(data[at]!)
      if (!this.isForeign) this.take(sink)
      if (this.isForeign || this.isDone) return at + 1
    }
    return data.length
  }

  private take(sink: StreamSink): void {
    const end = this.fromInitiator ? this.takeAsked(sink) : this.takeAnswer(sink)
    if (end === FOREIGN) this.isForeign = true
    else if (end !== MORE) this.at = end
  }

  private takeAsked(sink: StreamSink): number {
    const { at, bytes } = this
    if (this.stage === 'first') {
      if (bytes[0] === 4) return this.takeVersion4(sink)
      if (bytes.length < 2) return MORE
      const methods = bytes[1]!
      if (methods === 0) return FOREIGN
      if (bytes.length < 2 + methods) return MORE
      this.hasPassword = bytes.includes(PASSWORD, 2)
      this.stage = 'request'
      return 2 + methods
    }
    if (this.stage === 'request' && bytes[at] === 1 && this.hasPassword) this.stage = 'password'
    if (this.stage === 'password') return this.passwordEnd()
    return this.takeVersion5(sink, true)
  }

  private passwordEnd(): number {
    const { at, bytes } = this
    const name = bytes[at + 1]
    if (name === undefined) return MORE
    const password = bytes[at + 2 + name]
    if (password === undefined || bytes.length < at + 3 + name + password) return MORE
    this.stage = 'request'
    this.hasPassword = false
    return at + 3 + name + password
  }

  /** `04 01 port address user 00`, and for 4a, whose address is 0.0.0.x, `name 00`. */
  private takeVersion4(sink: StreamSink): number {
    const { bytes } = this
    if (bytes.length > 1 && bytes[1] !== 1) return FOREIGN
    if (bytes.length < 9) return MORE
    const userEnd = bytes.indexOf(0, 8)
    if (userEnd < 0) return MORE
    const isNamed = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] !== 0
    const end = isNamed ? bytes.indexOf(0, userEnd + 1) : userEnd
    if (end < 0) return MORE
    const port = bytes[2]! * 256 + bytes[3]!
    const host = isNamed
      ? textOf(bytes.slice(userEnd + 1, end))
      : formatIpv4(Uint8Array.from(bytes.slice(4, 8)), 0)
    if (host === null) return FOREIGN
    this.isDone = true
    sink.socks(4, endpointText(host, port))
    return end + 1
  }

  /** `05 command 00 type address port`; a reply is the same with a status for the command. */
  private takeVersion5(sink: StreamSink, isRequest: boolean): number {
    const { at, bytes } = this
    if (bytes[at] !== 5) return FOREIGN
    if (bytes.length > at + 1 && bytes[at + 1] !== (isRequest ? 1 : 0)) return FOREIGN
    if (bytes.length > at + 2 && bytes[at + 2] !== 0) return FOREIGN
    if (bytes.length < at + 5) return MORE
    const type = bytes[at + 3]
    const length = type === IPV4 ? 4 : type === IPV6 ? 16 : type === NAME ? 1 + bytes[at + 4]! : 0
    if (length === 0) return FOREIGN
    const portAt = at + 4 + length
    if (bytes.length < portAt + 2) return MORE
    this.isDone = true
    if (!isRequest) {
      sink.socks(5, null)
      return portAt + 2
    }
    const address = Uint8Array.from(bytes.slice(at + 4, portAt))
    const host =
      type === NAME
        ? textOf(bytes.slice(at + 5, portAt))
        : type === IPV4
          ? formatIpv4(address, 0)
          : formatIpv6(address, 0)
    if (host === null) return FOREIGN
    sink.socks(5, endpointText(host, bytes[portAt]! * 256 + bytes[portAt + 1]!))
    return portAt + 2
  }

  private takeAnswer(sink: StreamSink): number {
    const { at, bytes } = this
    if (bytes[0] === 0) return this.takeAnswer4(sink)
    if (this.stage === 'first') {
      const method = bytes[1]
      if (method === undefined) return MORE
      if (method === NO_ACCEPTABLE || (method !== 0 && method !== PASSWORD)) return FOREIGN
      this.stage = method === PASSWORD ? 'password' : 'request'
      return 2
    }
    if (this.stage === 'password') {
      if (bytes[at] !== 1) return FOREIGN
      if (bytes.length < at + 2) return MORE
      this.stage = 'request'
      return bytes[at + 1] === 0 ? at + 2 : FOREIGN
    }
    return this.takeVersion5(sink, false)
  }

  /** `00 5a port address`: granted. */
  private takeAnswer4(sink: StreamSink): number {
    const { bytes } = this
    if (bytes.length > 1 && bytes[1] !== 0x5a) return FOREIGN
    if (bytes.length < 8) return MORE
    this.isDone = true
    sink.socks(4, null)
    return 8
  }
}

/** A host's name; null where it cannot be one. */
function textOf(bytes: readonly number[]): string | null {
  const text = String.fromCharCode(...bytes)
  return /^[\w.:-]{1,255}$/u.test(text) ? text : null
}
