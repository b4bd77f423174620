import { describe, expect, it } from 'vitest'
import {
  concatBytes,
  cookedV2Frame,
  encodePcap,
  encodePcapng,
  ethernetFrame,
  tcpPacket,
  type TimedPacket,
} from '../../src/wire/encode/index.ts'
import { evidence, investigate, MAX_RSS_BYTES } from './run.ts'
import { MINER, miningPackets, START } from './samples.ts'

const packets = miningPackets()
const capture = Buffer.from(encodePcap(packets))
const HEADER_BYTES = 24
const YEAR_MS = 365 * 86_400_000

/** Where the record of a packet starts. */
function recordAt(index: number): number {
  let at = HEADER_BYTES
  for (let packet = 0; packet < index; packet++) at += 16 + capture.readUInt32LE(at + 8)
  return at
}

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(capture)
  change(bytes)
  return bytes
}

function isFromMiner({ bytes }: TimedPacket): boolean {
  return Buffer.from(bytes.subarray(26, 30)).join('.') === MINER
}

const noise = { interfaces: [{}, { timeResolution: 9 }, { timeResolution: 0x80 | 20 }], isNoisy: true }

describe('a miner is found in a capture', () => {
  it.each([
    ['in nanoseconds, big-endian', encodePcap(packets, { nanoseconds: true, bigEndian: true })],
    [
      'of cooked v2 packets',
      encodePcap(
        miningPackets('ip').map((packet) => ({ ...packet, bytes: cookedV2Frame(packet.bytes) })),
        { linkType: 276 },
      ),
    ],
    [
      'with several sections, resolutions and byte orders',
      concatBytes(
        encodePcapng(packets.slice(0, 10)),
        encodePcapng(packets.slice(10), { bigEndian: true, interfaces: [{ timeResolution: 9 }] }),
      ),
    ],
    [
      'with several interfaces and blocks that nobody knows',
      encodePcapng(
        packets.map((packet, at) => ({ ...packet, interfaceId: at % 3 })),
        noise,
      ),
    ],
    ['without times', encodePcapng(packets, { packetBlock: 'simple' })],
    ['of what it sent alone', encodePcap(packets.filter(isFromMiner))],
    ['of what it received alone', encodePcap(packets.filter((packet) => !isFromMiner(packet)))],
    ['whose clock jumps by years', encodePcap(packets.map((packet, at) => jumped(packet, at)))],
    [
      'whose first packets have no time and the last moment',
      encodePcap(
        packets.map((packet, at) => (at < 2 ? { ...packet, timeMs: at * 4_294_967_295_000 } : packet)),
      ),
    ],
  ])('%s', async (_title, bytes) => {
    const { exitCode, story } = await investigate([evidence({ 'eth0.pcap': bytes })])
    expect(exitCode).toBe(10)
    expect(story.incidents[0]?.asset.names).toContain(MINER)
  })

  it.each([
    ['cut off in a packet', capture.subarray(0, -100), /ends in the middle of packet 26/u],
    [
      'with an absurd length',
      changed((b) => b.writeUInt32LE(0xffff_ffff, recordAt(6) + 8)),
      /damaged at byte/u,
    ],
    ['with garbage in it', changed((b) => b.fill(0xa5, recordAt(9), recordAt(10) + 40)), /damaged at byte/u],
    ['cut off in its middle', capture.subarray(0, recordAt(15) + 7), /ends in the middle of packet 16/u],
  ])('%s, and what is lost is named', async (_title, bytes, problem) => {
    const { exitCode, problems } = await investigate([evidence({ 'eth0.pcap': bytes })])
    expect(exitCode).toBe(10)
    expect(problems.join('\n')).toMatch(problem)
  })
})

function jumped(packet: TimedPacket, at: number): TimedPacket {
  const step = at % 5 === 4 ? -YEAR_MS : at % 7 === 3 ? 6 * YEAR_MS : 0
  return { ...packet, timeMs: packet.timeMs + step }
}

it('a capture of nothing but its header is read as empty', async () => {
  const folder = evidence({ 'a.pcap': capture.subarray(0, HEADER_BYTES), 'b.pcap': capture.subarray(0, 10) })
  const { exitCode, story, skipped } = await investigate([folder])
  expect(exitCode).toBe(0)
  expect(story.inputs).toMatchObject([{ records: 0, bad: 0 }])
  expect(skipped).toEqual(['b.pcap: not a format I know'])
})

it('a scan of a network is told in bounded memory', async () => {
  const frame = ethernetFrame(
    tcpPacket({ src: '203.0.113.9', srcPort: 4000, dst: '10.0.0.0', dstPort: 22, seq: 1, ack: 0, flags: 2 }),
  )
  const one = Buffer.from(encodePcap([{ timeMs: START, bytes: frame }]))
  const record = one.subarray(HEADER_BYTES)
  const scan = Buffer.alloc(210_000 * record.length)
  for (let at = 0; at < 210_000; at++) {
    const start = record.copy(scan, at * record.length) * at
    scan.writeUInt32LE(at * 4, start + 4)
    // Destination of the IP header behind record and Ethernet header.
    scan.writeUIntBE(at, start + 16 + 14 + 17, 3)
  }
  const folder = evidence({ 'a.pcap': Buffer.concat([one.subarray(0, HEADER_BYTES), scan]) })
  const { exitCode, problems, maxRssBytes } = await investigate([folder])
  expect(exitCode).toBe(0)
  expect(problems.join('\n')).toContain('more than 200,000 flows at once')
  expect(maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
})
