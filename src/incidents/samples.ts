import type { Asset } from '../assets/asset.ts'
import type { SessionLogin, SessionSpan } from '../assets/session-logins.ts'
import type { FightAct, FightFacts, Finding, HostFacts, MiningFacts } from '../event/finding.ts'
import type { Machines } from './machines.ts'

/** Findings on one machine for tests: times are minutes from `T0`. */
export const T0 = Date.UTC(2026, 4, 12, 3, 0, 0)
export const MINUTE_MS = 60_000
export const WALLET = `4${'A'.repeat(94)}`
export const RIVAL = `8${'B'.repeat(94)}`

export const web1: Asset = {
  id: 'web-1',
  names: ['web-1', '10.0.3.17'],
  identifiers: ['host:web-1', 'ip:10.0.3.17', 'trail:a'],
  joins: [],
  machine: null,
}

export function at(minutes: number): number {
  return T0 + minutes * MINUTE_MS
}

export function finding(
  id: string,
  minutes: number,
  fields: Partial<Finding> & { facts: Finding['facts'] },
): Finding {
  return {
    id,
    detector: 'test',
    title: id,
    severity: 'high',
    confidence: 0.9,
    stage: 'foothold',
    attack: [],
    subjects: ['trail:a'],
    firstSeen: at(minutes),
    lastSeen: at(minutes),
    count: 1,
    evidence: [proof(id, minutes)],
    ...fields,
  }
}

export function proof(raw: string, minutes: number): Finding['evidence'][number] {
  return { source: 'test', file: 'f', offset: Math.round(minutes * 1000), raw, time: at(minutes) }
}

export function hostFacts(fields: Partial<HostFacts> = {}): HostFacts {
  return {
    type: 'host',
    what: 'dropper',
    path: '/dev/shm/.x',
    commandLine: null,
    exe: null,
    pid: null,
    uid: 0,
    session: null,
    remote: null,
    ...fields,
  }
}

export function deed(
  id: string,
  minutes: number,
  fields: Partial<HostFacts>,
  more: Partial<Finding> = {},
): Finding {
  return finding(id, minutes, { facts: hostFacts(fields), ...more })
}

export function miningFacts(fields: Partial<MiningFacts> = {}): MiningFacts {
  return {
    type: 'mining',
    pool: { ip: '198.51.100.7', port: 443, name: null },
    minerIp: '10.0.3.17',
    dialect: 'cryptonote',
    coin: 'XMR',
    algorithm: 'rx/0',
    agent: 'XMRig/6.21.0',
    login: WALLET,
    worker: null,
    sharesSubmitted: 10,
    sharesAccepted: 10,
    sharesRejected: 0,
    hashrate: 1200,
    hashrateError: 100,
    reasons: [],
    ...fields,
  }
}

export function mined(id: string, from: number, to: number, fields: Partial<MiningFacts> = {}): Finding {
  return finding(id, from, {
    stage: 'mining',
    severity: 'critical',
    subjects: ['ip:10.0.3.17'],
    lastSeen: at(to),
    facts: miningFacts(fields),
  })
}

export function act(minutes: number, fields: Partial<FightAct> = {}): FightAct {
  const what = fields.what ?? 'killed kdevtmpfsi by name'
  return {
    time: at(minutes),
    category: 'process-eviction',
    what,
    targets: [],
    commandLine: null,
    exe: null,
    pid: null,
    ppid: null,
    uid: 0,
    session: null,
    evidence: proof(what, minutes),
    ...fields,
  }
}

export function fought(id: string, acts: readonly FightAct[], more: Partial<Finding> = {}): Finding {
  const first = acts[0]?.time ?? T0
  const facts: FightFacts = {
    type: 'fight',
    acts: [...acts],
    actCount: acts.length,
    categories: [...new Set(acts.map(({ category }) => category))],
    persists: true,
    score: 0.9,
    reasons: [],
  }
  return finding(id, (first - T0) / MINUTE_MS, {
    stage: 'takeover',
    severity: 'critical',
    lastSeen: acts.at(-1)?.time ?? first,
    evidence: acts.map(({ evidence }) => evidence),
    facts,
    ...more,
  })
}

/** A machine with audit sessions: who opened each, and when (minutes). */
export function machines(
  sessions: Readonly<Record<string, { at: number; srcIp: string; user?: string; method?: string }>> = {},
  watched: { networkFrom?: number; networkTo?: number; processTo?: number } = {},
): Machines {
  const { networkFrom, networkTo, processTo } = watched
  const [from, to] = [
    networkFrom === undefined ? null : at(networkFrom),
    networkTo === undefined ? null : at(networkTo),
  ]
  return {
    assetOf: (id) =>
      web1.identifiers.includes(id) ? web1 : { id, names: [id], identifiers: [id], joins: [], machine: null },
    sessionOf: () => null,
    sessionAt: (_asset, session, time) => spanOf(sessions[session], time),
    nameOf: () => null,
    contactsBetween: () => [],
    visitOf: () => null,
    killsOf: () => [],
    containersOf: () => new Map(),
    connectorsTo: () => [],
    signsOf: () => ({
      flowsBegun: () => [],
      busyBetween: () => null,
      measuredTo: null,
      isCaptured: () => false,
    }),
    watched: () => ({
      networkFrom: from,
      networkTo: to,
      processTo: processTo === undefined ? null : at(processTo),
      killsTo: null,
      wasWatched: (start, end) => from !== null && to !== null && start >= from && end <= to,
    }),
  }
}

function spanOf(
  opened: { at: number; srcIp: string; user?: string; method?: string } | undefined,
  time: number,
): SessionSpan | null {
  if (opened === undefined || at(opened.at) > time + MINUTE_MS) return null
  const login: SessionLogin = {
    time: at(opened.at),
    user: opened.user ?? 'root',
    srcIp: opened.srcIp,
    method: opened.method ?? 'password',
    pid: null,
    evidence: proof(`login from ${opened.srcIp}`, opened.at),
  }
  return { from: login.time, to: Number.POSITIVE_INFINITY, login }
}
