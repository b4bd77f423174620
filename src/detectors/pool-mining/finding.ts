import type { Finding, MiningFacts } from '../../event/finding.ts'
import type { Intel } from '../../intel/intel.ts'
import { countsOf, minedMs, spansOf } from './sessions.ts'
import { isMining, type Story } from './story.ts'
import { titleOf } from './title.ts'

/** Compute Hijacking. */
const HIJACKING = 'T1496.001'
/** Non-Standard Port. */
const ODD_PORT = 'T1571'
/** Ports of other protocols: mining there hides behind them. */
const BORROWED_PORTS: ReadonlySet<number> = new Set([
  21, 22, 25, 53, 80, 110, 123, 143, 443, 465, 587, 993, 995, 3306, 3389, 5432,
])
const LISTED = 'a list of mining pools names this address'
/** The rate of fewer shares, or of a shorter time, would be a guess. */
const MIN_SHARES = 3
const MIN_MINED_MS = 60_000

export function findingOf(story: Story, intel: Intel): Finding {
  const isGoingOn = isMining(story)
  const facts = factsOf(story, intel)
  return {
    id: story.id,
    detector: 'pool-mining',
    title: titleOf(facts, isGoingOn),
    severity: isGoingOn ? 'critical' : 'high',
    confidence: story.known.confidence,
    stage: 'mining',
    attack: BORROWED_PORTS.has(story.poolPort) ? [HIJACKING, ODD_PORT] : [HIJACKING],
    subjects: [story.subject],
    firstSeen: story.firstSeen,
    lastSeen: story.lastSeen,
    count: story.sessions.count,
    evidence: [...story.evidence],
    facts,
  }
}

function factsOf(story: Story, intel: Intel): MiningFacts {
  const { dialect, coin, algorithm, agent, login, worker, reasons } = story.known
  const { submitted, accepted, rejected } = countsOf(story.sessions)
  const hashrate = hashrateOf(story)
  const listed = intel.poolByAddress(story.poolIp, story.poolPort)
  return {
    type: 'mining',
    pool: { ip: story.poolIp, port: story.poolPort, name: listed?.name ?? null },
    minerIp: story.minerIp,
    dialect,
    coin,
    algorithm,
    agent,
    login,
    worker,
    sharesSubmitted: submitted,
    sharesAccepted: accepted,
    sharesRejected: rejected,
    hashrate,
    hashrateError: hashrate === null ? null : hashrate / Math.sqrt(accepted),
    reasons: listed === null ? [...reasons] : [...reasons, LISTED],
    spans: spansOf(story.sessions),
  }
}

/** Shares come at random, each after as many hashes as its difficulty on average (a Poisson process): H/s. */
function hashrateOf({ sessions }: Story): number | null {
  const { accepted, expectedHashes } = countsOf(sessions)
  const mined = minedMs(sessions)
  if (accepted < MIN_SHARES || mined < MIN_MINED_MS || expectedHashes === 0) return null
  return expectedHashes / (mined / 1000)
}
