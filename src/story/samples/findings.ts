import type { Asset } from '../../assets/asset.ts'
import type { Finding, HostFacts, MiningFacts } from '../../event/finding.ts'
import type { Incident } from '../../incidents/incident.ts'

/** Made-up findings and incidents for the tests of the story; every argument is optional, everything else plausible. */

export const START = Date.UTC(2026, 4, 12, 3, 0, 0)
const SECOND = 1000

let made = 0

/** `at`: seconds after the start of the samples. */
export function finding(
  at: number,
  title: string,
  part: Partial<Finding> & { facts: Finding['facts'] },
): Finding {
  made += 1
  const time = START + at * SECOND
  return {
    id: `finding-${made}`,
    detector: 'test',
    title,
    severity: 'high',
    confidence: 0.9,
    stage: 'foothold',
    attack: [],
    subjects: ['host:web-1'],
    firstSeen: time,
    lastSeen: time,
    count: 1,
    evidence: [{ source: 'test', file: 'audit.log', line: made, offset: made, raw: title, time }],
    ...part,
  }
}

export function host(what: string, part: Partial<HostFacts> = {}): HostFacts {
  return {
    type: 'host',
    what,
    path: null,
    commandLine: null,
    exe: null,
    pid: null,
    uid: 0,
    session: null,
    remote: null,
    ...part,
  }
}

export function mining(part: Partial<MiningFacts> = {}): MiningFacts {
  return {
    type: 'mining',
    pool: { ip: '198.51.100.7', port: 443, name: null },
    minerIp: '10.0.3.17',
    dialect: 'cryptonote',
    coin: 'XMR',
    algorithm: 'rx/0',
    agent: 'XMRig/6.21.0',
    login: null,
    worker: null,
    sharesSubmitted: 0,
    sharesAccepted: 0,
    sharesRejected: 0,
    hashrate: null,
    hashrateError: null,
    reasons: [],
    ...part,
  }
}

export function asset(part: Partial<Asset> = {}): Asset {
  return {
    id: 'web-1',
    names: ['web-1', '10.0.3.17'],
    identifiers: ['host:web-1'],
    joins: [],
    machine: null,
    ...part,
  }
}

export function incident(part: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-0123456789ab',
    aliases: [],
    asset: asset(),
    severity: 'critical',
    status: 'ongoing',
    firstSeen: START,
    lastSeen: START + 3600 * SECOND,
    wayIn: null,
    occupants: [],
    tenures: [],
    changes: [],
    reach: [],
    findings: [],
    absorbed: [],
    guessing: [],
    ...part,
  }
}
