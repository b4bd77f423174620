import type { Origin } from '../event/origin.ts'
import type { StratumEvent } from '../event/stratum.ts'
import type { RecentCount } from '../wire/stratum/recent-work.ts'

/** Mining was seen (or all but seen); something points to it; nothing does. */
export type Verdict = 'mining' | 'suspect' | 'none'

export interface Endpoint {
  /** Null where flows were exported without addresses. */
  readonly ip: string | null
  readonly port: number
}

export type Dialogue = Pick<
  StratumEvent,
  | 'dialect'
  | 'coin'
  | 'algorithm'
  | 'agent'
  | 'login'
  | 'worker'
  | 'sharesSubmitted'
  | 'sharesAccepted'
  | 'sharesRejected'
  | 'expectedHashes'
  | 'hashesVariance'
> & {
  /** The last quarter of an hour before the newest line; null where no share of a known difficulty was accepted. */
  readonly recent: RecentCount | null
}

/** One TCP connection and what it was about. The client is the miner, else who opened it. Times in epoch ms, NaN where they are not known. */
export interface Conversation {
  /** It and the first packet's time name a connection; null where flows were exported without addresses. */
  readonly communityId: string | null
  readonly file: string
  readonly client: Endpoint
  readonly server: Endpoint & { readonly name: string | null }
  /** What carries the dialogue: tcp, tls, websocket … */
  readonly transport: string
  /** What was said in it, null where it is no mining dialogue that can be read. */
  readonly dialogue: Dialogue | null
  /** What the pool is known for, where no dialogue tells the coin. */
  readonly poolCoin: string | null
  readonly firstSeen: number
  readonly lastSeen: number
  /** False where the capture has no times: what follows from them is not told. */
  readonly isTimed: boolean
  readonly packets: number
  /** Of IP packets, client to server. */
  readonly bytesOut: number
  readonly bytesIn: number
  /** 0 to 1. */
  readonly confidence: number
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  /** Where the first proof stands: a line of the dialogue, else the first packet. */
  readonly origin: Origin
  /** What the flow model says, where it was asked. */
  readonly miningProbability: number | null
}
