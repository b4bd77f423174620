import type { Origin } from '../event/origin.ts'
import { ResolvedNames } from '../sources/pcap/resolved-names.ts'
import type { DnsNews, FlowListener, FlowRecord, StratumNews, TlsNews } from '../wire/flow/news.ts'
import type { FlowModel } from '../wire/behaviour/model.ts'
import { TCP } from '../wire/packet/decoder.ts'
import type { Conversation } from './conversation.ts'
import { withFlowModel } from './sealed.ts'
import { poolOf, type PoolTables, suspicionOf, type TlsFacts, tlsFactsOf } from './suspicion.ts'
import { transportOf } from './transport.ts'

/** Where a packet stands: its capture and its one-based number. */
export type PlaceOf = (packet: number) => { readonly file: string; readonly packet: number }

export interface RecorderOptions {
  readonly intel: PoolTables
  readonly model: FlowModel
  readonly placeOf: PlaceOf
  /** Conversations with nothing to them are told as well. */
  readonly tellsAll: boolean
  /** A mining dialogue has opened, or has news (every minute or 100 shares); or a TLS connection that names a pool has. */
  news?(conversation: Conversation, phase: 'opened' | 'progress'): void
  /** A connection is over: `order` is smaller the earlier its first packet was read. */
  told(conversation: Conversation, order: number): void
}

interface Known {
  readonly news: StratumNews
  readonly proof: Origin
}

/** Makes conversations of what the flow tracker tells, one of each TCP connection. */
export class Recorder implements FlowListener {
  /** TCP connections seen to their end. */
  connections = 0
  readonly #names = new ResolvedNames()
  /** By the number of a flow's first packet, which no other flow has; until the flow is over. */
  readonly #known = new Map<number, Known>()
  readonly #tls = new Map<number, TlsFacts>()
  readonly #options: RecorderOptions

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  readonly wantsDnsQueries = false

  /** A flow of which nothing is known has to have been answered: without that nothing can be said, and most of these are scans. */
  ended(protocol: number, packet: number, isTwoWay: boolean): boolean {
    if (protocol !== TCP) return false
    this.connections++
    return isTwoWay || this.#options.tellsAll || this.#known.has(packet) || this.#tls.has(packet)
  }

  /** A TCP flow that `ended` asked for. */
  flow(flow: FlowRecord, packets: Int32Array | null): void {
    const tls = this.#tls.get(flow.packet) ?? null
    if (tls !== null) this.#tls.delete(flow.packet)
    const known = this.#known.get(flow.packet)
    if (known !== undefined) {
      this.#known.delete(flow.packet)
      this.#options.told(this.#mining({ ...known, news: { ...known.news, flow } }), flow.packet)
      return
    }
    const isOneWay = flow.packetsOut === 0 || flow.packetsIn === 0
    if (isOneWay && !this.#options.tellsAll) return
    const conversation = this.#other(flow, tls, packets)
    if (conversation !== null) this.#options.told(conversation, flow.packet)
  }

  stratum(news: StratumNews): void {
    const key = news.flow.packet
    const known: Known = { news, proof: this.#known.get(key)?.proof ?? this.#proofOf(news) }
    this.#known.set(key, known)
    if (news.phase !== 'closed') this.#options.news?.(this.#mining(known), news.phase)
  }

  dns(news: DnsNews): void {
    this.#names.observe(news)
  }

  /** Most of a network is TLS: what can tell nothing more is not kept. */
  tls(news: TlsNews): void {
    const { flow } = news
    const facts = tlsFactsOf(news)
    const isKept = this.#options.tellsAll || !facts.isBrowser || this.#poolOf(flow, facts) !== null
    if (isKept) this.#tls.set(flow.packet, facts)
    if (this.#options.news !== undefined) this.#tellEarly(flow, facts)
  }

  /** What a name gives away is told as soon as it has gone over the wire, not when the connection is over. */
  #tellEarly(flow: FlowRecord, tls: TlsFacts): void {
    if (this.#poolOf(flow, tls) === null) return
    const conversation = this.#other(flow, tls, null)
    if (conversation !== null && conversation.verdict !== 'none') this.#options.news?.(conversation, 'opened')
  }

  #poolOf({ srcIp, dstIp, dstPort, start }: FlowRecord, tls: TlsFacts | null) {
    const resolved = this.#names.nameOf(srcIp, dstIp, start)
    return poolOf({ ip: dstIp, port: dstPort }, tls, resolved, this.#options.intel)
  }

  #proofOf({ snapshot }: StratumNews): Origin {
    const { file, packet } = this.#options.placeOf(snapshot.lastPacket)
    return { source: 'pcap', file, packet, offset: snapshot.lastOffset, raw: snapshot.lastLine }
  }

  #mining({ news: { flow, minerIsSource, snapshot }, proof }: Known): Conversation {
    const from = { ip: flow.srcIp, port: flow.srcPort }
    const to = { ip: flow.dstIp, port: flow.dstPort }
    const [client, server] = minerIsSource ? [from, to] : [to, from]
    const asked = snapshot.poolName?.replace(/:\d{1,5}$/u, '') ?? null
    return {
      ...this.#counted(flow),
      client,
      server: { ...server, name: asked ?? this.#names.nameOf(client.ip, server.ip, flow.start) },
      bytesOut: minerIsSource ? flow.bytesOut : flow.bytesIn,
      bytesIn: minerIsSource ? flow.bytesIn : flow.bytesOut,
      transport: transportOf(snapshot.reasons),
      dialogue: snapshot,
      poolCoin: null,
      miningProbability: null,
      confidence: snapshot.confidence,
      verdict: 'mining',
      reasons: snapshot.reasons,
      origin: proof,
    }
  }

  /** Null where there is nothing to it and nobody asks for such. */
  #other(flow: FlowRecord, tls: TlsFacts | null, packets: Int32Array | null): Conversation | null {
    const known = this.#poolOf(flow, tls)
    if (known === null && tls === null && !this.#options.tellsAll) return null
    const origin = { source: 'pcap', ...this.#options.placeOf(flow.packet), offset: flow.offset, raw: '' }
    const suspicion = withFlowModel(
      suspicionOf(flow, known, tls, origin),
      flow,
      packets,
      tls,
      this.#options.model,
    )
    if (suspicion.verdict === 'none' && !this.#options.tellsAll) return null
    const name = tls?.serverName ?? this.#names.nameOf(flow.srcIp, flow.dstIp, flow.start)
    return {
      ...this.#counted(flow),
      client: { ip: flow.srcIp, port: flow.srcPort },
      server: { ip: flow.dstIp, port: flow.dstPort, name },
      bytesOut: flow.bytesOut,
      bytesIn: flow.bytesIn,
      transport: tls === null ? 'tcp' : 'tls',
      dialogue: null,
      ...suspicion,
      origin,
    }
  }

  #counted(flow: FlowRecord) {
    return {
      communityId: flow.communityId,
      file: this.#options.placeOf(flow.packet).file,
      firstSeen: flow.start,
      lastSeen: flow.last,
      isTimed: flow.isTimed,
      packets: flow.packetsOut + flow.packetsIn,
    } as const
  }
}
