import { type HeldTotal, KeptBytes } from '../kept-bytes.ts'

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 }
export const HANDSHAKE = {
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
}

/** RFC 8446 §5.2 and RFC 5246 §6.2.3: what the longest record carries. */
const MAX_RECORD_BYTES = 16_384 + 2048
/** As much of a message as is kept: hellos with every key share fit, and a server's own certificate. */
const MAX_MESSAGE_BYTES = 16_384
const RECORD_HEADER_BYTES = 5
const MESSAGE_HEADER_BYTES = 4
/** Of `SSLv2 ClientHello` in front of its version: length and type. */
const SSL2_HEADER_BYTES = 3
const MAX_SSL2_BYTES = 1024

/** What a reader tells its owner. */
export interface HandshakeSink {
  /** A whole message, or the first 16 kB of it. `body` is the owner's only during the call. */
  message(type: number, body: Uint8Array): void
  /** A ClientHello in the form of SSL 2.0, from its version on. */
  ssl2Hello(body: Uint8Array): void
  /** A record of another type than handshake begins. */
  otherRecord(type: number): void
}

/**
 * Cuts one direction of a stream into TLS records and those into handshake messages, whatever the segments
 * are, until somebody calls `stop`. A message that lies in one segment is not copied.
 */
export class HandshakeReader {
  /** The bytes are no TLS, or some are missing. */
  isBroken = false
  isStopped = false
  /** Of a message that lies in several segments. */
  private kept: KeptBytes | null = null
  private readonly total: HeldTotal
  /** Header bytes of a record that have come so far, as one number, and how many. */
  private header = 0
  private headerBytes = 0
  private recordType = 0
  /** Bytes of the record in hand that are still to come. */
  private recordLeft = 0
  private messageHeader = 0
  private messageHeaderBytes = 0
  /** Bytes of the message in hand that are still to come, and of those the ones to keep. */
  private messageLeft = 0
  private wanted = 0
  private isSsl2 = false
  private isFirst = true
  private isFirstMessage = true

  constructor(total: HeldTotal) {
    this.total = total
  }

  push(data: Uint8Array, sink: HandshakeSink): void {
    let at = 0
    while (at < data.length && !this.isOver()) {
      if (this.isSsl2) at = this.ssl2Body(data, at, sink)
      else if (this.recordLeft > 0) at = this.recordBody(data, at, sink)
      else at = this.recordHeader(data, at, sink)
    }
  }

  /** Bytes of this direction are missing here. */
  gap(): void {
    this.break()
  }

  /** Nothing more is wanted of this direction. */
  stop(): void {
    this.isStopped = true
    this.kept?.clear()
  }

  private keeper(): KeptBytes {
    return (this.kept ??= new KeptBytes(this.total))
  }

  private keptBytes(): number {
    return this.kept?.length ?? 0
  }

  private isOver(): boolean {
    return this.isBroken || this.isStopped
  }

  private break(): void {
    this.isBroken = true
    this.kept?.clear()
  }

  private recordHeader(data: Uint8Array, from: number, sink: HandshakeSink): number {
    let at = from
    while (at < data.length && this.headerBytes < RECORD_HEADER_BYTES) {
      this.header = this.header * 256 + (data[at++] ?? 0)
      this.headerBytes++
      if (!this.isPlausible()) return at
      if (this.isSsl2) return at
    }
    if (this.headerBytes < RECORD_HEADER_BYTES) return at
    this.recordType = Math.floor(this.header / 2 ** 32)
    this.recordLeft = this.header % 65_536
    this.header = this.headerBytes = 0
    this.isFirst = false
    const isHandshake = this.recordType === RECORD.handshake
    if (this.recordLeft > MAX_RECORD_BYTES || (isHandshake && this.recordLeft === 0)) this.break()
    else if (!isHandshake) sink.otherRecord(this.recordType)
    return at
  }

  /** Looks at the header as far as it has come; other protocols are let go at their first bytes. */
  private isPlausible(): boolean {
    const { header, headerBytes } = this
    const first = Math.floor(header / 256 ** (headerBytes - 1))
    const isSsl2 = this.isFirst && first >= 0x80
    if (isSsl2 && headerBytes === SSL2_HEADER_BYTES) this.beginSsl2()
    else if (isSsl2 && headerBytes < SSL2_HEADER_BYTES) return true
    else if (first < RECORD.changeCipherSpec || first > RECORD.heartbeat) this.break()
    else if (headerBytes === 2 && header % 256 !== 3) this.break()
    else if (headerBytes === 3 && header % 256 > 4) this.break()
    return !this.isBroken
  }

  private beginSsl2(): void {
    const length = (this.header >> 8) & 0x7fff
    this.isSsl2 = true
    this.isFirst = false
    this.wanted = this.messageLeft = length - 1
    if ((this.header & 0xff) !== HANDSHAKE.clientHello || length < 9 || length > MAX_SSL2_BYTES) this.break()
    this.header = this.headerBytes = 0
  }

  private ssl2Body(data: Uint8Array, from: number, sink: HandshakeSink): number {
    const to = Math.min(data.length, from + this.messageLeft)
    if (!this.keeper().append(data, from, to)) this.break()
    this.messageLeft -= to - from
    if (this.messageLeft > 0 || this.isBroken) return to
    const { bytes, length } = this.keeper().take()
    this.isSsl2 = false
    sink.ssl2Hello(bytes.subarray(0, length))
    return to
  }

  private recordBody(data: Uint8Array, from: number, sink: HandshakeSink): number {
    const to = Math.min(data.length, from + this.recordLeft)
    this.recordLeft -= to - from
    if (this.recordType === RECORD.handshake) this.handshake(data, from, to, sink)
    return to
  }

  private handshake(data: Uint8Array, from: number, to: number, sink: HandshakeSink): void {
    let at = from
    while (at < to && !this.isOver()) {
      if (this.messageHeaderBytes < MESSAGE_HEADER_BYTES) {
        this.messageHeader = this.messageHeader * 256 + (data[at++] ?? 0)
        if (++this.messageHeaderBytes === MESSAGE_HEADER_BYTES) this.beginMessage(sink)
      } else at = this.messageBody(data, at, to, sink)
    }
  }

  /** A direction begins with a hello, or with the request for one (type 0); else it was joined where it is sealed. */
  private beginMessage(sink: HandshakeSink): void {
    if (this.isFirstMessage && this.messageHeader >= (HANDSHAKE.serverHello + 1) * 0x1000000) this.break()
    this.isFirstMessage = false
    this.messageLeft = this.messageHeader % 0x1000000
    this.wanted = Math.min(this.messageLeft, MAX_MESSAGE_BYTES)
    if (this.wanted === 0 && !this.isBroken) this.endMessage(EMPTY, sink)
  }

  private messageBody(data: Uint8Array, from: number, to: number, sink: HandshakeSink): number {
    const end = Math.min(to, from + this.messageLeft)
    const isWholeHere = this.keptBytes() === 0 && this.wanted > 0 && end - from >= this.wanted
    this.messageLeft -= end - from
    if (isWholeHere) this.tell(data.subarray(from, from + this.wanted), sink)
    else if (this.wanted > 0) this.keep(data, from, end, sink)
    if (this.messageLeft === 0) this.messageHeader = this.messageHeaderBytes = 0
    return end
  }

  private keep(data: Uint8Array, from: number, end: number, sink: HandshakeSink): void {
    const to = Math.min(end, from + this.wanted - this.keptBytes())
    if (!this.keeper().append(data, from, to)) this.break()
    else if (this.keptBytes() >= this.wanted) {
      const { bytes, length } = this.keeper().take()
      this.tell(bytes.subarray(0, length), sink)
    }
  }

  /** Told once; what is left of a longer message is stepped over. */
  private tell(body: Uint8Array, sink: HandshakeSink): void {
    this.wanted = 0
    sink.message(Math.floor(this.messageHeader / 0x1000000), body)
  }

  private endMessage(body: Uint8Array, sink: HandshakeSink): void {
    const header = this.messageHeader
    this.messageHeader = this.messageHeaderBytes = 0
    sink.message(Math.floor(header / 0x1000000), body)
  }
}

const EMPTY = new Uint8Array(0)
