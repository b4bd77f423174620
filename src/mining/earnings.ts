/** What a block of a coin takes and brings, as the user gives it. */
export interface CoinFigures {
  /** Hashes that a block takes on average: the network's difficulty in hashes. */
  readonly hashesPerBlock: number | null
  /** Coins that whoever finds a block gets. */
  readonly reward: number | null
  /** US dollars for one coin. */
  readonly usd: number | null
}

/** By ticker, in capitals. */
export type CoinBook = ReadonlyMap<string, CoinFigures>

export interface Earnings {
  /** Null where the coin, or what its network asks and pays, is not known. */
  readonly coins: number | null
  readonly usd: number | null
}

export const NOT_KNOWN: Earnings = { coins: null, usd: null }

/**
 * Hashes that difficulty 1 of a network stands for: 2^32 where difficulty is counted as Bitcoin does, 2^13 for
 * Zcash (its easiest target is 2^19 times easier), 1 where difficulty is the number of hashes itself.
 */
const UNITS: Readonly<Record<string, number>> = {
  BTC: 2 ** 32,
  BCH: 2 ** 32,
  LTC: 2 ** 32,
  DOGE: 2 ** 32,
  RVN: 2 ** 32,
  ZEC: 2 ** 13,
  ETC: 1,
  ETH: 1,
  ERG: 1,
  XMR: 1,
  WOW: 1,
  ZEPH: 1,
  SAL: 1,
  ARQ: 1,
  CCX: 1,
  AEON: 1,
  XHV: 1,
  TRTL: 1,
  SUMO: 1,
  RYO: 1,
}

/** Null for a coin whose difficulty is counted in a way that is not known here. */
export function hashesOfNetworkDifficulty(coin: string, difficulty: number): number | null {
  const unit = Object.hasOwn(UNITS, coin) ? UNITS[coin] : undefined
  return unit === undefined ? null : difficulty * unit
}

/**
 * What so many hashes bring on average, before the pool's fee: each has the same chance to be a block. Honest only
 * as far as the figures are those of the time of mining.
 */
export function earningsOf(expectedHashes: number, coin: string | null, book: CoinBook): Earnings {
  const figures = coin === null ? undefined : book.get(coin)
  if (figures === undefined) return NOT_KNOWN
  const { hashesPerBlock, reward, usd } = figures
  if (hashesPerBlock === null || reward === null) return NOT_KNOWN
  const coins = (expectedHashes / hashesPerBlock) * reward
  return { coins, usd: usd === null ? null : coins * usd }
}
