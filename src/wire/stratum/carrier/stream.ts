import type { HeldTotal } from '../../kept-bytes.ts'
import { isSpace } from '../json-bytes.ts'
import { HTTP_STARTS, HttpReader } from './http.ts'
import { LineCutter } from './lines.ts'
import type { StreamSink } from './sink.ts'
import { isSocksStart, SocksReader } from './socks.ts'
import { isFrameStart, WebSocketReader } from './websocket.ts'

const OPEN_OBJECT = 0x7b
const SPACE = 0x20

type Layer = 'start' | 'maybe-http' | 'http' | 'socks' | 'websocket' | 'lines'

/**
 * One direction of a stream that may carry a mining dialogue: lines of JSON as they are, or in HTTP, in a
 * WebSocket, behind the handshake of a proxy, or several of these in one another. Finds out by the bytes
 * what it is; `isForeign` is set as soon as it is none of them.
 */
export class StreamReader {
  isForeign = false
  /** The start of the stream was the start of a line. */
  startedClean = true
  private layer: Layer = 'start'
  private readonly fromInitiator: boolean
  private readonly total: HeldTotal
  private readonly cutter: LineCutter
  private http: HttpReader | null = null
  private webSocket: WebSocketReader | null = null
  private socks: SocksReader | null = null
  private httpStart = ''

  constructor(fromInitiator: boolean, total: HeldTotal) {
    this.fromInitiator = fromInitiator
    this.total = total
    this.cutter = new LineCutter(total)
  }

  /** Known to be mining: what makes no sense is left out, and nothing more. */
  tolerate(): void {
    this.cutter.isTolerant = true
  }

  /** What goes by is of no interest and costs nothing. */
  get isSkipping(): boolean {
    return this.http?.isSkipping === true
  }

  push(data: Uint8Array, sink: StreamSink, packet: number, offset: number): void {
    let at = 0
    while (at < data.length && !this.isForeign) {
      switch (this.layer) {
        case 'lines':
          this.cutter.push(data, at, data.length, sink, packet, offset)
          if (this.cutter.isForeign) this.isForeign = true
          return
        case 'start':
          at = this.start(data, at, sink)
          break
        case 'maybe-http':
          at = this.tryHttp(data, at)
          break
        case 'http':
          at = this.takeHttp(data, at, sink, packet, offset)
          break
        case 'socks':
          at = this.takeSocks(data, at, sink)
          break
        default:
          this.takeWebSocket(data, at, sink, packet, offset)
          return
      }
    }
  }

  /** Bytes were lost: what is kept is of no use, and what comes may begin in the middle of a line. */
  gap(): void {
    this.cutter.clear()
    this.cutter.isLost = true
    if (this.layer === 'http') this.http?.gap()
    else if (this.layer === 'websocket') this.webSocket?.gap()
    else {
      this.socks = null
      this.layer = 'start'
    }
  }

  /** Gives back what is kept, and keeps no more: also in the midst of `push`. */
  drop(): void {
    this.http?.drop()
    this.webSocket?.drop()
    this.http = null
    this.webSocket = null
    this.cutter.clear()
    this.cutter.isForeign = true
    this.isForeign = true
  }

  private start(data: Uint8Array, from: number, sink: StreamSink): number {
    let at = from
    while (at < data.length && isSpace(data[at]!)) at++
    if (at === data.length) return at
    const byte = data[at]!
    const { isLost } = this.cutter
    this.startedClean = byte === OPEN_OBJECT && !isLost
    if (byte === OPEN_OBJECT) this.layer = 'lines'
    else if (isHttpStart(byte)) {
      this.layer = 'maybe-http'
      this.httpStart = ''
    } else if (!isLost && isSocksStart(this.fromInitiator, byte)) {
      this.layer = 'socks'
      this.socks = new SocksReader(this.fromInitiator)
    } else if (isFrameStart(byte)) this.openWebSocket(null, sink)
    else this.startInside(0)
    return at
  }

  private startInside(last: number): void {
    this.layer = 'lines'
    this.cutter.startInside(last)
  }

  /** Collects the first bytes until they are, or cannot be, the start of an HTTP message. */
  private tryHttp(data: Uint8Array, from: number): number {
    for (let at = from; at < data.length; at++) {
      const seen = this.httpStart + String.fromCharCode(data[at]!)
      const start = HTTP_STARTS.find((candidate) => candidate.startsWith(seen))
      if (start === undefined) {
        const last = this.httpStart.trimEnd()
        this.startInside(last.charCodeAt(last.length - 1))
        return at
      }
      this.httpStart = seen
      if (start === seen) {
        this.layer = 'http'
        this.http = new HttpReader(seen, this.total)
        return at + 1
      }
    }
    return data.length
  }

  private takeHttp(data: Uint8Array, from: number, sink: StreamSink, packet: number, offset: number): number {
    const http = this.http!
    const at = http.push(data, from, sink, packet, offset)
    if (this.isForeign) return at
    if (http.becomes === 'websocket') {
      this.openWebSocket(this.fromInitiator, sink)
      this.startedClean = true
    } else if (http.becomes === 'tunnel') this.layer = 'start'
    else if (!http.isForeign) return at
    else if (this.cutter.isTolerant) {
      http.isForeign = false
      http.gap()
      return at
    } else this.isForeign = true
    http.drop()
    this.http = null
    return at
  }

  private takeSocks(data: Uint8Array, from: number, sink: StreamSink): number {
    const socks = this.socks!
    const at = socks.push(data, from, sink)
    if (socks.isForeign) this.isForeign = true
    if (socks.isDone) this.layer = 'start'
    if (socks.isDone || socks.isForeign) this.socks = null
    return at
  }

  private openWebSocket(isMasked: boolean | null, sink: StreamSink): void {
    this.layer = 'websocket'
    this.webSocket = new WebSocketReader(this.cutter, this.total, isMasked)
    sink.webSocket()
  }

  private takeWebSocket(
    data: Uint8Array,
    from: number,
    sink: StreamSink,
    packet: number,
    offset: number,
  ): void {
    const socket = this.webSocket!
    socket.push(data, from, sink, packet, offset)
    if (socket.isForeign) this.isForeign = true
  }
}

function isHttpStart(byte: number): boolean {
  return byte > SPACE && HTTP_STARTS.some((start) => start.charCodeAt(0) === byte)
}
