/** What was counted of shares, over some time of mining. */
export interface ShareCount {
  readonly accepted: number
  /** Sum of the difficulty of the accepted ones, in hashes. */
  readonly expectedHashes: number
  /** For how long somebody was at it, ms. */
  readonly minedMs: number
}

/** H/s, and one standard error of it. */
export interface Hashrate {
  readonly value: number
  readonly error: number
}

/** The rate of fewer shares, or of a shorter time, would be a guess. */
const MIN_SHARES = 3
const MIN_MINED_MS = 60_000

/**
 * Shares come at random, each after as many hashes as its difficulty on average (a Poisson process): the rate
 * is the expected hashes over the time, its relative error 1/√shares. Null where there is too little to tell.
 */
export function hashrateOf({ accepted, expectedHashes, minedMs }: ShareCount): Hashrate | null {
  if (accepted < MIN_SHARES || minedMs < MIN_MINED_MS || expectedHashes <= 0) return null
  const value = expectedHashes / (minedMs / 1000)
  return { value, error: value / Math.sqrt(accepted) }
}
