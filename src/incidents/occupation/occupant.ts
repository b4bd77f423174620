import type { FightAct, Finding } from '../../event/finding.ts'
import { evidenceUnion } from '../evidence-union.ts'
import type { Artefact, Occupant } from '../incident.ts'
import { type Hands, walletsOf } from './hands.ts'
import { isFight, isHost, isMining, walletOfFinding } from './trace.ts'
import { shortWallet } from './wallet.ts'

/** Names a gang by what it leaves, where the tables know it: null where nothing, or too little, speaks for one. */
export type Naming = (
  artefacts: readonly { readonly type: string; readonly value: string }[],
  acts: readonly FightAct[],
) => { readonly family: string; readonly confidence: number; readonly reasons: readonly string[] } | null

const MAX_WHYS = 6
/** What files are, by the trick that put them there. */
const FILE_TYPE: Readonly<Record<string, Artefact['type']>> = {
  cron: 'cron',
  systemd: 'unit',
  'authorized-keys': 'key-file',
}

export function occupantOf(hands: Hands, taken: ReadonlySet<string>, naming: Naming): Occupant {
  const findings = hands.traces.map(({ finding }) => finding).filter((finding) => finding !== null)
  const artefacts = artefactsOf(hands, findings)
  const acts = findings.filter(isFight).flatMap(({ facts }) => facts.acts)
  const named = naming(artefacts, acts)
  const [wallet = null] = walletsOf(hands)
  const mining = findings.filter(isMining)
  const wayIn = hands.traces.map((trace) => trace.wayIn).find((way) => way !== null) ?? null
  return {
    id: idOf(wallet, taken),
    family: named?.family ?? null,
    familyConfidence: named?.confidence ?? 0,
    wallet,
    coin: mining.find(({ facts }) => facts.coin !== null)?.facts.coin ?? null,
    agent: mining.find(({ facts }) => facts.agent !== null)?.facts.agent ?? null,
    isMiner: findings.some(({ stage }) => stage === 'mining'),
    wayIn,
    reasons: [...aboutWallet(findings, wallet), ...whysOf(hands), ...(named?.reasons ?? [])],
    findings: findings.map(({ id }) => id),
    artefacts,
  }
}

/** Seen by the processors alone. */
export function busied(occupant: Occupant): Occupant {
  const reasons = occupant.reasons.map((reason) => (reason === UNSEEN ? BUSY : reason))
  return { ...occupant, isMiner: true, isOnlyBusy: true, reasons }
}

const UNSEEN = 'was not seen mining'
const BUSY = 'seems to mine: nothing tells what for, but the processors were busy from when it settled in'

function aboutWallet(findings: readonly Finding[], wallet: string | null): string[] {
  const isMiner = findings.some(({ stage }) => stage === 'mining')
  if (wallet !== null) return [`all of it works for ${shortWallet(wallet)}`]
  return [isMiner ? 'mines, but no wallet is in sight' : UNSEEN]
}

/** Why its traces are one hand's, the surest first; that they share the wallet is said already. */
function whysOf({ whys }: Hands): string[] {
  const sorted = whys.filter(({ strength }) => strength < 1).toSorted((a, b) => b.strength - a.strength)
  return [...new Set(sorted.map(({ why }) => why))].slice(0, MAX_WHYS)
}

/** By wallet, else by number; each once on a machine. Two wallets may look alike when they are shortened. */
function idOf(wallet: string | null, taken: ReadonlySet<string>): string {
  const name = wallet === null ? null : shortWallet(wallet)
  if (name !== null && !taken.has(name)) return name
  let number = name === null ? 1 : 2
  const candidate = (): string => (name === null ? `unknown-${number}` : `${name} (${number})`)
  while (taken.has(candidate())) number++
  return candidate()
}

function artefactsOf(hands: Hands, findings: readonly Finding[]): Artefact[] {
  const found = new Map<string, { type: Artefact['type']; value: string; findings: Finding[] }>()
  const add = (type: Artefact['type'], value: string | null | undefined, finding: Finding): void => {
    if (value === null || value === undefined || value === '') return
    const key = `${type}\0${value}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { type, value, findings: [finding] })
    else known.findings.push(finding)
  }
  for (const finding of findings) {
    add('wallet', walletOfFinding(finding), finding)
    if (isMining(finding)) {
      const { worker, pool, agent } = finding.facts
      add('worker', worker, finding)
      add('pool', `${pool.name ?? pool.ip}:${pool.port}`, finding)
      add('agent', agent, finding)
    } else if (isHost(finding)) {
      const { what, path, remote } = finding.facts
      add(FILE_TYPE[what] ?? 'path', path, finding)
      add('remote', remote, finding)
    } else if (isFight(finding)) {
      for (const { targets } of finding.facts.acts)
        for (const { type, value } of targets) if (type === 'self') add('process', value, finding)
    }
  }
  const logins = hands.traces.flatMap(({ wayIn }) =>
    wayIn?.srcIp === null || wayIn === null
      ? []
      : [{ type: 'address' as const, value: wayIn.srcIp, evidence: wayIn.evidence.slice(0, 3) }],
  )
  return [
    ...[...found.values()].map(({ type, value, findings: tellers }) => ({
      type,
      value,
      evidence: evidenceUnion(tellers, 3),
    })),
    ...new Map(logins.map((login) => [login.value, login])).values(),
  ]
}
