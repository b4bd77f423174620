import type { Random } from '../../../src/range/random.ts'
import { captureSource } from '../../../src/sources/pcap/index.ts'
import { describePacket } from '../../../src/wire/describe.ts'
import { decodeDns, dnsText } from '../../../src/wire/dns/message.ts'
import {
  cookedFrame,
  cookedV2Frame,
  dnsMessage,
  dnsOverTcp,
  encodePcap,
  encodePcapng,
  ethernetFrame,
  icmpPacket,
  ipFragments,
  loopbackFrame,
  mplsStack,
  pppoeSession,
  TcpConversation,
  type TimedPacket,
  udpPacket,
} from '../../../src/wire/encode/index.ts'
import { inputOf, readThrough } from '../feed.ts'
import { mutate } from '../mutate.ts'
import { sceneFile } from '../scene.ts'
import { promise, type Target } from '../target.ts'
import { DIALOGUES, WORDS } from './dialogue-samples.ts'

const START = Date.UTC(2026, 4, 12, 3)
const source = captureSource({ maxFlows: 500 })
const DNS = dnsMessage({
  id: 7,
  name: 'pool.example.net',
  type: 'A',
  isResponse: true,
  answers: [{ name: 'pool.example.net', type: 'A', value: '198.51.100.2' }],
})

/** pcap and pcapng down to flows, DNS and mining dialogues. */
export const capture: Target = {
  name: 'capture',
  samples: () => [
    sceneFile('eth0.pcap').subarray(0, 60_000),
    encodePcap(conversation(0)),
    encodePcapng(conversation(1)),
    encodePcapng(conversation(2), { packetBlock: 'simple' }),
    encodePcap(odd()),
  ],
  words: [...WORDS, '\u00d4\u00c3\u00b2\u00a1', '\n\r\r\n', '\u0006\0\0\0', '\u0001\0\0\0'],
  build: (random) => {
    const packets = disorder(
      random,
      random.chance(0.3)
        ? [...odd(), ...conversation(0)]
        : conversation(random.integer(0, DIALOGUES.length - 1)),
    )
    return random.chance(0.5) ? encodePcap(packets) : encodePcapng(packets)
  },
  check: async (bytes, random) => {
    const inputs = [inputOf('a', bytes, random)]
    if (random.chance(0.3)) inputs.push(inputOf('b', bytes, random))
    await readThrough(source, inputs, random)
  },
}

export const packetText: Target = {
  name: 'packet-text',
  samples: () => [encodePcap(conversation(0)), encodePcapng(odd()), encodePcap(odd())],
  words: WORDS,
  build: null,
  check: async (bytes, random) => {
    const lines = await describePacket(
      inputOf('a', bytes, random),
      random.integer(1, 40),
      random.integer(0, 4000),
    )
    promise(lines.length <= 60, 'few lines')
    for (const line of lines) promise(/^[\x20-\x7e]*$/u.test(line), 'printable ASCII')
  },
}

export const dns: Target = {
  name: 'dns',
  samples: () => [DNS, dnsMessage({ id: 1, name: 'a.b.example', type: 'AAAA' })],
  words: ['\u00c0\u000c', '\u00c0\0', '\u0003www', '\0'],
  build: null,
  check: (bytes) => {
    const message = decodeDns(bytes)
    if (message !== null) promise(dnsText(message).length < 100_000, 'a short text')
  },
}

/** A dialogue as packets of one connection. */
export function conversation(which: number): TimedPacket[] {
  const made = new TcpConversation({
    client: { ip: '10.0.0.5', port: 51_234 + which },
    server: { ip: '198.51.100.7', port: 3333 },
    startMs: START,
    rttMs: 30,
    mss: which % 2 === 0 ? 1460 : 90,
  })
  let time = made.connect()
  for (const { isFirst, text } of DIALOGUES[which % DIALOGUES.length] ?? []) {
    made.send(isFirst, Buffer.from(text), time)
    time += 5000
  }
  made.close(time)
  return made.packets()
}

/** What is rare: fragments, tunnels, other links, DNS over both transports. */
export function odd(): TimedPacket[] {
  const ports = { src: '10.0.0.5', srcPort: 40_000, dst: '10.0.0.2', dstPort: 53 }
  const query = udpPacket(ports, DNS)
  const overTcp = new TcpConversation({
    client: { ip: '2001:db8::5', port: 40_001 },
    server: { ip: '2001:db8::2', port: 53 },
    startMs: START,
    rttMs: 1,
  })
  overTcp.send(true, dnsOverTcp(DNS), START)
  const frames = [
    ethernetFrame(query),
    ethernetFrame(mplsStack(query, [1, 2]), { etherType: 0x8847 }),
    ethernetFrame(pppoeSession(query), { etherType: 0x8864 }),
    ...ipFragments({ src: ports.src, dst: ports.dst, protocol: 17 }, query.subarray(20), 24).map((part) =>
      ethernetFrame(part),
    ),
    ethernetFrame(icmpPacket({ src: ports.src, dst: ports.dst, type: 3, code: 1 }, query.subarray(0, 28))),
    cookedFrame(query),
    cookedV2Frame(query),
    loopbackFrame(query, false),
  ]
  return [...frames.map((bytes, at) => ({ timeMs: START + at, bytes })), ...overTcp.packets()]
}

/** Packets lost, doubled, out of order, changed, at wrong times. */
function disorder(random: Random, packets: readonly TimedPacket[]): TimedPacket[] {
  const out: TimedPacket[] = []
  for (const packet of packets) {
    if (random.chance(0.05)) continue
    const timeMs = random.chance(0.05) ? packet.timeMs + random.between(-1e6, 1e6) : packet.timeMs
    const bytes = random.chance(0.1)
      ? mutate(packet.bytes, random, { samples: [packet.bytes], words: WORDS })
      : packet.bytes
    out.push({
      timeMs: Math.max(0, timeMs),
      bytes: bytes.length > 60_000 ? bytes.subarray(0, 60_000) : bytes,
    })
    if (random.chance(0.05)) out.push({ timeMs: Math.max(0, timeMs), bytes })
    if (random.chance(0.1) && out.length > 1) {
      const [last, before] = [out.pop(), out.pop()]
      if (last !== undefined && before !== undefined) out.push(last, before)
    }
  }
  return out
}
