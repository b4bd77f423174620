import type { Event } from '../../event/event.ts'
import type { FlowEvent } from '../../event/flow.ts'
import type { StratumEvent } from '../../event/stratum.ts'
import type { TlsEvent } from '../../event/tls.ts'
import type { TlsNews } from '../../wire/flow/news.ts'
import { FlowTracker } from '../../wire/flow/tracker.ts'
import { DECODED, HELD, MALFORMED, PacketDecoder, UNKNOWN_LINK } from '../../wire/packet/decoder.ts'
import type { Cursor } from './cursor.ts'
import { dnsEvent, flowEvent, stratumEvent } from './events.ts'
import { packetId, placeOfId } from './packet-id.ts'
import { ResolvedNames } from './resolved-names.ts'
import { SameInstant } from './same-instant.ts'
import { tlsEvent } from './tls-event.ts'

/** Events in a batch before it is handed on. */
const BATCH_EVENTS = 2_000

/** Why reading one capture paused. */
export type Pause = 'bytes' | 'turn' | 'full'

/** The one flow table that all captures feed, and the events that came of it. */
export class CaptureRun {
  readonly tracker: FlowTracker
  readonly #files: readonly string[]
  readonly #names = new ResolvedNames()
  readonly #decoder = new PacketDecoder()
  readonly #instant = new SameInstant()
  #events: Event[] = []
  #clockMs = Number.NEGATIVE_INFINITY

  constructor(files: readonly string[], maxFlows: number) {
    this.#files = files
    this.tracker = new FlowTracker(maxFlows, {
      flow: (flow) => this.#events.push(this.#named(flowEvent(flow, files))),
      stratum: (news) => this.#events.push(this.#named(stratumEvent(news, files))),
      dns: (news) => {
        this.#names.observe(news)
        this.#events.push(dnsEvent(news, files))
      },
      tls: (news) => this.#events.push(this.#tlsEvent(news)),
    })
  }

  /**
   * Takes packets of one capture for as long as they are earlier than `limit` (the next packet of any
   * other); at `limit` itself takes one, and looks whether another capture had it too.
   */
  take(cursor: Cursor, limit: number): Pause {
    while (cursor.clock.time < limit) {
      this.#packet(cursor, this.#instant.isAt(cursor.clock.time))
      if (!cursor.step()) return 'bytes'
      if (this.#events.length >= BATCH_EVENTS) return 'full'
    }
    if (cursor.clock.time > limit) return 'turn'
    this.#packet(cursor, true)
    return cursor.step() ? 'turn' : 'bytes'
  }

  /** What came of it since last asked. */
  takeEvents(): Event[] {
    const events = this.#events
    this.#events = []
    return events
  }

  get eventCount(): number {
    return this.#events.length
  }

  #named<Named extends FlowEvent | StratumEvent>(event: Named): Named {
    const name = this.#names.nameOf(event.srcIp, event.dstIp, event.start)
    return name === null ? event : { ...event, resolvedFrom: name }
  }

  #tlsEvent(news: TlsNews): TlsEvent {
    const { packet, offset } = news.handshake
    const origin = { source: 'pcap', ...placeOfId(this.#files, packet), offset }
    return tlsEvent(news, origin, (client, address, timeMs) => this.#names.nameOf(client, address, timeMs))
  }

  #packet(cursor: Cursor, isShared: boolean): void {
    const { report, reader, timeMs, clock } = cursor
    const { packet } = reader
    report.records++
    if (isShared && this.#instant.isDuplicate(cursor)) {
      report.duplicates++
      return
    }
    if (clock.time > this.#clockMs) {
      this.#clockMs = clock.time
      this.tracker.advance(clock.time)
    }
    const decoder = this.#decoder
    const outcome = decoder.decode(reader.bytes, reader.view, packet.at, packet.end, packet.linkType, timeMs)
    if (outcome === DECODED) {
      const id = packetId(cursor.index, reader.packetNumber)
      this.tracker.track(decoder, timeMs, cursor.isTimed, id, packet.offset)
    } else if (outcome === MALFORMED) report.bad++
    else if (outcome !== HELD) report.unused++
    if (outcome === UNKNOWN_LINK) {
      cursor.unknownLinks.set(packet.linkType, (cursor.unknownLinks.get(packet.linkType) ?? 0) + 1)
    }
  }
}
