import type { Finding, MiningFacts } from '../../event/finding.ts'
import type { Intel } from '../../intel/intel.ts'
import { hashrateOf } from '../../mining/hashrate.ts'
import { countsOf, minedMs, spansOf } from '../../mining/sessions.ts'
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
const LISTED_BY_HOST = 'a list of mining pools names this host'

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
  const { submitted, accepted, rejected, expectedHashes, hashesVariance } = countsOf(story.sessions)
  const hashrate = hashrateOf({ accepted, expectedHashes, hashesVariance, minedMs: minedMs(story.sessions) })
  const listed = intel.poolByAddress(story.poolIp, story.poolPort)
  const host = story.known.poolName?.replace(/:\d+$/u, '') ?? null
  const isListedHost = listed === null && host !== null && intel.poolByHost(host) !== null
  return {
    type: 'mining',
    pool: { ip: story.poolIp, port: story.poolPort, name: listed?.name ?? host },
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
    hashrate: hashrate?.value ?? null,
    hashrateError: hashrate?.error ?? null,
    reasons: [...reasons, ...(listed === null ? [] : [LISTED]), ...(isListedHost ? [LISTED_BY_HOST] : [])],
    spans: spansOf(story.sessions),
  }
}
