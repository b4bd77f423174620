import { type HeldTotal, KeptBytes } from '../kept-bytes.ts'
import { latin1Of } from './json-bytes.ts'
import type { LineSink } from './line-reader.ts'

/** Longest head of a request that is read; miners send some 300 bytes. */
const MAX_HEAD_BYTES = 8192
const MAX_BODY_BYTES = 65_536
const LINE_FEED = 0x0a
const RETURN = 0x0d

/** What follows a head: a body to read as one line, a body to leave out, a stream that begins anew (CONNECT), or nothing of interest. */
export type AfterHead = 'body' | 'skip' | 'tunnel' | 'foreign'

/** Ways a direction that speaks HTTP may begin. */
export const HTTP_STARTS = ['POST /', 'CONNECT ', 'HTTP/1.'] as const

/** Getwork, getblocktemplate and node RPC carry their JSON in HTTP/1 (RFC 9112): gives each body as one line. */
export class HttpReader {
  /** The stream behind the head starts here; the reader is done. */
  isTunnel = false
  isForeign = false
  private readonly kept: KeptBytes
  private mode: 'head' | 'body' | 'skip' = 'head'
  /** Bytes of the body still to come. */
  private wanted = 0

  /** `start`: the bytes that told it is HTTP. */
  constructor(start: string, total: HeldTotal) {
    this.kept = new KeptBytes(total)
    for (let i = 0; i < start.length; i++) this.keep(start.charCodeAt(i))
  }

  /** Takes what it can from `at` on and gives the position behind. */
  push(data: Uint8Array, from: number, sink: LineSink, packet: number, offset: number): number {
    let at = from
    while (at < data.length && !this.isForeign && !this.isTunnel) {
      if (this.mode === 'head') at = this.takeHead(data, at, sink)
      else at = this.takeBody(data, at, sink, packet, offset)
    }
    return at
  }

  private takeHead(data: Uint8Array, from: number, sink: LineSink): number {
    for (let at = from; at < data.length; at++) {
      if (this.kept.length >= MAX_HEAD_BYTES) this.isForeign = true
      else this.keep(data[at]!)
      if (this.isForeign) return at
      if (data[at] === LINE_FEED && this.isHeadComplete()) {
        this.endHead(sink)
        return at + 1
      }
    }
    return data.length
  }

  private isHeadComplete(): boolean {
    const { bytes, length } = this.kept
    if (bytes[length - 2] === LINE_FEED) return true
    return bytes[length - 2] === RETURN && bytes[length - 3] === LINE_FEED
  }

  private endHead(sink: LineSink): void {
    const head = latin1Of(this.kept.bytes, 0, this.kept.length)
    this.kept.clear()
    const next = sink.head(head)
    this.wanted = lengthOfBody(head)
    if (next === 'tunnel') this.isTunnel = true
    else if (next === 'foreign' || (next === 'body' && this.wanted > MAX_BODY_BYTES)) this.isForeign = true
    else if (next === 'body' && this.wanted > 0) this.mode = 'body'
    else if (this.wanted > 0) this.mode = 'skip'
  }

  private takeBody(data: Uint8Array, from: number, sink: LineSink, packet: number, offset: number): number {
    const to = Math.min(data.length, from + this.wanted)
    if (this.mode === 'body') for (let at = from; at < to; at++) this.keep(data[at]!)
    this.wanted -= to - from
    if (this.wanted > 0) return to
    const isBody = this.mode === 'body'
    this.mode = 'head'
    const { bytes, length } = this.kept.take()
    if (isBody && !this.isForeign) sink.line(bytes, 0, length, packet, offset)
    return to
  }

  /** Gives back what is kept, and keeps no more. */
  drop(): void {
    this.kept.clear()
    this.isForeign = true
  }

  private keep(byte: number): void {
    if (!this.kept.push(byte)) this.isForeign = true
  }
}

/** `Content-Length`, or infinity where the body's end does not show. */
function lengthOfBody(head: string): number {
  if (/\ntransfer-encoding:/iu.test(head)) return Infinity
  const found = /\ncontent-length:[ \t]*(\d{1,12})/iu.exec(head)
  if (found !== null) return Number(found[1])
  return head.startsWith('POST') ? 0 : Infinity
}
