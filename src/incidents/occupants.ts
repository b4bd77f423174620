import type { Finding, HostFacts, MiningFacts } from '../event/finding.ts'
import { evidenceUnion } from './evidence-union.ts'
import type { Artefact, ChangeOfHands, Occupant, Tenure } from './incident.ts'
import { shortWallet, walletInCommand, walletOf } from './wallet.ts'

type MiningFinding = Finding & { readonly facts: MiningFacts }
type HostFinding = Finding & { readonly facts: HostFacts }

/** Mining that goes on within this of the end of the evidence is taken to go on after it. */
export const STILL_MINING_MS = 10 * 60_000
/** A dialogue that begins this long after the capture does was not going on before. */
const WITNESSED_START_MS = 60_000

interface Cluster {
  readonly wallet: string | null
  readonly findings: Finding[]
}

/** The end of what was watched, for telling an end of mining from an end of evidence. */
export interface Watched {
  readonly networkFrom: number | null
  readonly networkTo: number | null
}

export interface Occupation {
  readonly occupants: readonly Occupant[]
  readonly tenures: readonly Tenure[]
  readonly changes: readonly ChangeOfHands[]
}

/**
 * Who held the machine, by the wallet that the work went to. Mining without a wallet in sight belongs to
 * the one occupant there is, or else to an unknown one.
 */
export function occupation(findings: readonly Finding[], watched: Watched): Occupation {
  const clusters = cluster(findings.filter((finding) => finding.stage === 'mining'))
  const others = findings
    .filter((finding) => finding.stage !== 'mining' && finding.stage !== 'context')
    .filter(isHost)
  const occupants: Occupant[] = []
  const tenures: Tenure[] = []
  let unknown = 0
  for (const one of clusters) {
    const id = one.wallet === null ? `unknown-${++unknown}` : shortWallet(one.wallet)
    // Droppers and persistence carry no wallet: they are the occupant's only where there is just one.
    const alsoTheirs = clusters.length === 1 ? others : []
    occupants.push(occupantOf(id, one, alsoTheirs))
    tenures.push(tenureOf(id, one.findings, watched))
  }
  tenures.sort((a, b) => a.start - b.start)
  return { occupants, tenures, changes: changesOf(tenures) }
}

function isMining(finding: Finding): finding is MiningFinding {
  return finding.facts.type === 'mining'
}

function isHost(finding: Finding): finding is HostFinding {
  return finding.facts.type === 'host'
}

function walletOfFinding(finding: Finding): string | null {
  if (isMining(finding)) return finding.facts.login === null ? null : walletOf(finding.facts.login)
  if (isHost(finding) && finding.facts.commandLine !== null) return walletInCommand(finding.facts.commandLine)
  return null
}

function cluster(mining: readonly Finding[]): Cluster[] {
  const byWallet = Map.groupBy(mining, walletOfFinding)
  const clusters: Cluster[] = []
  for (const [wallet, findings] of byWallet)
    if (wallet !== null) clusters.push({ wallet, findings: [...findings] })
  const unnamed = byWallet.get(null) ?? []
  const only = clusters.length === 1 ? clusters[0] : undefined
  if (only !== undefined) only.findings.push(...unnamed)
  else if (unnamed.length > 0) clusters.push({ wallet: null, findings: [...unnamed] })
  return clusters.toSorted((a, b) => startOf(a.findings) - startOf(b.findings))
}

function startOf(findings: readonly Finding[]): number {
  return Math.min(...findings.map((finding) => finding.firstSeen))
}

function occupantOf(id: string, one: Cluster, alsoTheirs: readonly HostFinding[]): Occupant {
  const artefacts = new Map<string, { artefact: Artefact; findings: Finding[] }>()
  const add = (type: Artefact['type'], value: string | null, finding: Finding): void => {
    if (value === null || value === '') return
    const known = artefacts.get(`${type}\0${value}`)
    if (known === undefined)
      artefacts.set(`${type}\0${value}`, { artefact: { type, value, evidence: [] }, findings: [finding] })
    else known.findings.push(finding)
  }
  for (const finding of one.findings) {
    add('wallet', walletOfFinding(finding), finding)
    if (isMining(finding)) {
      add('worker', finding.facts.worker, finding)
      add('pool', `${finding.facts.pool.name ?? finding.facts.pool.ip}:${finding.facts.pool.port}`, finding)
      add('agent', finding.facts.agent, finding)
    }
  }
  for (const finding of [...one.findings.filter(isHost), ...alsoTheirs]) {
    add('path', finding.facts.path, finding)
    add('remote', finding.facts.remote, finding)
  }
  const mining = one.findings.filter(isMining)
  return {
    id,
    wallet: one.wallet,
    coin: mining.find((finding) => finding.facts.coin !== null)?.facts.coin ?? null,
    agent: mining.find((finding) => finding.facts.agent !== null)?.facts.agent ?? null,
    reasons: [
      one.wallet === null
        ? 'mines, but no wallet is in sight'
        : `all of it works for ${shortWallet(one.wallet)}`,
    ],
    artefacts: [...artefacts.values()].map(({ artefact, findings }) => ({
      ...artefact,
      evidence: evidenceUnion(findings, 3),
    })),
  }
}

function tenureOf(id: string, findings: readonly Finding[], watched: Watched): Tenure {
  const mining = findings.filter(isMining)
  const start = startOf(findings)
  const end = Math.max(...findings.map((finding) => finding.lastSeen))
  const rates = mining.map((finding) => finding.facts.hashrate).filter((rate) => rate !== null)
  const wasStarted = findings.some((finding) => isHost(finding) && finding.firstSeen <= start)
  const wireStart = mining.length === 0 ? null : startOf(mining)
  const isWireStartSeen =
    wireStart !== null &&
    mining.some((finding) => finding.firstSeen === wireStart && finding.facts.login !== null) &&
    watched.networkFrom !== null &&
    wireStart - watched.networkFrom >= WITNESSED_START_MS
  return {
    occupant: id,
    start,
    end,
    startKnown: wasStarted || isWireStartSeen,
    endKnown: mining.length > 0 && watched.networkTo !== null && watched.networkTo - end > STILL_MINING_MS,
    confidence: Math.max(...findings.map((finding) => finding.confidence)),
    hashrate: rates.length === 0 ? null : Math.max(...rates),
    sharesAccepted:
      mining.length === 0 ? null : mining.reduce((sum, finding) => sum + finding.facts.sharesAccepted, 0),
    evidence: evidenceUnion(findings),
  }
}

/** A change of hands as the tenures alone show it; what was done to the one before is told by its own detectors. */
function changesOf(tenures: readonly Tenure[]): ChangeOfHands[] {
  const changes: ChangeOfHands[] = []
  for (const [index, next] of tenures.entries()) {
    const before = tenures[index - 1]
    if (before === undefined || before.occupant === next.occupant) continue
    const how = [before.end <= next.start ? 'the one before had stopped' : 'both mine for a while']
    changes.push({
      time: next.start,
      from: before.occupant,
      to: next.occupant,
      how,
      confidence: 0.5,
      evidence: next.evidence.slice(0, 3),
    })
  }
  return changes
}
