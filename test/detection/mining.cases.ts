import { CASES, type Spoken } from '../../src/wire/stratum/dialogue.cases.ts'
import type { Investigation } from '../../src/story/document.ts'
import {
  ethernetFrame,
  ipPacket,
  type TimedPacket,
  udpDatagram,
  dnsMessage,
} from '../../src/wire/encode/index.ts'
import { DAY, type DetectionCase, HOUR, MINUTE, SECOND, START, times } from './evidence/case.ts'
import type { Told } from './evidence/investigate.ts'
import { capture, mineMonero, talk, wallet } from './evidence/mining-wire.ts'

const POOL = { ip: '203.0.113.200', port: 3333 }
const MINER = { ip: '10.0.3.17', port: 41_000 }

type Incident = Investigation['incidents'][number]

/** The story of the only incident, told apart by what is asked for. */
function only(ask: (incident: Incident) => string | null): (told: Told) => string | null {
  return ({ story }) => {
    const [incident] = story.incidents
    return incident === undefined ? null : ask(incident)
  }
}

function occupants(...wanted: readonly string[]): (told: Told) => string | null {
  return only(({ occupants: told }) => {
    const got = told.map((one) => one.artefacts.find((artefact) => artefact.type === 'wallet')?.value ?? '?')
    return same(got.toSorted(), wanted.toSorted())
  })
}

function same(got: unknown, wanted: unknown): string | null {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
  return a === b ? null : `${a} instead of ${b}`
}

function all(...checks: readonly ((told: Told) => string | null)[]): (told: Told) => string | null {
  return (told) => checks.map((check) => check(told)).find((problem) => problem !== null) ?? null
}

/** Everyday traffic around it, so that the capture has a beginning and an end of its own. */
function around(from: number, to: number, ip = '10.0.3.17'): TimedPacket[] {
  return times(Math.ceil((to - from) / (5 * MINUTE)) + 1, from, 5 * MINUTE).flatMap((time, at) =>
    talk(
      [
        ['>', 'GET / HTTP/1.1\r\nHost: updates.example\r\n\r\n'],
        ['<', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
      ],
      {
        client: { ip, port: 50_000 + (at % 9000) },
        server: { ip: ip.includes(':') ? '2001:db8::80' : '192.0.2.80', port: 80 },
        start: time,
        stepMs: 50,
      },
    ),
  )
}

const EVERY_DIALECT: DetectionCase[] = CASES.map(({ name, spoken, minerIsResponder }) => ({
  name: `dialect: ${name}`,
  files: () => {
    const said = spoken.filter(([who]) => who === '>' || who === '<')
    const ends = { client: MINER, server: POOL }
    return [capture('eth0.pcap', talk(said, { ...ends, start: START }))]
  },
  incidents: 1,
  check: minerIsResponder === true ? () => null : ({ story }) => same(story.incidents[0]?.asset.id, MINER.ip),
}))

const PORTS: DetectionCase[] = [22, 53, 80, 443, 8080].map((port) => ({
  name: `Stratum on port ${port}`,
  files: () => [
    capture(
      'eth0.pcap',
      mineMonero({ client: MINER, server: { ...POOL, port }, start: START, login: wallet(1), minutes: 20 }),
    ),
  ],
  incidents: 1,
  check: occupants(wallet(1)),
}))

function withFrames(packets: readonly TimedPacket[], vlans: readonly number[]): TimedPacket[] {
  return packets.map((packet) => ({
    ...packet,
    bytes: ethernetFrame(packet.bytes.subarray(14), { vlans }),
  }))
}

const from =
  (ip: string) =>
  (packet: TimedPacket): boolean => {
    const source = [...packet.bytes.subarray(26, 30)].join('.')
    return source === ip
  }

const SHAPES: DetectionCase[] = [
  {
    name: 'over IPv6',
    files: () => [
      capture(
        'eth0.pcap',
        mineMonero({
          client: { ip: '2001:db8:1::17', port: 41_000 },
          server: { ip: '2001:db8:ffff::7', port: 443 },
          start: START,
          login: wallet(1),
          minutes: 20,
        }),
      ),
    ],
    incidents: 1,
  },
  {
    name: 'in a VLAN, and in two',
    files: () => [
      capture(
        'trunk.pcap',
        withFrames(
          mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 10 }),
          [7],
        ),
        withFrames(
          mineMonero({
            client: { ip: '10.0.4.2', port: 41_000 },
            server: POOL,
            start: START,
            login: wallet(2),
            minutes: 10,
          }),
          [7, 99],
        ),
      ),
    ],
    incidents: 2,
  },
  {
    name: 'only what the miner says',
    files: () => [
      capture(
        'out.pcap',
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 20 }).filter(
          from(MINER.ip),
        ),
      ),
    ],
    incidents: 1,
    check: occupants(wallet(1)),
  },
  {
    name: 'only what the pool says',
    files: () => [
      capture(
        'in.pcap',
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 20 }).filter(
          from(POOL.ip),
        ),
      ),
    ],
    incidents: 1,
    check: ({ story }) => same(story.incidents[0]?.asset.id, MINER.ip),
  },
  {
    name: 'joined midway: it began before the capture did, and goes on behind its end',
    files: () => [
      capture(
        'eth0.pcap',
        mineMonero({
          client: MINER,
          server: POOL,
          start: START,
          login: wallet(1),
          minutes: 60,
          isJoinedMidway: true,
          isLeftOpen: true,
        }),
        around(START, START + HOUR),
      ),
    ],
    incidents: 1,
    check: only((incident) =>
      same(
        [incident.status, incident.tenures.map((tenure) => [tenure.startKnown, tenure.endKnown])],
        ['ongoing', [[false, false]]],
      ),
    ),
  },
  {
    name: 'seen from its beginning to its end',
    files: () => [
      capture(
        'eth0.pcap',
        around(START, START + 4 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START + HOUR, login: wallet(1), minutes: 60 }),
      ),
    ],
    incidents: 1,
    check: only((incident) =>
      same(
        [
          incident.status,
          incident.tenures.map((tenure) => [
            tenure.startKnown,
            tenure.endKnown,
            Date.parse(tenure.start) - START,
          ]),
        ],
        ['ended', [[true, true, HOUR]]],
      ),
    ),
  },
  {
    name: 'a pool that refuses the login, again and again',
    files: () => [
      capture(
        'eth0.pcap',
        ...times(20, START, MINUTE).map((time, at) =>
          mineMonero({
            client: { ...MINER, port: 41_000 + at },
            server: POOL,
            start: time,
            login: wallet(1),
            minutes: 0,
            isRefused: true,
          }),
        ),
      ),
    ],
    incidents: 1,
    check: only((incident) => same(incident.severity, 'high')),
  },
  {
    name: 'a miner that comes back every minute',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - 10 * MINUTE, START + 2 * HOUR),
        ...times(60, START, MINUTE).map((time, at) =>
          mineMonero({
            client: { ...MINER, port: 41_000 + at },
            server: POOL,
            start: time,
            login: wallet(1),
            minutes: 0.8,
            shareEveryMs: 12_000,
          }),
        ),
      ),
    ],
    incidents: 1,
    check: only((incident) =>
      same(
        [
          incident.tenures.length,
          incident.tenures[0]?.sharesAccepted,
          Math.round((Date.parse(incident.tenures[0]?.end ?? '') - START) / MINUTE),
        ],
        [1, 240, 60],
      ),
    ),
  },
]

const HANDS: DetectionCase[] = [
  {
    name: 'two wallets, one after the other, at two pools',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 9 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 180 }),
        mineMonero({
          client: { ...MINER, port: 42_000 },
          server: { ip: '198.51.100.9', port: 443 },
          start: START + 3.5 * HOUR,
          login: wallet(2),
          minutes: 240,
        }),
      ),
    ],
    incidents: 1,
    check: all(
      occupants(wallet(1), wallet(2)),
      only((incident) =>
        same(
          [
            incident.tenures.length,
            incident.changes.length,
            incident.changes.map((change) => Math.round((Date.parse(change.time) - START) / MINUTE)),
          ],
          [2, 1, [210]],
        ),
      ),
    ),
  },
  {
    name: 'two wallets, one after the other, at one pool endpoint',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 9 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 180 }),
        mineMonero({
          client: { ...MINER, port: 42_000 },
          server: POOL,
          start: START + 3.5 * HOUR,
          login: wallet(2),
          minutes: 240,
        }),
      ),
    ],
    incidents: 1,
    check: all(
      occupants(wallet(1), wallet(2)),
      only((incident) => same([incident.tenures.length, incident.changes.length], [2, 1])),
    ),
  },
  {
    name: 'two wallets at the same time: both hold it, nobody takes over',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 5 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 180 }),
        mineMonero({
          client: { ...MINER, port: 42_000 },
          server: { ip: '198.51.100.9', port: 443 },
          start: START + 10 * MINUTE,
          login: wallet(2),
          minutes: 180,
        }),
      ),
    ],
    incidents: 1,
    check: all(
      occupants(wallet(1), wallet(2)),
      only((incident) => same([incident.tenures.length, incident.changes.length], [2, 0])),
    ),
  },
  {
    name: 'a machine taken, lost and taken back',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 9 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 60 }),
        mineMonero({
          client: { ...MINER, port: 42_000 },
          server: { ip: '198.51.100.9', port: 443 },
          start: START + 1.2 * HOUR,
          login: wallet(2),
          minutes: 120,
        }),
        mineMonero({
          client: { ...MINER, port: 43_000 },
          server: POOL,
          start: START + 4 * HOUR,
          login: wallet(1),
          minutes: 60,
        }),
      ),
    ],
    incidents: 1,
    check: only((incident) =>
      same(
        [
          incident.tenures.map((tenure) => [
            Math.round((Date.parse(tenure.start) - START) / MINUTE),
            Math.round((Date.parse(tenure.end) - START) / MINUTE / 10),
          ]),
          incident.changes.length,
        ],
        [
          [
            [0, 6],
            [72, 19],
            [240, 30],
          ],
          2,
        ],
      ),
    ),
  },
  {
    name: 'one wallet, stopped for half a day between',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 16 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 60 }),
        mineMonero({
          client: { ...MINER, port: 42_000 },
          server: POOL,
          start: START + 13 * HOUR,
          login: wallet(1),
          minutes: 60,
        }),
      ),
    ],
    incidents: 1,
    check: only((incident) => same([incident.tenures.length, incident.changes.length], [2, 0])),
  },
  {
    name: 'a proxy in the own network: both hops',
    files: () => [
      capture(
        'core.pcap',
        ...[21, 22, 23].map((last) =>
          mineMonero({
            client: { ip: `10.0.3.${last}`, port: 41_000 },
            server: { ip: '10.0.3.9', port: 3333 },
            start: START,
            login: 'x',
            minutes: 30,
          }),
        ),
        mineMonero({
          client: { ip: '10.0.3.9', port: 51_000 },
          server: POOL,
          start: START,
          login: wallet(1),
          minutes: 30,
          agent: 'xmrig-proxy/6.21.0 (Linux x86_64)',
        }),
      ),
    ],
    incidents: 4,
  },
  {
    name: 'fifty miners inside, seen on the gateway',
    files: () => [
      capture(
        'nat.pcap',
        ...Array.from({ length: 50 }, (_, at) =>
          mineMonero({
            client: { ip: `10.0.3.${at + 10}`, port: 41_000 },
            server: POOL,
            start: START + at * SECOND,
            login: wallet(1),
            minutes: 15,
          }),
        ),
      ),
    ],
    incidents: 50,
  },
  {
    name: 'the minutes that XMRig works for its authors',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 9 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 400 }),
        ...[99, 199, 299].map((minute) =>
          mineMonero({
            client: { ...MINER, port: 43_000 + minute },
            server: { ip: '192.0.2.44', port: 3333 },
            start: START + minute * MINUTE,
            login: '7c'.repeat(32),
            minutes: 1,
            shareEveryMs: 20_000,
          }),
        ),
      ),
    ],
    incidents: 1,
    check: only((incident) =>
      same([incident.occupants.length, incident.tenures.length, incident.changes.length], [1, 1, 0]),
    ),
  },
  {
    name: 'a new wallet comes in just before the capture ends',
    files: () => [
      capture(
        'eth0.pcap',
        around(START - HOUR, START + 3 * HOUR),
        mineMonero({ client: MINER, server: POOL, start: START, login: wallet(1), minutes: 170 }),
        mineMonero({
          client: { ...MINER, port: 42_000 },
          server: { ip: '198.51.100.9', port: 443 },
          start: START + 172 * MINUTE,
          login: wallet(2),
          minutes: 7,
          isLeftOpen: true,
        }),
      ),
    ],
    incidents: 1,
    check: all(
      occupants(wallet(1), wallet(2)),
      only((incident) => same([incident.status, incident.changes.length], ['ongoing', 1])),
    ),
  },
  {
    name: 'at the pool’s side: miners from all over',
    files: () => [
      capture(
        'pool.pcap',
        ...Array.from({ length: 8 }, (_, at) =>
          mineMonero({
            client: { ip: `192.0.2.${at + 10}`, port: 41_000 },
            server: { ip: '10.9.9.9', port: 3333 },
            start: START,
            login: wallet(at),
            minutes: 15,
          }),
        ),
      ),
    ],
    incidents: 8,
  },
  {
    name: 'the owner’s own miner, known by its wallet',
    files: () => [
      capture(
        'eth0.pcap',
        mineMonero({ client: MINER, server: POOL, start: START, login: `${wallet(1)}.rig`, minutes: 20 }),
      ),
    ],
    options: { config: `known:\n  - wallet: ${wallet(1)}\n    reason: our rig\n` },
    check: ({ story }) =>
      same(
        story.suppressed.map((entry) => [entry.reason, entry.count]),
        [['our rig', 1]],
      ),
  },
]

const rpc = (id: number, method: string, params: unknown): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`
const reply = (id: number, result: unknown): string => `${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`
const http = (body: string): string =>
  `POST /json_rpc HTTP/1.1\r\nHost: node:18081\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const answer = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const SILENT: readonly [string, number, readonly Spoken[]][] = [
  [
    'a Monero node asked by its wallet',
    18_081,
    [
      ['>', http(rpc(0, 'get_block_count', {}))],
      ['<', answer(reply(0, { count: 3_400_000, status: 'OK' }))],
      ['>', http(rpc(0, 'get_info', {}))],
      ['<', answer(reply(0, { height: 3_400_000, target: 120, difficulty: 400_000_000_000, status: 'OK' }))],
    ],
  ],
  [
    'an Ethereum node',
    8545,
    [
      ['>', http(rpc(1, 'eth_getWork_not', []))],
      ['>', http(rpc(1, 'eth_blockNumber', []))],
      ['<', answer(reply(1, '0x10d4f'))],
      ['>', http(rpc(2, 'eth_syncing', []))],
      ['<', answer(reply(2, false))],
    ],
  ],
  [
    'a Bitcoin node',
    8332,
    [
      ['>', http(rpc(1, 'getmininginfo', []))],
      ['<', answer(reply(1, { blocks: 850_000, difficulty: 9e13, networkhashps: 6e20 }))],
      ['>', http(rpc(2, 'getblocktemplate_info', []))],
      ['<', answer(reply(2, null))],
    ],
  ],
  [
    'a language server over TCP',
    2087,
    [
      ['>', 'Content-Length: 59\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n'],
      ['<', 'Content-Length: 40\r\n\r\n{"jsonrpc":"2.0","id":1,"result":{"a":1}}'],
    ],
  ],
  [
    'a model context server',
    3333,
    [
      ['>', rpc(0, 'initialize', { protocolVersion: '2025-03-26', capabilities: {} })],
      ['<', reply(0, { serverInfo: { name: 'x' } })],
      ['>', rpc(1, 'tools/call', { name: 'submit', arguments: { job: 'login' } })],
      ['<', reply(1, { content: [] })],
    ],
  ],
  [
    'MQTT',
    1883,
    [
      ['>', '\u0010\u001f\u0000\u0004MQTT\u0004'],
      ['<', ' \u0002\u0000\u0000'],
    ],
  ],
  [
    'a chat in JSON lines',
    4444,
    [
      ['>', '{"method":"login","params":{"user":"eva","room":"miners"}}\n'],
      ['<', '{"status":"OK"}\n'],
      ['>', '{"method":"submit","params":{"text":"anyone up for mining tonight?"}}\n'],
      ['<', '{"status":"OK"}\n'],
    ],
  ],
  [
    'a job queue that logs in, takes jobs and submits results',
    7777,
    [
      ['>', rpc(1, 'login', { login: 'worker-7', pass: 'x' })],
      ['<', reply(1, { status: 'OK', id: 'w7' })],
      ['<', rpc(9, 'job', { job_id: '18', file: 's3://frames/18.exr' })],
      ['>', rpc(2, 'submit', { job_id: '18', result: 'done' })],
      ['<', reply(2, { status: 'OK' })],
    ],
  ],
  [
    'Redis',
    6379,
    [
      ['>', '*1\r\n$4\r\nPING\r\n'],
      ['<', '+PONG\r\n'],
    ],
  ],
]

const WIRE_SILENCE: DetectionCase[] = [
  ...SILENT.map(([name, port, spoken]): DetectionCase => ({
    name: `silent: ${name}`,
    files: () => [
      capture('eth0.pcap', talk(spoken, { client: MINER, server: { ...POOL, port }, start: START })),
    ],
  })),
  {
    name: 'silent: TLS to a pool’s port',
    files: () => [
      capture(
        'eth0.pcap',
        talk(
          [
            ['>', '\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000'],
            ['<', '\u0016\u0003\u0003\u0000\u0005\u0002\u0000\u0000\u0001\u0000'],
          ],
          { client: MINER, server: { ...POOL, port: 14_444 }, start: START },
        ),
      ),
    ],
  },
  {
    name: 'silent: a name server that is asked for a pool by a curious analyst',
    files: () => {
      const ports = { src: '10.0.3.17', srcPort: 40_000, dst: '10.0.0.2', dstPort: 53 }
      const bytes = ethernetFrame(
        ipPacket(
          { src: ports.src, dst: ports.dst, protocol: 17 },
          udpDatagram(ports, dnsMessage({ id: 7, name: 'pool.supportxmr.com', type: 'A' })),
        ),
      )
      return [capture('dns.pcap', [{ timeMs: START, bytes }])]
    },
  },
  {
    name: 'silent: a week of ordinary pages',
    files: () => [capture('eth0.pcap', around(START, START + DAY))],
  },
]

export const MINING: readonly DetectionCase[] = [
  ...EVERY_DIALECT,
  ...PORTS,
  ...SHAPES,
  ...HANDS,
  ...WIRE_SILENCE,
]
