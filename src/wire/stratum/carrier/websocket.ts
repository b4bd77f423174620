import { type HeldTotal, KeptBytes } from '../../kept-bytes.ts'
import { MessageInflater } from './inflate.ts'
import type { LineCutter } from './lines.ts'
import type { StreamSink } from './sink.ts'

const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PONG = 10
const FINAL = 0x80
const COMPRESSED = 0x40
const RESERVED = 0x30
const MASKED = 0x80
const OPEN_OBJECT = 0x7b
const MAX_CONTROL_BYTES = 125
/** Longest compressed message that is read. */
const MAX_COMPRESSED_BYTES = 65_536
const SCRATCH_BYTES = 1024

/** First bytes of a frame that may begin a stream whose upgrade was not seen: a whole text or binary message. */
export function isFrameStart(byte: number): boolean {
  return byte === (FINAL | TEXT) || byte === (FINAL | BINARY)
}

/**
 * One direction of a WebSocket (RFC 6455), masked or not, messages in fragments with control frames between
 * them, compressed or not (RFC 7692). What the messages hold goes to the cutter: one object each, or a
 * stream of lines in pieces as proxies send it.
 */
export class WebSocketReader {
  isForeign = false
  private readonly cutter: LineCutter
  private readonly total: HeldTotal
  /** Clients mask, servers do not; null: the first frame tells (the upgrade was not seen). */
  private isMasked: boolean | null
  /** Bytes of the frame's header so far. */
  private readonly header: number[] = []
  private opcode = 0
  private isFinal = false
  private isCompressed = false
  private isInMessage = false
  private left = 0
  private maskAt = 0
  private readonly mask = [0, 0, 0, 0]
  private scratch: Uint8Array | null = null
  private compressed: KeptBytes | null = null
  private inflater: MessageInflater | null = null
  /** Bytes were lost: a frame is looked for that holds an object. */
  private isSeeking = false

  constructor(cutter: LineCutter, total: HeldTotal, isMasked: boolean | null) {
    this.cutter = cutter
    this.total = total
    this.isMasked = isMasked
  }

  push(data: Uint8Array, from: number, sink: StreamSink, packet: number, offset: number): void {
    let at = from
    while (at < data.length && !this.isForeign) {
      if (this.isSeeking) at = this.seek(data, at, sink, packet, offset)
      else if (this.left > 0) at = this.takePayload(data, at, sink, packet, offset)
      else at = this.takeHeader(data, at, sink)
    }
    if (this.cutter.isForeign) this.isForeign = true
  }

  /** Bytes are missing here. */
  gap(): void {
    this.header.length = 0
    this.left = 0
    this.isInMessage = false
    this.compressed?.clear()
    this.inflater?.lose()
    this.isSeeking = true
  }

  drop(): void {
    this.compressed?.clear()
    this.inflater?.drop()
    this.isForeign = true
  }

  private takeHeader(data: Uint8Array, from: number, sink: StreamSink): number {
    const { header } = this
    let at = from
    while (at < data.length) {
      header.push(data[at++]!)
      const state = headerState(header, this.isMasked)
      if (state === 'more') continue
      if (state === 'bad') this.break()
      else this.openFrame(sink)
      return at
    }
    return at
  }

  private break(): void {
    if (this.cutter.isTolerant) this.gap()
    else this.isForeign = true
  }

  /** The header is complete. */
  private openFrame(sink: StreamSink): void {
    const { header } = this
    const first = header[0]!
    const opcode = first & 0x0f
    this.left = lengthOf(header)
    if (isMaskedIn(header)) for (let i = 0; i < 4; i++) this.mask[i] = header[header.length - 4 + i]!
    this.maskAt = 0
    this.isMasked ??= isMaskedIn(header)
    header.length = 0
    if (opcode >= CLOSE) {
      this.opcode = opcode
      return
    }
    if ((opcode === CONTINUATION) !== this.isInMessage) {
      this.left = 0
      this.break()
      return
    }
    this.opcode = opcode
    this.isFinal = (first & FINAL) !== 0
    if (opcode !== CONTINUATION) this.isCompressed = (first & COMPRESSED) !== 0
    this.isInMessage = !this.isFinal
    if (this.left === 0 && this.isFinal) this.endMessage(sink, 0, 0)
  }

  private takePayload(
    data: Uint8Array,
    from: number,
    sink: StreamSink,
    packet: number,
    offset: number,
  ): number {
    const size = Math.min(data.length - from, this.left, this.isMasked === true ? SCRATCH_BYTES : this.left)
    const to = from + size
    this.left -= size
    if (this.opcode >= CLOSE) return to
    let bytes = data
    let at = from
    if (this.isMasked === true) {
      bytes = this.unmask(data, from, to)
      at = 0
    }
    if (this.isCompressed) this.keepCompressed(bytes, at, at + size)
    else this.cutter.push(bytes, at, at + size, sink, packet, offset)
    if (this.left === 0 && this.isFinal) this.endMessage(sink, packet, offset)
    return to
  }

  private unmask(data: Uint8Array, from: number, to: number): Uint8Array {
    const scratch = (this.scratch ??= new Uint8Array(SCRATCH_BYTES))
    for (let i = from; i < to; i++) {
      scratch[i - from] = data[i]! ^ this.mask[this.maskAt]!
      this.maskAt = (this.maskAt + 1) & 3
    }
    return scratch
  }

  private keepCompressed(bytes: Uint8Array, from: number, to: number): void {
    const kept = (this.compressed ??= new KeptBytes(this.total))
    if (kept.length + to - from > MAX_COMPRESSED_BYTES || !kept.append(bytes, from, to)) {
      kept.clear()
      this.inflater?.lose()
      if (!this.cutter.isTolerant) this.isForeign = true
    }
  }

  private endMessage(sink: StreamSink, packet: number, offset: number): void {
    if (this.isCompressed && this.compressed !== null) {
      const { bytes, length } = this.compressed.take()
      const message = (this.inflater ??= new MessageInflater(this.total)).inflate(bytes, length)
      if (message !== null) this.cutter.push(message, 0, message.length, sink, packet, offset)
      else if (!this.cutter.isTolerant) this.isForeign = true
    }
    this.cutter.endMessage(sink)
  }

  /** Reads on from the first frame that holds the start of an object. */
  private seek(data: Uint8Array, from: number, sink: StreamSink, packet: number, offset: number): number {
    const { header } = this
    for (let at = from; at < data.length; at++) {
      header.push(data[at]!)
      while (header.length > 0 && !mayHoldObject(header, this.isMasked)) header.shift()
      const start = header.length - 1
      if (start < 2 || headerState(header.slice(0, start), this.isMasked) !== 'done') continue
      const first = header.pop()!
      this.isSeeking = false
      this.cutter.clear()
      this.openFrame(sink)
      this.takePayload(Uint8Array.of(first), 0, sink, packet, offset)
      return at + 1
    }
    return data.length
  }
}

function isMaskedIn(header: readonly number[]): boolean {
  return (header[1]! & MASKED) !== 0
}

function headerLength(header: readonly number[]): number {
  const short = header[1]! & 0x7f
  return 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + (isMaskedIn(header) ? 4 : 0)
}

function lengthOf(header: readonly number[]): number {
  const short = header[1]! & 0x7f
  if (short < 126) return short
  let length = 0
  for (let i = 2; i < (short === 126 ? 4 : 10); i++) length = length * 256 + header[i]!
  return length
}

function headerState(header: readonly number[], isMasked: boolean | null): 'more' | 'done' | 'bad' {
  const opcode = header[0]! & 0x0f
  const isControl = opcode >= CLOSE
  if ((header[0]! & RESERVED) !== 0 || opcode > PONG || (opcode > BINARY && !isControl)) return 'bad'
  if (isControl && (header[0]! & (FINAL | COMPRESSED)) !== FINAL) return 'bad'
  if (header.length < 2) return 'more'
  if (isMasked !== null && isMaskedIn(header) !== isMasked) return 'bad'
  if (isControl && (header[1]! & 0x7f) > MAX_CONTROL_BYTES) return 'bad'
  if (header.length < headerLength(header)) return 'more'
  return lengthOf(header) > Number.MAX_SAFE_INTEGER ? 'bad' : 'done'
}

/** Whether these bytes may be a frame of one whole message, uncompressed, up to its first byte, which opens an object. */
function mayHoldObject(bytes: readonly number[], isMasked: boolean | null): boolean {
  if (!isFrameStart(bytes[0]!)) return false
  const isHead = bytes.length < 2 || bytes.length <= headerLength(bytes)
  if (isHead) return headerState(bytes, isMasked) !== 'bad'
  const length = headerLength(bytes)
  const first = bytes[length]! ^ (isMaskedIn(bytes) ? bytes[length - 4]! : 0)
  return bytes.length === length + 1 && first === OPEN_OBJECT && lengthOf(bytes) >= 2
}
