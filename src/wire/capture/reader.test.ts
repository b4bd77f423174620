import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../bytes.ts'
import { encodePcap, encodePcapng, type PcapngOptions, type TimedPacket } from '../encode/index.ts'
import { CaptureReader, firstPacketTime, isCapture } from './reader.ts'

const START = 1_747_019_640_000.123

function somePackets(count: number, size = 60): TimedPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    timeMs: START + i * 1.5,
    bytes: Uint8Array.from({ length: size }, (_, at) => (i * 7 + at * 3) & 0xff),
  }))
}

interface Seen {
  timeMs: number
  hex: string
  linkType: number
}

function readAll(capture: Uint8Array, chunkSize = capture.length) {
  const reader = new CaptureReader()
  const seen: Seen[] = []
  const drain = () => {
    while (reader.next()) {
      const { packet, bytes } = reader
      const hex = Buffer.from(bytes.subarray(packet.at, packet.end)).toString('hex')
      seen.push({ timeMs: packet.timeMs, hex, linkType: packet.linkType })
    }
  }
  for (let at = 0; at < capture.length; at += chunkSize) {
    reader.append(capture.subarray(at, at + chunkSize))
    drain()
  }
  reader.end()
  drain()
  return { seen, outcome: reader.outcome() }
}

function hexes(packets: readonly TimedPacket[]): string[] {
  return packets.map((packet) => Buffer.from(packet.bytes).toString('hex'))
}

const formats: readonly (readonly [string, (packets: readonly TimedPacket[]) => Uint8Array])[] = [
  ['pcap, µs, little-endian', (packets) => encodePcap(packets)],
  ['pcap, µs, big-endian', (packets) => encodePcap(packets, { bigEndian: true })],
  ['pcap, ns, little-endian', (packets) => encodePcap(packets, { nanoseconds: true })],
  ['pcap, ns, big-endian', (packets) => encodePcap(packets, { nanoseconds: true, bigEndian: true })],
  ['pcapng', (packets) => encodePcapng(packets)],
  ['pcapng, big-endian', (packets) => encodePcapng(packets, { bigEndian: true })],
  ['pcapng, ns', ng({ interfaces: [{ timeResolution: 9 }] })],
  ['pcapng, 2^-20 s', ng({ interfaces: [{ timeResolution: 0x94 }] })],
  ['pcapng, 2^-32 s', ng({ interfaces: [{ timeResolution: 0xa0 }] })],
  ['pcapng, 2^-40 s', ng({ interfaces: [{ timeResolution: 0xa8, timeOffsetSeconds: 1_747_000_000 }] })],
  ['pcapng, offset', ng({ interfaces: [{ timeResolution: 9, timeOffsetSeconds: 1_700_000_000 }] })],
  ['pcapng, obsolete packet blocks', ng({ packetBlock: 'obsolete' })],
  ['pcapng, other blocks between', ng({ isNoisy: true })],
]

function ng(options: PcapngOptions) {
  return (packets: readonly TimedPacket[]) => encodePcapng(packets, options)
}

describe.each(formats)('%s', (name, encode) => {
  const packets = somePackets(20)
  const capture = encode(packets)

  it.each([1, 7, 100, 1 << 20])('gives the same packets in chunks of %i', (chunkSize) => {
    const { seen, outcome } = readAll(capture, chunkSize)
    expect(seen.map((packet) => packet.hex)).toEqual(hexes(packets))
    expect(outcome).toMatchObject({ isForeign: false, isCutOff: false, damageCount: 0, badPackets: 0 })
  })

  it('keeps the time to the microsecond', () => {
    const digits = name.includes('2^-20') ? 2 : 3
    for (const [i, packet] of readAll(capture).seen.entries()) {
      expect(packet.timeMs).toBeCloseTo(packets[i]?.timeMs ?? 0, digits)
    }
  })

  it('is recognised and tells its first time', () => {
    expect(isCapture(capture.subarray(0, 300))).toBe(true)
    expect(firstPacketTime(capture.subarray(0, 300))).toBeCloseTo(START, 2)
  })

  it('keeps everything before the place where it is cut off', () => {
    const { seen, outcome } = readAll(capture.subarray(0, capture.length - 30), 64)
    expect(seen).toHaveLength(19)
    expect(outcome).toMatchObject({ isCutOff: true, damageCount: 0 })
  })

  it('goes on behind a damaged stretch', () => {
    const damaged = capture.slice()
    const middle = Math.floor(capture.length / 2)
    damaged.fill(0xff, middle, middle + 100)
    for (const chunkSize of [13, damaged.length]) {
      const { seen, outcome } = readAll(damaged, chunkSize)
      expect(seen.length).toBeGreaterThanOrEqual(16)
      expect(seen.at(-1)?.hex).toBe(hexes(packets).at(-1))
      expect(outcome.damageCount).toBeGreaterThan(0)
      expect(outcome.isCutOff).toBe(false)
    }
  })
})

describe('the same instant', () => {
  it('is the same number whatever the format', () => {
    const packets = somePackets(50)
    const times = formats
      .filter(([name]) => !name.includes('2^') && !name.includes('ns'))
      .map(([, encode]) => readAll(encode(packets)).seen.map((packet) => packet.timeMs))
    for (const list of times) expect(list).toEqual(times[0])
  })
})

describe('pcapng sections and interfaces', () => {
  it('keeps link type and clock of each interface', () => {
    const packets = [
      { timeMs: START, bytes: Uint8Array.of(1), interfaceId: 1 },
      { timeMs: START, bytes: Uint8Array.of(2), interfaceId: 0 },
    ]
    const interfaces = [{ linkType: 1 }, { linkType: 113, timeResolution: 9 }]
    const { seen } = readAll(encodePcapng(packets, { interfaces }))
    expect(seen.map((packet) => packet.linkType)).toEqual([113, 1])
    expect(seen[0]?.timeMs).toBeCloseTo(START, 3)
  })

  it('reads sections of either byte order one after the other', () => {
    const packets = somePackets(3)
    const capture = concatBytes(encodePcapng(packets), encodePcapng(packets, { bigEndian: true }))
    expect(readAll(capture, 9).seen.map((packet) => packet.hex)).toEqual([
      ...hexes(packets),
      ...hexes(packets),
    ])
  })

  it('gives simple packets without a time, cut at the snap length', () => {
    const [packet] = somePackets(1, 60)
    if (packet === undefined) throw new Error('no packet')
    const capture = encodePcapng([{ ...packet, originalLength: 60 }], {
      packetBlock: 'simple',
      interfaces: [{ snapLength: 42 }],
    })
    const { seen } = readAll(capture)
    expect(seen[0]?.timeMs).toBeNaN()
    expect(seen[0]?.hex).toHaveLength(84)
  })

  it('leaves out a packet of an interface that was never described', () => {
    const capture = encodePcapng([{ timeMs: START, bytes: Uint8Array.of(1), interfaceId: 5 }])
    expect(readAll(capture).outcome.badPackets).toBe(1)
  })
})

describe('what is no capture', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('May 12 03:14:07 web-1 sshd[1]: Failed password')],
    ['the start of a header', encodePcap([]).subarray(0, 10)],
    ['another version', Uint8Array.from(encodePcap([]), (byte, at) => (at === 4 ? 9 : byte))],
  ])('%s', (_, bytes) => {
    expect(isCapture(bytes)).toBe(false)
    expect(readAll(bytes).outcome.isForeign).toBe(true)
  })
})

describe('absurd lengths', () => {
  it('crosses zeros that a full disk left, and keeps what stands behind', () => {
    const packets = somePackets(6)
    const capture = encodePcap(packets)
    const at = 24 + 3 * 76
    const holed = concatBytes(capture.subarray(0, at), new Uint8Array(5_000), capture.subarray(at))
    const { seen, outcome } = readAll(holed, 1_000)
    expect(seen.map((packet) => packet.hex)).toEqual(hexes(packets))
    expect(outcome.damages).toEqual([{ offset: at, bytes: 5_000 }])
  })

  it('is not taken in by a length that reaches beyond the end', () => {
    const packets = somePackets(20)
    const capture = encodePcap(packets)
    new DataView(capture.buffer).setUint32(24 + 5 * 76 + 8, 200_000, true)
    const { seen, outcome } = readAll(capture)
    expect(seen).toHaveLength(19)
    expect(outcome).toMatchObject({ isCutOff: false, damageCount: 1 })
  })
})

describe('hostile bytes', () => {
  it('never throw, and never make packets out of nothing', () => {
    const bases = formats.map(([, encode]) => encode(somePackets(8)))
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 400 }),
        (base, edits, chunkSize) => {
          const bytes = base.slice()
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          const { seen } = readAll(bytes, chunkSize)
          expect(seen.length).toBeLessThanOrEqual(bytes.length / 16)
          expect(readAll(bytes).seen).toEqual(seen)
        },
      ),
      { seed: 11, numRuns: 300 },
    )
  })
})

describe('looking ahead', () => {
  it.each(formats)('%s: tells where the next packets stand, and changes nothing', (name, encode) => {
    const packets = somePackets(20)
    const capture = encode(packets)
    const reader = new CaptureReader()
    reader.append(capture.subarray(0, capture.length - 30))
    const starts = new Int32Array(8)
    const foretold: number[] = []
    for (let at = 0; reader.next(); at++) {
      const { packet } = reader
      if (foretold.length > 0) expect(packet.at).toBe(foretold.shift())
      if (foretold.length === 0) foretold.push(...starts.subarray(0, reader.lookAhead(starts)))
      expect(Buffer.from(reader.bytes.subarray(packet.at, packet.end)).toString('hex')).toBe(
        hexes(packets)[at],
      )
    }
    expect(foretold).toEqual([])
    const isPlain = !name.includes('obsolete') && !name.includes('other blocks')
    expect(reader.packetNumber).toBeGreaterThan(isPlain ? 18 : 0)
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...formats), fc.uint8Array({ maxLength: 400 }), ([, encode], noise) => {
        const reader = new CaptureReader()
        reader.append(concatBytes(encode(somePackets(1)), noise))
        const starts = new Int32Array(8)
        do expect(reader.lookAhead(starts)).toBeLessThanOrEqual(8)
        while (reader.next())
      }),
    )
  })
})
