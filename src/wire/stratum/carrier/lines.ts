import { type HeldTotal, KeptBytes } from '../../kept-bytes.ts'
import { endOfValue, isSpace } from '../json-bytes.ts'
import type { StreamSink } from './sink.ts'

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

/**
 * Cuts bytes into lines that begin with `{`, whatever the segments are. It may join in the middle of a
 * line: the rest of that is left out, if it is text and ends like JSON does. `isForeign` is set as soon
 * as the bytes cannot be lines of JSON.
 */
export class LineCutter {
  isForeign = false
  /** Known to be mining: a line that makes no sense is left out, and nothing more. */
  isTolerant = false
  /** Bytes before these were lost: a rest of a line need not look like one of JSON. */
  isLost = false
  private mode: 'line' | 'rest' | 'skip' = 'line'
  private readonly kept: KeptBytes
  private isKeptLong = false
  private restBytes = 0
  private restLast = 0
  private packet = 0
  private offset = 0

  constructor(total: HeldTotal) {
    this.kept = new KeptBytes(total)
  }

  /** What comes now began before it was listened to. `last` is the byte taken so far that was no space, if any. */
  startInside(last: number): void {
    this.mode = 'rest'
    this.restBytes = 0
    this.restLast = last
  }

  push(data: Uint8Array, from: number, to: number, sink: StreamSink, packet: number, offset: number): void {
    let at = from
    while (at < to && !this.isForeign) {
      if (this.mode === 'line') at = this.takeLine(data, at, to, sink, packet, offset)
      else if (this.mode === 'rest') at = this.skipRest(data, at, to)
      else at = this.skipLine(data, at, to)
    }
  }

  /** A message has ended where a line need not: a whole object is a line without its newline. */
  endMessage(sink: StreamSink): void {
    if (this.mode !== 'line') {
      this.mode = 'line'
      return
    }
    const { bytes, length } = this.kept
    if (length > 0 && bytes[length - 1] === CLOSE_OBJECT && endOfValue(bytes, 0, length) === length)
      this.finish(sink)
  }

  /** Gives back what is kept. */
  clear(): void {
    this.kept.clear()
    this.isKeptLong = false
    this.mode = 'line'
  }

  private skipRest(data: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = data[at]!
      if (byte === NEWLINE) return this.endRest(at)
      const isText = byte >= SPACE ? byte < DELETE : byte === RETURN || byte === TAB
      if (!isText && !this.isTolerant) return this.giveUp(to)
      if (byte > SPACE) this.restLast = byte
      this.restBytes++
    }
    return this.restBytes > MAX_REST_BYTES && !this.isTolerant ? this.giveUp(to) : to
  }

  private endRest(at: number): number {
    if (this.restLast !== CLOSE_OBJECT && !this.isLost && !this.isTolerant) this.isForeign = true
    this.mode = 'line'
    return at + 1
  }

  private giveUp(to: number): number {
    this.isForeign = true
    return to
  }

  private skipLine(data: Uint8Array, from: number, to: number): number {
    const newline = newlineIn(data, from, to)
    if (newline < 0) return to
    this.mode = 'line'
    return newline + 1
  }

  private takeLine(
    data: Uint8Array,
    start: number,
    end: number,
    sink: StreamSink,
    packet: number,
    offset: number,
  ): number {
    let from = start
    if (this.kept.length === 0) {
      while (from < end && isSpace(data[from]!)) from++
      if (from === end) return from
      if (data[from] !== OPEN_OBJECT) {
        if (this.isTolerant) this.mode = 'skip'
        else this.isForeign = true
        return from
      }
      this.packet = packet
      this.offset = offset
    }
    const newline = newlineIn(data, from, end)
    const to = newline < 0 ? end : newline
    if (!this.isWithinBounds(data, from, to, sink)) return this.dropLine(newline, end)
    if (newline >= 0 && this.kept.length === 0) sink.line(data, from, to, this.packet, this.offset)
    else if (!this.keep(data, from, to)) return this.dropLine(newline, end)
    else if (newline >= 0) this.finish(sink)
    return newline < 0 ? end : newline + 1
  }

  /** Asks once for each long line, always with the same head, so that the cut of segments does not matter. */
  private isWithinBounds(data: Uint8Array, from: number, to: number, sink: StreamSink): boolean {
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

  private dropLine(newline: number, end: number): number {
    this.kept.clear()
    this.isKeptLong = false
    if (newline >= 0) return newline + 1
    this.mode = 'skip'
    return end
  }

  private keep(data: Uint8Array, from: number, to: number): boolean {
    if (!this.kept.append(data, from, to)) return false
    if (this.kept.length > HEAD_BYTES) this.isKeptLong = true
    return true
  }

  private finish(sink: StreamSink): void {
    const { bytes, length } = this.kept.take()
    this.isKeptLong = false
    sink.line(bytes, 0, length, this.packet, this.offset)
  }
}

function newlineIn(data: Uint8Array, from: number, to: number): number {
  const newline = data.indexOf(NEWLINE, from)
  return newline < to ? newline : -1
}
