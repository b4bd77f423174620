import type { Random } from '../../../src/range/random.ts'

/**
 * When miners and pools speak, measured in captures of XMRig and others at public pools (2019 to 2021, 13 captures;
 * 10 % to 90 % of each, seconds): jobs 0.5 to 126, with a heap at 60, 120 and 125; shares 0.4 to 68, each capture
 * with its own mean between 8 and 60; an answer to a share 0.16 to 0.52; a round trip 0.03 to 0.2.
 */
export const TIMING = {
  /** Mean time between blocks of the chain: a new job comes with each. */
  blockEveryS: { monero: 120, ethereum: 13, bitcoin: 600 },
  /** Pools send the job anew, changed, so long after the last one. */
  jobRefreshS: { monero: [60, 121], ethereum: [30, 60], bitcoin: [30, 31] },
  /** Mean time between shares, which the pool sets by their difficulty. */
  shareEveryS: [8, 60],
  /** From a share to its answer, without the round trip. */
  poolThinksS: [0.005, 0.25],
  roundTripMs: [8, 200],
  /** XMRig speaks up where nothing was said for so long. */
  keepAliveS: 60,
} as const

export function within([from, to]: readonly [number, number], random: Random): number {
  return random.between(from, to)
}

/** When jobs come, s: with each block, and so long after the last job. */
export function jobTimes(coin: 'monero' | 'ethereum' | 'bitcoin', lastsS: number, random: Random): number[] {
  const [from, to] = TIMING.jobRefreshS[coin]
  const refreshS = random.chance(0.5) ? from : to
  const times: number[] = []
  for (let at = 0; ;) {
    at += Math.min(random.exponential(TIMING.blockEveryS[coin]), refreshS * random.between(0.99, 1.03))
    if (at > lastsS) return times
    times.push(at)
  }
}

export function poissonTimes(everyS: number, lastsS: number, random: Random): number[] {
  const times: number[] = []
  for (let at = random.exponential(everyS); at < lastsS; at += random.exponential(everyS)) times.push(at)
  return times
}

/** Every so many seconds, as evenly as timers of programs are. */
export function evenTimes(everyS: number, lastsS: number, random: Random): number[] {
  const times: number[] = []
  for (let at = everyS; at < lastsS; at += everyS * random.between(0.998, 1.004)) times.push(at)
  return times
}
