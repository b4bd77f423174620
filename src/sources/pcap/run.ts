import type { Event } from '../../event/event.ts'
import type { FlowEvent } from '../../event/flow.ts'
import type { StratumEvent } from '../../event/stratum.ts'
import type { TlsEvent } from '../../event/tls.ts'
import { RecentMap } from '../../recent-map.ts'
import { FirstPackets } from '../../wire/behaviour/first-packets.ts'
import type { FlowModel } from '../../wire/behaviour/model.ts'
import { hasLasted, judgeSealedFlow, offersHttp2 } from '../../wire/behaviour/sealed-flow.ts'
import type { FlowListener, FlowRecord, TlsNews } from '../../wire/flow/news.ts'
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

/** TLS connections remembered at once until they end. */
const MAX_SEALED = 16_384

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

  /** TLS connections going on, and whether a browser's protocols were offered in them. */
  readonly #sealed = new RecentMap<boolean>(MAX_SEALED)

  constructor(files: readonly string[], maxFlows: number, model: FlowModel | null) {
    this.#files = files
    const listener: FlowListener = {
      flow: (flow, packets) => {
        const event = this.#named(flowEvent(flow, files))
        const behaviour = model === null ? undefined : this.#behaviourOf(flow, packets, model)
        this.#events.push(behaviour === undefined ? event : { ...event, behaviour })
      },
      stratum: (news) => this.#events.push(this.#named(stratumEvent(news, files))),
      dns: (news) => {
        this.#names.observe(news)
        this.#events.push(dnsEvent(news, files))
      },
      tls: (news) => {
        this.#sealed.set(news.flow.communityId, offersHttp2(news.handshake.clientHello?.alpn ?? []))
        this.#events.push(this.#tlsEvent(news))
      },
    }
    this.tracker = new FlowTracker(maxFlows, listener, model === null ? undefined : new FirstPackets())
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

  /** What the flow model says of a TLS connection that lasted; nothing of what goes over the wire in clear: that is read. */
  #behaviourOf(flow: FlowRecord, packets: Int32Array | null, model: FlowModel): FlowEvent['behaviour'] {
    if (packets === null || this.#sealed.get(flow.communityId) !== false) return undefined
    if (!hasLasted(flow)) return undefined
    const { isJudged, miningProbability, why } = judgeSealedFlow(model, packets)
    return isJudged ? { miningProbability, why: [...why] } : null
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
    this.tracker.prepare(reader)
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
