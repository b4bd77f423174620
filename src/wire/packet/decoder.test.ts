import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress } from '../address.ts'
import { concatBytes, uint16s } from '../bytes.ts'
import {
  carryingPacket,
  cookedFrame,
  cookedV2Frame,
  ethernetFrame,
  genevePacket,
  grePacket,
  gtpPacket,
  icmpPacket,
  ipFragments,
  ipPacket,
  loopbackFrame,
  mplsStack,
  pppFrame,
  pppoeSession,
  TCP_ACK,
  TCP_PSH,
  tcpPacket,
  udpDatagram,
  udpPacket,
  vxlanGpePacket,
  vxlanPacket,
} from '../encode/index.ts'
import { DECODED, HELD, MALFORMED, NOT_IP, PacketDecoder, UNKNOWN_LINK } from './decoder.ts'

const V4 = { src: '10.0.0.5', srcPort: 51234, dst: '192.0.2.7', dstPort: 3333 }
const V6 = { src: '2001:db8::5', srcPort: 51234, dst: '2001:db8::7', dstPort: 3333 }
const HELLO = new TextEncoder().encode('{"id":1,"method":"login"}\n')
const TCP_FIELDS = { seq: 0xfffffff0, ack: 7, flags: TCP_ACK | TCP_PSH }

const v4 = tcpPacket({ ...V4, ...TCP_FIELDS }, HELLO)
const v6 = tcpPacket({ ...V6, ...TCP_FIELDS }, HELLO)

function decode(frame: Uint8Array, linkType = 1, decoder = new PacketDecoder()) {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const outcome = decoder.decode(frame, view, 0, frame.length, linkType, 0)
  return { outcome, decoder }
}

function summary(decoder: PacketDecoder): string {
  const { bytes, isIpv6 } = decoder
  const src = formatAddress(bytes, decoder.srcAt, isIpv6)
  const dst = formatAddress(bytes, decoder.dstAt, isIpv6)
  const text = new TextDecoder().decode(bytes.subarray(decoder.dataAt, decoder.dataEnd)).trimEnd()
  return `${src} ${decoder.srcPort} ${dst} ${decoder.dstPort} ${text}`
}

const SUMMARY_V4 = '10.0.0.5 51234 192.0.2.7 3333 {"id":1,"method":"login"}'
const SUMMARY_V6 = '2001:db8::5 51234 2001:db8::7 3333 {"id":1,"method":"login"}'

function snap(payload: Uint8Array): Uint8Array {
  const llc = concatBytes(Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0), uint16s(0x0800), payload)
  return ethernetFrame(llc, { etherType: llc.length })
}

/** In an Ethernet frame, as tunnels are captured. */
const framed = (packet: Uint8Array): Uint8Array => ethernetFrame(packet)
const vxlan = (inner: Uint8Array, port?: number): Uint8Array => framed(vxlanPacket(inner, port))
const geneve = (inner: Uint8Array): Uint8Array => framed(genevePacket(inner))
const carried = (protocol: number, payload: Uint8Array): Uint8Array =>
  framed(carryingPacket(protocol, payload))

/** Hop-by-hop, routing and destination options, then TCP. */
function withExtensions(): Uint8Array {
  const segment = v6.subarray(40)
  const options = concatBytes(
    Uint8Array.of(43, 0, 1, 4, 0, 0, 0, 0),
    Uint8Array.of(60, 0, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(6, 1),
    new Uint8Array(14),
  )
  return ipPacket({ src: V6.src, dst: V6.dst, protocol: 6, options, firstHeader: 0 }, segment)
}

describe('link types', () => {
  it.each<[string, number, Uint8Array, string]>([
    ['Ethernet', 1, ethernetFrame(v4), SUMMARY_V4],
    ['Ethernet, IPv6', 1, ethernetFrame(v6), SUMMARY_V6],
    ['VLAN', 1, ethernetFrame(v4, { vlans: [7] }), SUMMARY_V4],
    ['QinQ', 1, ethernetFrame(v6, { vlans: [7, 8] }), SUMMARY_V6],
    ['three tags', 1, ethernetFrame(v4, { vlans: [7, 8, 9] }), SUMMARY_V4],
    ['802.3 with SNAP', 1, snap(v4), SUMMARY_V4],
    ['MPLS', 1, ethernetFrame(mplsStack(v4, [16, 17]), { etherType: 0x8847 }), SUMMARY_V4],
    [
      'pseudowire',
      1,
      ethernetFrame(mplsStack(concatBytes(new Uint8Array(4), ethernetFrame(v4)), [16]), {
        etherType: 0x8847,
      }),
      SUMMARY_V4,
    ],
    ['PPPoE', 1, ethernetFrame(pppoeSession(v6), { etherType: 0x8864 }), SUMMARY_V6],
    ['PPP', 9, pppFrame(v4), SUMMARY_V4],
    ['PPP without address and control', 9, pppFrame(v4).subarray(2), SUMMARY_V4],
    ['PPP with short protocol', 9, concatBytes(Uint8Array.of(0x21), v4), SUMMARY_V4],
    ['PPP with direction', 204, concatBytes(Uint8Array.of(0), pppFrame(v4)), SUMMARY_V4],
    ['Cisco HDLC', 104, concatBytes(Uint8Array.of(0x0f, 0), uint16s(0x0800), v4), SUMMARY_V4],
    ['Cisco HDLC called PPP', 9, concatBytes(Uint8Array.of(0x0f, 0), uint16s(0x0800), v4), SUMMARY_V4],
    ['cooked v1', 113, cookedFrame(v4), SUMMARY_V4],
    ['cooked v1, IPv6', 113, cookedFrame(v6), SUMMARY_V6],
    ['cooked v2', 276, cookedV2Frame(v4), SUMMARY_V4],
    ['cooked v2, IPv6', 276, cookedV2Frame(v6), SUMMARY_V6],
    ['raw (12)', 12, v4, SUMMARY_V4],
    ['raw (14)', 14, v6, SUMMARY_V6],
    ['raw (101)', 101, v4, SUMMARY_V4],
    ['raw IPv4', 228, v4, SUMMARY_V4],
    ['raw IPv6', 229, v6, SUMMARY_V6],
    ['loopback, little-endian', 0, loopbackFrame(v4, false), SUMMARY_V4],
    ['loopback, big-endian', 0, loopbackFrame(v6, true), SUMMARY_V6],
    ['loopback of OpenBSD', 108, loopbackFrame(v4, true), SUMMARY_V4],
    ['VXLAN', 1, vxlan(ethernetFrame(v4)), SUMMARY_V4],
    ['VXLAN in VXLAN', 1, vxlan(vxlan(ethernetFrame(v6))), SUMMARY_V6],
    ['Geneve with an option', 1, geneve(ethernetFrame(v4)), SUMMARY_V4],
    ['IP in IP', 1, carried(4, v4), SUMMARY_V4],
    ['6in4', 1, carried(41, v6), SUMMARY_V6],
    ['4in6', 1, ethernetFrame(ipPacket({ src: V6.src, dst: V6.dst, protocol: 4 }, v4)), SUMMARY_V4],
    ['VXLAN on Linux’s own port', 1, vxlan(ethernetFrame(v4), 8472), SUMMARY_V4],
    ['VXLAN of tagged frames', 1, vxlan(ethernetFrame(v6, { vlans: [5] })), SUMMARY_V6],
    ['VXLAN-GPE, IPv4', 1, framed(vxlanGpePacket(v4, 1)), SUMMARY_V4],
    ['VXLAN-GPE, IPv6', 1, framed(vxlanGpePacket(v6, 2)), SUMMARY_V6],
    ['VXLAN-GPE, Ethernet', 1, framed(vxlanGpePacket(ethernetFrame(v4), 3)), SUMMARY_V4],
    ['Geneve that carries IP', 1, framed(genevePacket(v6, 0x86dd)), SUMMARY_V6],
    ['GTP-U', 1, framed(gtpPacket(v4, false)), SUMMARY_V4],
    ['GTP-U with sequence and extension', 1, framed(gtpPacket(v6, true)), SUMMARY_V6],
    ['GRE with checksum', 1, framed(grePacket(v4, { type: 0x0800, hasChecksum: true })), SUMMARY_V4],
    [
      'GRE with checksum, key and sequence',
      1,
      framed(grePacket(v6, { type: 0x86dd, hasChecksum: true, key: 7, sequence: 9 })),
      SUMMARY_V6,
    ],
    ['GRE of MPLS', 1, framed(grePacket(mplsStack(v4, [16]), { type: 0x8847 })), SUMMARY_V4],
    [
      'GRE of a tagged frame',
      1,
      framed(grePacket(ethernetFrame(v4, { vlans: [3] }), { type: 0x6558, key: 1 })),
      SUMMARY_V4,
    ],
    ['ERSPAN I', 1, framed(grePacket(ethernetFrame(v4), { type: 0x88be })), SUMMARY_V4],
    [
      'ERSPAN III with its optional part',
      1,
      framed(
        grePacket(concatBytes(new Uint8Array(11), Uint8Array.of(1), new Uint8Array(8), ethernetFrame(v4)), {
          type: 0x22eb,
          sequence: 1,
        }),
      ),
      SUMMARY_V4,
    ],
    ['WCCP', 1, framed(grePacket(concatBytes(new Uint8Array(4), v4), { type: 0x883e })), SUMMARY_V4],
    [
      'a cloud mirror of a container network',
      1,
      vxlan(framed(grePacket(vxlan(ethernetFrame(v4), 8472), { type: 0x6558 }))),
      SUMMARY_V4,
    ],
    ['GRE', 1, carried(47, concatBytes(uint16s(0, 0x0800), v4)), SUMMARY_V4],
    [
      'GRE with key and sequence',
      1,
      carried(47, concatBytes(uint16s(0x3000, 0x86dd, 0, 1, 0, 2), v6)),
      SUMMARY_V6,
    ],
    ['GRE, bridged', 1, carried(47, concatBytes(uint16s(0, 0x6558), ethernetFrame(v4))), SUMMARY_V4],
    [
      'ERSPAN II',
      1,
      carried(47, concatBytes(uint16s(0x1000, 0x88be, 0, 1), new Uint8Array(8), ethernetFrame(v4))),
      SUMMARY_V4,
    ],
    [
      'ERSPAN III',
      1,
      carried(47, concatBytes(uint16s(0x1000, 0x22eb, 0, 1), new Uint8Array(12), ethernetFrame(v4))),
      SUMMARY_V4,
    ],
    [
      'IPv4 options',
      101,
      ipPacket(
        { src: V4.src, dst: V4.dst, protocol: 6, options: Uint8Array.of(7, 3, 4, 1, 1) },
        v4.subarray(20),
      ),
      SUMMARY_V4,
    ],
    ['IPv6 extension headers', 101, withExtensions(), SUMMARY_V6],
    [
      'IPv6 atomic fragment',
      101,
      ipPacket(
        { src: V6.src, dst: V6.dst, protocol: 6, fragment: { offset: 0, isMore: false } },
        v6.subarray(40),
      ),
      SUMMARY_V6,
    ],
  ])('%s', (_, linkType, frame, expected) => {
    const { outcome, decoder } = decode(frame, linkType)
    expect(outcome).toBe(DECODED)
    expect(summary(decoder)).toBe(expected)
    expect(decoder.seq >>> 0).toBe(0xfffffff0)
    expect(decoder.dataLength).toBe(HELLO.length)
  })
})

describe('transports', () => {
  it('UDP, without what pads the frame', () => {
    const { decoder } = decode(ethernetFrame(udpPacket(V4, Uint8Array.of(65, 66))))
    expect(summary(decoder)).toBe('10.0.0.5 51234 192.0.2.7 3333 AB')
  })

  it('ICMP gives type and code for ports', () => {
    const { outcome, decoder } = decode(
      icmpPacket({ src: V4.src, dst: V4.dst, type: 3, code: 1 }, new Uint8Array(4)),
      101,
    )
    expect([outcome, decoder.protocol, decoder.srcPort, decoder.dstPort]).toEqual([DECODED, 1, 3, 1])
  })

  it('a tunnel port without a tunnel is plain UDP', () => {
    const { outcome, decoder } = decode(
      udpPacket({ ...V4, dstPort: 4789 }, new TextEncoder().encode('\bxxxxxxxno frame')),
      101,
    )
    expect([outcome, decoder.dstPort]).toEqual([DECODED, 4789])
  })

  it('a total length of zero (segmentation offload) means the whole frame', () => {
    const packet = v4.slice()
    packet[2] = packet[3] = 0
    expect(summary(decode(packet, 101).decoder)).toBe(SUMMARY_V4)
  })

  it('a wrong checksum does not matter', () => {
    const packet = v4.slice()
    packet[36] = packet[10] = 0x55
    expect(summary(decode(packet, 101).decoder)).toBe(SUMMARY_V4)
  })

  it('what the snap length cut off is counted, not invented', () => {
    const { decoder } = decode(v4.subarray(0, 44), 101)
    expect([decoder.dataEnd - decoder.dataAt, decoder.dataLength, decoder.ipBytes]).toEqual([
      4,
      HELLO.length,
      v4.length,
    ])
  })
})

describe('fragments', () => {
  const datagram = udpDatagram(
    V4,
    Uint8Array.from({ length: 3_000 }, (_, i) => 97 + (i % 26)),
  )
  const fields = { src: V4.src, dst: V4.dst, protocol: 17, id: 77 }
  const fields6 = { src: V6.src, dst: V6.dst, protocol: 17, id: 77 }

  it.each([
    ['IPv4 in order', ipFragments(fields, datagram, 1480)],
    ['IPv4 backwards', ipFragments(fields, datagram, 1480).toReversed()],
    ['IPv4, tiny', ipFragments(fields, datagram, 24)],
    [
      'IPv4, one twice',
      ipFragments(fields, datagram, 1480).flatMap((one, i) => (i === 0 ? [one, one] : [one])),
    ],
    ['IPv6', ipFragments(fields6, datagram, 1400)],
  ])('%s', (_, fragments) => {
    const decoder = new PacketDecoder()
    const outcomes = fragments.map((fragment) => decode(fragment, 101, decoder).outcome)
    expect(outcomes.at(-1)).toBe(DECODED)
    expect(outcomes.slice(0, -1).every((outcome) => outcome === HELD)).toBe(true)
    expect(decoder.dataLength).toBe(3_000)
    expect(decoder.packetCount).toBe(fragments.length)
    const payload = decoder.bytes.subarray(decoder.dataAt, decoder.dataEnd)
    expect(Buffer.from(payload)).toEqual(Buffer.from(datagram.subarray(8)))
  })

  it('IPv6 with extension headers behind the fragment header', () => {
    const options = concatBytes(Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0), datagram)
    const decoder = new PacketDecoder()
    const fragments = ipFragments({ ...fields6, protocol: 60 }, options, 1400)
    const outcomes = fragments.map((fragment) => decode(fragment, 101, decoder).outcome)
    expect(outcomes).toEqual([HELD, HELD, DECODED])
    expect([decoder.protocol, decoder.srcPort, decoder.dataLength]).toEqual([17, V6.srcPort, 3_000])
  })

  it('of a tunnel, and of what it carries', () => {
    const decoder = new PacketDecoder()
    const inner = ipFragments({ src: V4.src, dst: V4.dst, protocol: 6, id: 5 }, v4.subarray(20), 24)
    const outcomes = inner.flatMap((fragment, id) => {
      const tunnel = grePacket(fragment, { type: 0x0800 })
      return ipFragments(
        { src: '198.51.100.1', dst: '198.51.100.2', protocol: 47, id },
        tunnel.subarray(20),
        16,
      ).map((part) => decode(part, 101, decoder).outcome)
    })
    expect(outcomes.at(-1)).toBe(DECODED)
    expect(summary(decoder)).toBe(SUMMARY_V4)
  })

  it('the first copy of overlapping ones wins', () => {
    const decoder = new PacketDecoder()
    const lie = new Uint8Array(16).fill(0x21)
    const [first, ...others] = ipFragments(fields, datagram.subarray(0, 64), 16)
    const forged = ipPacket({ ...fields, fragment: { offset: 8, isMore: true } }, lie)
    for (const packet of [first, forged, ...others]) if (packet !== undefined) decode(packet, 101, decoder)
    const text = new TextDecoder().decode(decoder.bytes.subarray(decoder.dataAt, decoder.dataEnd))
    expect(text.startsWith('abcdefgh!!!!!!!!')).toBe(true)
    expect(text.length).toBe(56)
  })

  it('are forgotten when too many never become whole', () => {
    const decoder = new PacketDecoder()
    for (let id = 0; id < 5_000; id++) {
      const fragment = ipPacket(
        { ...fields, id, fragment: { offset: 8, isMore: true } },
        new Uint8Array(1_400),
      )
      expect(decode(fragment, 101, decoder).outcome).toBe(HELD)
    }
  })
})

describe('broken packets', () => {
  it.each<[string, number, Uint8Array, number]>([
    ['a frame shorter than its header', 1, new Uint8Array(10), MALFORMED],
    ['a tag at the end', 1, ethernetFrame(v4, { vlans: [7] }).subarray(0, 16), MALFORMED],
    ['an IPv4 header cut off', 101, v4.subarray(0, 19), MALFORMED],
    [
      'an IPv4 header length of 16',
      101,
      Uint8Array.from(v4, (byte, i) => (i === 0 ? 0x44 : byte)),
      MALFORMED,
    ],
    [
      'a total length below the header',
      101,
      Uint8Array.from(v4, (byte, i) => (i === 2 ? 0 : i === 3 ? 9 : byte)),
      MALFORMED,
    ],
    ['a TCP header cut off', 101, v4.subarray(0, 30), MALFORMED],
    [
      'a TCP data offset beyond the packet',
      101,
      Uint8Array.from(v4, (byte, i) => (i === 32 ? 0xf0 : byte)),
      MALFORMED,
    ],
    [
      'endless extension headers',
      101,
      ipPacket(
        {
          src: V6.src,
          dst: V6.dst,
          protocol: 6,
          firstHeader: 60,
          options: Uint8Array.from({ length: 400 }, (_, i) => (i % 8 === 0 ? 60 : 0)),
        },
        new Uint8Array(),
      ),
      MALFORMED,
    ],
    ['ARP', 1, ethernetFrame(new Uint8Array(28), { etherType: 0x0806 }), NOT_IP],
    ['802.11', 105, new Uint8Array(60), UNKNOWN_LINK],
  ])('%s', (_, linkType, frame, expected) => {
    expect(decode(frame, linkType).outcome).toBe(expected)
  })

  it('never throw, and never point outside the packet', () => {
    const frames: [number, Uint8Array][] = [
      [1, ethernetFrame(v4)],
      [1, ethernetFrame(v6, { vlans: [3, 4] })],
      [1, vxlan(vxlan(ethernetFrame(v4)))],
      [1, carried(47, concatBytes(uint16s(0x3000, 0x86dd, 0, 1, 0, 2), v6))],
      [1, ethernetFrame(mplsStack(v4, [16, 17]), { etherType: 0x8847 })],
      [1, geneve(ethernetFrame(v6))],
      [101, withExtensions()],
      [101, ipFragments({ src: V4.src, dst: V4.dst, protocol: 6 }, v4.subarray(20), 16)[0] ?? v4],
      [113, cookedFrame(v4)],
      [276, cookedV2Frame(v4)],
      [0, loopbackFrame(v6, true)],
      [9, pppFrame(v4)],
    ]
    const decoder = new PacketDecoder()
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(),
        ([linkType, base], edits, cut) => {
          const bytes = base.slice(0, base.length - (cut % 3 === 0 ? cut % base.length : 0))
          for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value
          const { outcome } = decode(bytes, linkType, decoder)
          if (outcome !== DECODED) return
          expect(decoder.dataAt).toBeLessThanOrEqual(decoder.dataEnd)
          expect(decoder.dataEnd).toBeLessThanOrEqual(decoder.bytes.length)
          expect(decoder.dataLength).toBeGreaterThanOrEqual(0)
          expect(decoder.dstAt + (decoder.isIpv6 ? 16 : 4)).toBeLessThanOrEqual(decoder.bytes.length)
        },
      ),
      { seed: 12, numRuns: 3_000 },
    )
  })
})
