import type { DnsMessage } from '../dns/message.ts'
import type { StratumSnapshot } from '../stratum/dialogue.ts'
import type { TlsHandshake } from '../tls/session.ts'

/** A flow as it is told: from its source (who opened it, else the higher port) to its destination. */
export interface FlowRecord {
  readonly communityId: string
  /** IANA number. */
  readonly protocol: number
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
  /** Epoch ms of the first and the last packet. */
  readonly start: number
  readonly last: number
  readonly packetsOut: number
  readonly packetsIn: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly isHandshakeSeen: boolean
  readonly isTimed: boolean
  /** The first packet, as it was given to the tracker. */
  readonly packet: number
  readonly offset: number
}

type StratumPhase = 'opened' | 'progress' | 'closed'

/** A mining dialogue's news. `flow` is the connection so far; `src` of a flow need not be the miner. */
export interface StratumNews {
  readonly phase: StratumPhase
  readonly flow: FlowRecord
  readonly minerIsSource: boolean
  readonly snapshot: StratumSnapshot
}

export interface DnsNews {
  readonly message: DnsMessage
  readonly clientIp: string
  readonly resolverIp: string
  readonly timeMs: number
  readonly isTimed: boolean
  readonly packet: number
  readonly offset: number
}

/** A TLS handshake as far as it went over the wire in clear; told once. `flow` is the connection so far. */
export interface TlsNews {
  readonly flow: FlowRecord
  readonly clientIsSource: boolean
  readonly handshake: TlsHandshake
}

/** Told while packets are tracked. */
export interface FlowListener {
  /**
   * A flow is over, and whether it is to be told; where this is left out all are. `packet` is its first one, as it
   * was given to the tracker; `isTwoWay`: packets of both directions were seen.
   */
  ended?(protocol: number, packet: number, isTwoWay: boolean): boolean
  /** `packets`: of a TLS connection the first ones with payload, packed (`behaviour/first-packets.ts`), where they are kept. */
  flow(flow: FlowRecord, packets: Int32Array | null): void
  stratum(news: StratumNews): void
  dns(news: DnsNews): void
  /** False where answers are enough (they repeat the question). */
  readonly wantsDnsQueries?: boolean
  /** Left out where nobody asks for it: then TLS is not read. */
  tls?(news: TlsNews): void
}
