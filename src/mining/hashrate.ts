/** What was counted of shares, over some time of mining. */
export interface ShareCount {
  readonly accepted: number
  /** Sum of the difficulty of the accepted ones, in hashes. */
  readonly expectedHashes: number
  /** Of `expectedHashes`: the sum of the squares of those difficulties. */
  readonly hashesVariance: number
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
 * Shares come at random, each after as many hashes as its difficulty on average (a Poisson process). Their sum over
 * the whole time of the connection, shares or none, has the true rate as its mean, whatever the pool does to the
 * difficulty meanwhile; time up to the last share alone would give too much. The sum of the squares of the
 * difficulties is the variance of that sum: the relative error is 1/√shares where the difficulty stays, and
 * larger where it changes. Null where there is too little to tell.
 */
export function hashrateOf({
  accepted,
  expectedHashes,
  hashesVariance,
  minedMs,
}: ShareCount): Hashrate | null {
  if (accepted < MIN_SHARES || minedMs < MIN_MINED_MS || expectedHashes <= 0) return null
  const value = expectedHashes / (minedMs / 1000)
  return { value, error: Math.sqrt(hashesVariance) / (minedMs / 1000) }
}
