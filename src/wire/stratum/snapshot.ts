import type { StratumEvent } from '../../event/stratum.ts'
import type { Carriage } from './carriage.ts'
import type { Ledger } from './ledger.ts'
import type { News } from './news.ts'
import type { RecentCount } from './recent-work.ts'

type Told =
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
  | 'confidence'
  | 'reasons'

/** What a dialogue has told so far, fields as in the event, and its newest telling line with where that began. */
export interface StratumSnapshot extends Pick<StratumEvent, Told> {
  /** The last quarter of an hour up to what was read last. */
  readonly recent: RecentCount | null
  /** `host:port` (or `host`) by which the miner itself asked for the pool, where it did. */
  readonly poolName: string | null
  /** At most 512 bytes; may hold the pool's password, so mask it before it is shown. */
  readonly lastLine: string
  readonly lastPacket: number
  readonly lastOffset: number
}

export function snapshotOf(ledger: Ledger, carriage: Carriage | null, news: News): StratumSnapshot {
  const { shares } = ledger
  return {
    dialect: ledger.dialect,
    coin: ledger.coin,
    algorithm: ledger.algorithm,
    agent: ledger.agent,
    login: ledger.account,
    worker: ledger.worker,
    sharesSubmitted: shares.submitted,
    sharesAccepted: shares.accepted,
    sharesRejected: shares.rejected,
    expectedHashes: shares.expectedHashes,
    hashesVariance: shares.hashesVariance,
    recent: shares.recently(),
    confidence: ledger.confidence,
    reasons: [...ledger.reasons, ...(carriage?.ways ?? [])],
    poolName: carriage?.poolName ?? ledger.poolName,
    lastLine: news.line(),
    lastPacket: news.packet,
    lastOffset: news.offset,
  }
}
