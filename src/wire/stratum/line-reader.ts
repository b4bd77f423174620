import { type HeldTotal, KeptBytes } from '../kept-bytes.ts'
import { type AfterHead, HTTP_STARTS, HttpReader } from './http-reader.ts'
import { isSpace } from './json-bytes.ts'

const NEWLINE = 0x0a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const SPACE = 0x20
const TAB = 0x09
const RETURN = 0x0d
const DELETE = 0x7f

/** A line longer than this needs a mark of mining in its head to be kept; the length of that head. */
const HEAD_BYTES = 4096
/** The longest line that is read at all: a Bitcoin job with a full merkle branch has some 30 kB. */
const MAX_LINE_BYTES = 65_536
/** Longest rest of a line (joined in its middle) to look for a newline in. */
const MAX_REST_BYTES = 65_536

/** What a reader tells its owner. `bytes` belong to the reader: they are gone after the call. */
export interface LineSink {
  line(bytes: Uint8Array, from: number, to: number, packet: number, offset: number): void
  /** Whether a line that begins like this may be one of a mining dialogue. */
  isWorthKeeping(bytes: Uint8Array, from: number, to: number): boolean
  /** The head of an HTTP message, latin1. */
  head(text: string): AfterHead
}

/**
 * Cuts one direction of a stream into lines that begin with `{`, whatever the segments are. It may join in the
 * middle of a line: the rest of that is left out, if it is text and ends like JSON does. `isForeign`
 * is set as soon as the stream cannot be lines of JSON.
 */
export class LineReader {
  isForeign = false
  /** Known to be mining: a line that makes no sense is left out, and nothing more. */
  isTolerant = false
  /** The start of the stream was the start of a line. */
  startedClean = true
  private mode: 'start' | 'maybe-http' | 'http' | 'rest' | 'line' | 'skip' = 'start'
  private http: HttpReader | null = null
  private httpStart = ''
  private isLost = false
  private readonly total: HeldTotal
  private readonly kept: KeptBytes
  private isKeptLong = false
  private restBytes = 0
  private restLast = 0
  private packet = 0
  private offset = 0

  constructor(total: HeldTotal) {
    this.total = total
    this.kept = new KeptBytes(total)
  }

  push(data: Uint8Array, sink: LineSink, packet: number, offset: number): void {
    let at = 0
    while (at < data.length && !this.isForeign) {
      if (this.mode === 'start') at = this.start(data, at)
      else if (this.mode === 'maybe-http') at = this.tryHttp(data, at)
      else if (this.mode === 'http') at = this.takeHttp(data, at, sink, packet, offset)
      else if (this.mode === 'rest') at = this.skipRest(data, at)
      else if (this.mode === 'skip') at = this.skipLine(data, at)
      else at = this.takeLine(data, at, sink, packet, offset)
    }
  }

  /** Bytes were lost: what is kept is of no use, and what comes may begin in the middle of a line. */
  gap(): void {
    this.letGo()
    this.isLost = true
    this.mode = 'start'
  }

  /** Gives back what is kept, and keeps no more: also in the midst of `push`. */
  drop(): void {
    this.letGo()
    this.isForeign = true
  }

  private letGo(): void {
    this.http?.drop()
    this.http = null
    this.kept.clear()
    this.isKeptLong = false
  }

  private start(data: Uint8Array, from: number): number {
    let at = from
    while (at < data.length && isSpace(data[at]!)) at++
    if (at === data.length) return at
    if (data[at] === OPEN_OBJECT) {
      this.mode = 'line'
      this.startedClean = !this.isLost
      return at
    }
    const first = String.fromCharCode(data[at]!)
    this.mode = HTTP_STARTS.some((start) => start.startsWith(first)) ? 'maybe-http' : 'rest'
    this.httpStart = ''
    this.startedClean = false
    this.restBytes = 0
    this.restLast = 0
    return at
  }

  /** Collects the first bytes until they are, or cannot be, the start of an HTTP message. */
  private tryHttp(data: Uint8Array, from: number): number {
    for (let at = from; at < data.length; at++) {
      const seen = this.httpStart + String.fromCharCode(data[at]!)
      const start = HTTP_STARTS.find((candidate) => candidate.startsWith(seen))
      if (start === undefined) {
        this.mode = 'rest'
        this.restLast = this.httpStart.charCodeAt(this.httpStart.length - 1)
        return at
      }
      this.httpStart = seen
      if (start === seen) {
        this.mode = 'http'
        this.http = new HttpReader(seen, this.total)
        return at + 1
      }
    }
    return data.length
  }

  private takeHttp(data: Uint8Array, from: number, sink: LineSink, packet: number, offset: number): number {
    const http = this.http!
    const at = http.push(data, from, sink, packet, offset)
    if (http.isForeign) {
      if (this.isTolerant) this.mode = 'skip'
      else this.isForeign = true
    }
    if (http.isTunnel) this.mode = 'start'
    if (http.isTunnel || http.isForeign) {
      http.drop()
      this.http = null
    }
    return at
  }

  private skipRest(data: Uint8Array, from: number): number {
    for (let at = from; at < data.length; at++) {
      const byte = data[at]!
      if (byte === NEWLINE) return this.endRest(at)
      const isText = byte >= SPACE ? byte < DELETE : byte === RETURN || byte === TAB
      if (!isText && !this.isTolerant) return this.giveUp(data)
      if (byte > SPACE) this.restLast = byte
      this.restBytes++
    }
    return this.restBytes > MAX_REST_BYTES && !this.isTolerant ? this.giveUp(data) : data.length
  }

  private endRest(at: number): number {
    if (this.restLast !== CLOSE_OBJECT && !this.isLost && !this.isTolerant) this.isForeign = true
    this.mode = 'line'
    return at + 1
  }

  private giveUp(data: Uint8Array): number {
    this.isForeign = true
    return data.length
  }

  private skipLine(data: Uint8Array, from: number): number {
    const newline = data.indexOf(NEWLINE, from)
    if (newline < 0) return data.length
    this.mode = 'line'
    return newline + 1
  }

  private takeLine(data: Uint8Array, start: number, sink: LineSink, packet: number, offset: number): number {
    let from = start
    if (this.kept.length === 0) {
      while (from < data.length && isSpace(data[from]!)) from++
      if (from === data.length) return from
      if (data[from] !== OPEN_OBJECT) {
        if (this.isTolerant) this.mode = 'skip'
        else this.isForeign = true
        return from
      }
      this.packet = packet
      this.offset = offset
    }
    const newline = data.indexOf(NEWLINE, from)
    const to = newline < 0 ? data.length : newline
    if (!this.isWithinBounds(data, from, to, sink)) return this.dropLine(newline, data.length)
    if (newline >= 0 && this.kept.length === 0) sink.line(data, from, to, this.packet, this.offset)
    else if (!this.keep(data, from, to)) return this.dropLine(newline, data.length)
    else if (newline >= 0) this.finish(sink)
    return newline < 0 ? data.length : newline + 1
  }

  /** Asks once for each long line, always with the same head, so that the cut of segments does not matter. */
  private isWithinBounds(data: Uint8Array, from: number, to: number, sink: LineSink): boolean {
    const before = this.kept.length
    const length = before + to - from
    if (length <= HEAD_BYTES) return true
    if (length > MAX_LINE_BYTES) return false
    if (this.isKeptLong) return true
    if (before === 0) return sink.isWorthKeeping(data, from, from + HEAD_BYTES)
    if (!this.keep(data, from, from + HEAD_BYTES - before)) return false
    const isWorth = sink.isWorthKeeping(this.kept.bytes, 0, HEAD_BYTES)
    this.kept.length = before
    return isWorth
  }

  private dropLine(newline: number, length: number): number {
    this.kept.clear()
    this.isKeptLong = false
    if (newline >= 0) return newline + 1
    this.mode = 'skip'
    return length
  }

  private keep(data: Uint8Array, from: number, to: number): boolean {
    if (!this.kept.append(data, from, to)) return false
    if (this.kept.length > HEAD_BYTES) this.isKeptLong = true
    return true
  }

  private finish(sink: LineSink): void {
    const { bytes, length } = this.kept.take()
    this.isKeptLong = false
    sink.line(bytes, 0, length, this.packet, this.offset)
  }
}
