import { lowest } from '../extremes.ts'
import type { Finding, HostFacts } from '../event/finding.ts'
import { evidenceUnion } from './evidence-union.ts'
import type { Artefact, ChangeOfHands, Occupant, Tenure } from './incident.ts'
import { changesOf, isMining, spansOf, stretchesOf, tenuresOf, type Watched } from './tenures.ts'
import { shortWallet, walletInCommand, walletOf } from './wallet.ts'

type HostFinding = Finding & { readonly facts: HostFacts }

interface Cluster {
  readonly wallet: string | null
  readonly findings: Finding[]
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
  const works: { id: string; findings: readonly Finding[] }[] = []
  let unknown = 0
  for (const one of clusters) {
    const id = freshId(one.wallet === null ? `unknown-${++unknown}` : shortWallet(one.wallet), works)
    // Droppers and persistence carry no wallet: they are the occupant's only where there is just one.
    const alsoTheirs = clusters.length === 1 ? others : []
    occupants.push(occupantOf(id, one, alsoTheirs))
    works.push({ id, findings: one.findings })
  }
  const tenures = tenuresOf(works, watched)
  return { occupants, tenures, changes: changesOf(tenures) }
}

/** Two wallets may look alike when they are shortened. */
function freshId(id: string, works: readonly { id: string }[]): string {
  const alike = works.filter((work) => work.id === id || work.id.startsWith(`${id} (`)).length
  return alike === 0 ? id : `${id} (${alike + 1})`
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
  // A rule knows no wallet: beside those who are known it adds no occupant and no time.
  const unnamed = (byWallet.get(null) ?? []).filter(({ rule }) => rule === undefined || clusters.length === 0)
  const only = clusters.length === 1 ? clusters[0] : undefined
  if (only !== undefined) only.findings.push(...unnamed)
  else if (unnamed.length > 0) clusters.push({ wallet: null, findings: [...unnamed] })
  return withoutFees(clusters).toSorted((a, b) => startOf(a.findings) - startOf(b.findings))
}

/** A miner works a minute in a hundred for its author: for somebody else's wallet, but not for another occupant. */
function withoutFees(clusters: readonly Cluster[]): Cluster[] {
  const fees = new Map<Cluster, Cluster>()
  for (const one of clusters) {
    const host = clusters.find((other) => other !== one && !fees.has(other) && isFeeOf(one, other))
    if (host !== undefined) fees.set(one, host)
  }
  for (const [fee, host] of fees) host.findings.push(...fee.findings)
  return clusters.filter((one) => !fees.has(one))
}

function timeOf(spans: readonly { from: number; to: number }[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0)
}

const FEE_SPAN_MS = 10 * 60_000
const FEE_SHARE = 0.1
/** After the fee the miner goes on for its owner; one that comes in while the evidence ends does not look so. */
const GOES_ON_MS = 60_000

function isFeeOf(fee: Cluster, host: Cluster): boolean {
  if (fee.wallet === null || !fee.findings.every(isMining)) return false
  const spans = fee.findings.flatMap(spansOf)
  const held = stretchesOf(host.findings)
  return (
    spans.length > 0 &&
    timeOf(spans) <= FEE_SHARE * timeOf(held) &&
    spans.every(
      ({ from, to }) =>
        to - from <= FEE_SPAN_MS && held.some((one) => from >= one.from && to + GOES_ON_MS <= one.to),
    )
  )
}

function startOf(findings: readonly Finding[]): number {
  return lowest(findings.map((finding) => finding.firstSeen))
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
