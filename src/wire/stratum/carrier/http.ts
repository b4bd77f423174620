import { type HeldTotal, KeptBytes } from '../../kept-bytes.ts'
import { latin1Of } from '../json-bytes.ts'
import { fieldOf, isHead, statusOf } from './http-head.ts'
import type { StreamSink } from './sink.ts'

/** Longest head that is read; miners send some 300 bytes. */
const MAX_HEAD_BYTES = 8192
/** Longest body that is read; a block template is longer, and what it is for was said in the request. */
const MAX_BODY_BYTES = 65_536
const MAX_CHUNK_LINE_BYTES = 1024
const LINE_FEED = 0x0a
const RETURN = 0x0d

/** Ways a direction that speaks HTTP may begin. */
export const HTTP_STARTS = ['POST ', 'GET ', 'CONNECT ', 'HTTP/1.'] as const
/** Where to go on after a loss: in the middle of a text, fewer bytes are no proof. */
const RESUMES = ['POST /', 'HTTP/1.1 ', 'HTTP/1.0 '] as const
const LONGEST_RESUME = 9

/** One direction of HTTP/1 (RFC 9112), which carries getwork, getblocktemplate and node RPC: gives each body as one line. */
export class HttpReader {
  /** What the stream is from here on; the reader is done. */
  becomes: 'tunnel' | 'websocket' | null = null
  isForeign = false
  private readonly kept: KeptBytes
  private mode: 'head' | 'body' | 'chunk-size' | 'chunk' | 'trailer' | 'seek' = 'head'
  /** The body is of no interest. */
  private isSkipped = false
  /** Bytes of the body, or of the chunk, still to come. */
  private wanted = 0
  /** Bytes since the last line feed that are no carriage return. */
  private lineBytes = 0
  /** Of the line of a chunk's size, or the newest bytes while seeking. */
  private text = ''

  /** `start`: the bytes that told it is HTTP. */
  constructor(start: string, total: HeldTotal) {
    this.kept = new KeptBytes(total)
    this.begin(start)
  }

  /** Bytes of a body go by that nobody reads. */
  get isSkipping(): boolean {
    return this.isSkipped && this.mode !== 'head' && this.mode !== 'seek'
  }

  /** Takes what it can from `at` on and gives the position behind. */
  push(data: Uint8Array, from: number, sink: StreamSink, packet: number, offset: number): number {
    let at = from
    while (at < data.length && !this.isForeign && this.becomes === null) {
      if (this.mode === 'head') at = this.takeHead(data, at, sink)
      else if (this.mode === 'body' || this.mode === 'chunk')
        at = this.takeBody(data, at, sink, packet, offset)
      else if (this.mode === 'seek') at = this.seek(data, at)
      else at = this.takeChunkLine(data, at, sink, packet, offset)
    }
    return at
  }

  /** Bytes are missing here: reads on from the next head. */
  gap(): void {
    this.kept.clear()
    this.text = ''
    this.mode = 'seek'
  }

  /** Gives back what is kept, and keeps no more. */
  drop(): void {
    this.kept.clear()
    this.isForeign = true
  }

  private begin(start: string): void {
    for (let i = 0; i < start.length; i++) this.kept.push(start.charCodeAt(i))
    this.lineBytes = start.length
    this.mode = 'head'
  }

  private takeHead(data: Uint8Array, from: number, sink: StreamSink): number {
    for (let at = from; at < data.length; at++) {
      const byte = data[at]!
      if (byte !== LINE_FEED) {
        if (byte !== RETURN) this.lineBytes++
        continue
      }
      const isEmpty = this.lineBytes === 0
      this.lineBytes = 0
      if (!isEmpty) continue
      // Some clients send an empty line behind a body (RFC 9112 §2.2).
      if (this.kept.length + at - from < 2) {
        this.kept.clear()
        return at + 1
      }
      if (this.keepHead(data, from, at + 1)) this.endHead(sink)
      return at + 1
    }
    this.keepHead(data, from, data.length)
    return data.length
  }

  private keepHead(data: Uint8Array, from: number, to: number): boolean {
    if (this.kept.length + to - from > MAX_HEAD_BYTES || !this.kept.append(data, from, to))
      this.isForeign = true
    return !this.isForeign
  }

  private endHead(sink: StreamSink): void {
    const head = latin1Of(this.kept.bytes, 0, this.kept.length)
    this.kept.clear()
    if (!isHead(head)) {
      this.isForeign = true
      return
    }
    const next = sink.head(head)
    if (next === 'foreign') this.isForeign = true
    else if (next === 'tunnel' || next === 'websocket') this.becomes = next
    else this.openBody(head, next === 'skip')
  }

  private openBody(head: string, isUnwanted: boolean): void {
    const encoding = fieldOf(head, 'content-encoding')
    this.isSkipped = isUnwanted || (encoding !== null && encoding.toLowerCase() !== 'identity')
    this.text = ''
    if (hasNoBody(head)) return
    if (/chunked$/iu.test(fieldOf(head, 'transfer-encoding') ?? '')) {
      this.mode = 'chunk-size'
      return
    }
    this.wanted = lengthOfBody(head)
    if (this.wanted > MAX_BODY_BYTES) this.isSkipped = true
    if (this.wanted > 0) this.mode = 'body'
  }

  private takeBody(data: Uint8Array, from: number, sink: StreamSink, packet: number, offset: number): number {
    const to = Math.min(data.length, from + this.wanted)
    if (!this.isSkipped) this.keepBody(data, from, to)
    this.wanted -= to - from
    if (this.wanted > 0) return to
    if (this.mode === 'chunk') this.mode = 'chunk-size'
    else this.endBody(sink, packet, offset)
    return to
  }

  private keepBody(data: Uint8Array, from: number, to: number): void {
    if (this.kept.length + to - from <= MAX_BODY_BYTES && this.kept.append(data, from, to)) return
    this.kept.clear()
    this.isSkipped = true
  }

  private endBody(sink: StreamSink, packet: number, offset: number): void {
    this.mode = 'head'
    this.lineBytes = 0
    const { bytes, length } = this.kept.take()
    if (!this.isSkipped && length > 0) sink.line(bytes, 0, length, packet, offset)
  }

  /** The line of a chunk's size, the empty one behind a chunk, and those behind the last (RFC 9112 §7.1). */
  private takeChunkLine(
    data: Uint8Array,
    from: number,
    sink: StreamSink,
    packet: number,
    offset: number,
  ): number {
    for (let at = from; at < data.length; at++) {
      if (data[at] !== LINE_FEED) {
        this.text += String.fromCharCode(data[at]!)
        if (this.text.length <= MAX_CHUNK_LINE_BYTES) continue
        this.isForeign = true
        return data.length
      }
      const line = this.text.trim()
      this.text = ''
      if (this.mode === 'trailer') {
        if (line === '') this.endBody(sink, packet, offset)
      } else if (line !== '') this.openChunk(line)
      return at + 1
    }
    return data.length
  }

  private openChunk(line: string): void {
    const size = /^[0-9a-f]{1,8}(?=$|[ \t;])/iu.exec(line)
    if (size === null) this.isForeign = true
    else {
      this.wanted = Number.parseInt(size[0], 16)
      this.mode = this.wanted === 0 ? 'trailer' : 'chunk'
    }
  }

  private seek(data: Uint8Array, from: number): number {
    for (let at = from; at < data.length; at++) {
      this.text = (this.text + String.fromCharCode(data[at]!)).slice(-LONGEST_RESUME)
      const start = RESUMES.find((candidate) => this.text.endsWith(candidate))
      if (start === undefined) continue
      this.begin(start)
      return at + 1
    }
    return data.length
  }
}

/** RFC 9112 §6.3. */
function hasNoBody(head: string): boolean {
  const status = statusOf(head)
  return status !== null && (status < 200 || status === 204 || status === 304)
}

/** `Content-Length`, or infinity where the body ends with the connection. */
function lengthOfBody(head: string): number {
  const found = /^\d{1,12}$/u.exec(fieldOf(head, 'content-length') ?? '')
  if (found !== null) return Number(found[0])
  return statusOf(head) === null ? 0 : Infinity
}
