import type { Cursor } from '../sources/pcap/cursor.ts'
import { packetId, placeOfId } from '../sources/pcap/packet-id.ts'
import { tellProblem } from '../sources/reading.ts'
import type { InputReport } from '../sources/source.ts'
import { formatNumber } from '../text/units.ts'
import { FirstPackets } from '../wire/behaviour/first-packets.ts'
import { FlowTracker } from '../wire/flow/tracker.ts'
import { DECODED, HELD, MALFORMED, PacketDecoder, UNKNOWN_LINK } from '../wire/packet/decoder.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'

export interface SeriesOptions extends Omit<RecorderOptions, 'placeOf'> {
  /** Flows followed at once; beyond it the longest idle are told early. */
  readonly maxFlows: number
}

/** Flows ended in one go when everything has been read. */
const FLOWS_AT_ONCE = 2_000

/** One capture, in one file or in several that follow each other. */
export class CaptureSeries {
  /** Time of the newest packet, epoch ms. */
  timeMs = Number.NEGATIVE_INFINITY
  /** Name of the file read last. */
  lastFile = ''
  readonly #decoder = new PacketDecoder()
  readonly #recorder: Recorder
  readonly #tracker: FlowTracker
  readonly #maxFlows: number

  constructor(files: readonly string[], options: SeriesOptions) {
    this.#maxFlows = options.maxFlows
    this.#recorder = new Recorder({ ...options, placeOf: (id) => placeOfId(files, id) })
    this.#tracker = new FlowTracker(options.maxFlows, this.#recorder, new FirstPackets())
  }

  get connections(): number {
    return this.#recorder.connections
  }

  /** All packets that are in hand; the cursor has one already. */
  take(cursor: Cursor): void {
    this.lastFile = cursor.input.name
    do {
      this.#tracker.prepare(cursor.reader)
      this.#packet(cursor)
    } while (cursor.step())
  }

  /** Time has come to `clockMs` although no packet came. */
  advance(clockMs: number): void {
    if (clockMs <= this.timeMs) return
    this.timeMs = clockMs
    this.#tracker.advance(clockMs)
  }

  /** Everything has been read: tells some of what is still open; true once there is nothing left. */
  finish(): boolean {
    return this.#tracker.finish(FLOWS_AT_ONCE)
  }

  tellLimits(report: InputReport): void {
    const { evicted, unread, linesLeftOut } = this.#tracker
    if (evicted > 0) {
      const most = formatNumber(this.#maxFlows)
      tellProblem(report, `more than ${most} flows at once: ${formatNumber(evicted)} told before they ended`)
    }
    if (unread > 0)
      tellProblem(report, `too many connections at once: ${formatNumber(unread)} not read to their end`)
    if (linesLeftOut > 0)
      tellProblem(report, `too many unfinished lines at once: ${formatNumber(linesLeftOut)} left out`)
  }

  #packet(cursor: Cursor): void {
    const { report, reader, timeMs, clock } = cursor
    const { packet } = reader
    report.records++
    if (clock.time > this.timeMs) {
      this.timeMs = clock.time
      this.#tracker.advance(clock.time)
    }
    const decoder = this.#decoder
    const outcome = decoder.decode(reader.bytes, reader.view, packet.at, packet.end, packet.linkType, timeMs)
    if (outcome === DECODED) {
      const id = packetId(cursor.index, reader.packetNumber)
      this.#tracker.track(decoder, timeMs, cursor.isTimed, id, packet.offset)
    } else if (outcome === MALFORMED) report.bad++
    else if (outcome !== HELD) report.unused++
    if (outcome === UNKNOWN_LINK)
      cursor.unknownLinks.set(packet.linkType, (cursor.unknownLinks.get(packet.linkType) ?? 0) + 1)
  }
}
