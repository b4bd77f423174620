import {
  type IncidentEntry,
  type InputEntry,
  type Investigation,
  type Occupant,
  type Proof,
  SCHEMA,
  type Sentence,
  type StoryFinding,
} from '../../story/document.ts'

/** Parts of made-up documents for the tests of the reports; every argument is optional, everything else plausible. */

const DAY = '2026-05-12'

/** `03:14:07` on the day of the samples. */
export function at(clock: string, day: string = DAY): string {
  return `${day}T${clock}.000000Z`
}

export function proof(part: Partial<Proof> = {}): Proof {
  return {
    source: 'syslog',
    file: 'evidence/auth.log',
    line: 18_231,
    offset: 1_902_344,
    time: at('03:14:07'),
    raw: 'May 12 03:14:07 web-1 sshd[4711]: Accepted password for root from 203.0.113.9 port 51522 ssh2',
    ...part,
  }
}

export function auditProof(recordId: string, raw: string, time: string = at('03:14:31')): Proof {
  const place = { source: 'auditd', file: 'evidence/audit.log', line: Number(recordId) - 80_000, recordId }
  return proof({ ...place, offset: Number(recordId) * 120, raw, time })
}

export function packetProof(packet: number, raw: string, time: string = at('03:16:02')): Proof {
  const { line: _, ...rest } = proof()
  return { ...rest, source: 'pcap', file: 'evidence/eth0.pcap', packet, offset: packet * 130, raw, time }
}

export function sentence(text: string, time: string | null = null, ...evidence: Proof[]): Sentence {
  return { text, time, evidence }
}

export function input(part: Partial<InputEntry> = {}): InputEntry {
  return {
    file: 'evidence/auth.log',
    format: 'sshd',
    storedBytes: 14_000_000,
    bytes: 14_000_000,
    records: 101_234,
    bad: 0,
    unused: 812,
    duplicates: 0,
    late: 0,
    from: at('00:00:01'),
    to: at('07:02:10'),
    decisions: [],
    problems: [],
    ...part,
  }
}

export function occupant(part: Partial<Occupant> = {}): Occupant {
  return { id: 'unknown-1', family: null, familyConfidence: 0, reasons: [], artefacts: [], ...part }
}

export function finding(part: Partial<StoryFinding> = {}): StoryFinding {
  return {
    id: 'fnd-0123456789ab',
    detector: 'ssh-success-after-guessing',
    title: "root's SSH password was guessed",
    severity: 'high',
    confidence: 0.95,
    stage: 'way-in',
    attack: [{ id: 'T1110.001', name: 'Password Guessing', v18: null }],
    firstSeen: at('03:14:07'),
    lastSeen: at('03:14:07'),
    count: 1,
    evidence: [proof()],
    ...part,
  }
}

export function incident(part: Partial<IncidentEntry> = {}): IncidentEntry {
  return {
    id: 'inc-0123456789ab',
    aliases: [],
    asset: { id: 'web-1', names: ['web-1', '10.0.3.17', 'i-0a1b2c3d', 't3.large'] },
    severity: 'critical',
    status: 'ongoing',
    firstSeen: at('02:51:00'),
    lastSeen: at('07:02:10'),
    title: 'Monero is mined on web-1',
    summary: [],
    wayIn: null,
    occupants: [],
    tenures: [],
    changes: [],
    reach: [],
    money: {
      usdSoFar: null,
      usdPerHour: null,
      usdPerMonth: null,
      timesNormal: null,
      basis: 'no price is known for this machine',
    },
    findings: [],
    sentences: [],
    strips: [],
    todo: [],
    ...part,
  }
}

export function investigation(part: Partial<Investigation> = {}): Investigation {
  return {
    schema: SCHEMA,
    generatedAt: at('09:30:00'),
    tool: { name: 'davylamp', version: '0.1.0' },
    inputs: [],
    skipped: [],
    coverage: [],
    assets: [],
    incidents: [],
    campaigns: [],
    pressure: [],
    attention: [],
    suppressed: [],
    notes: [],
    ...part,
  }
}
