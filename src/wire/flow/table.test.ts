import { describe, expect, it } from 'vitest'
import { icmpPacket, ipPacket, tcpPacket, udpPacket } from '../encode/index.ts'
import { DECODED, PacketDecoder } from '../packet/decoder.ts'
import { FIRST_FROM_A, INITIATOR_A } from './state.ts'
import { FlowTable, NONE } from './table.ts'

function decoded(packet: Uint8Array): PacketDecoder {
  const decoder = new PacketDecoder()
  const view = new DataView(packet.buffer)
  expect(decoder.decode(packet, view, 0, packet.length, 101, 0)).toBe(DECODED)
  return decoder
}

function addTo(table: FlowTable, packet: PacketDecoder): number {
  expect(table.find(packet)).toBe(NONE)
  expect(table.crowding()).toBe(NONE)
  return table.add(0, 1, 0, table.fromA ? FIRST_FROM_A | INITIATOR_A : 0)
}

const tcp = (src: string, srcPort: number, dst: string, dstPort: number) =>
  tcpPacket({ src, srcPort, dst, dstPort, seq: 1, flags: 16 })
const udp = (src: string, srcPort: number, dst: string, dstPort: number) =>
  udpPacket({ src, srcPort, dst, dstPort }, new Uint8Array(4))
const icmp = (src: string, dst: string, type: number, code = 0) =>
  icmpPacket({ src, dst, type, code }, new Uint8Array(4))

/** Published with the specification: https://github.com/corelight/community-id-spec */
describe('Community ID', () => {
  it.each<[string, Uint8Array, string]>([
    ['TCP', tcp('128.232.110.120', 34855, '66.35.250.204', 80), '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    [
      'TCP, other way round',
      tcp('66.35.250.204', 80, '128.232.110.120', 34855),
      '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    ],
    ['UDP', udp('192.168.1.52', 54585, '8.8.8.8', 53), '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
    ['ICMP echo', icmp('192.168.0.89', '192.168.0.1', 8), '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    ['ICMP echo reply', icmp('192.168.0.1', '192.168.0.89', 0), '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    ['ICMP, one way', icmp('192.168.0.89', '192.168.0.1', 20), '1:3o2RFccXzUgjl7zDpqmY7yJi8rI='],
    [
      'ICMPv6 neighbour solicitation',
      icmp('fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea', 135),
      '1:dGHyGvjMfljg6Bppwm3bg0LO8TY=',
    ],
    [
      'ICMPv6 neighbour advertisement',
      icmp('fe80::260:97ff:fe07:69ea', 'fe80::200:86ff:fe05:80da', 136),
      '1:dGHyGvjMfljg6Bppwm3bg0LO8TY=',
    ],
    [
      'ICMPv6, one way',
      icmp('3ffe:507:0:1:260:97ff:fe07:69ea', '3ffe:507:0:1:200:86ff:fe05:80da', 3),
      '1:NdobDX8PQNJbAyfkWxhtL2Pqp5w=',
    ],
    [
      'ICMPv6, one way back',
      icmp('3ffe:507:0:1:200:86ff:fe05:80da', '3ffe:507:0:1:260:97ff:fe07:69ea', 3),
      '1:/OGBt9BN1ofenrmSPWYicpij2Vc=',
    ],
    [
      'IPv6 TCP',
      tcp('2001:470:e5bf:dead:4957:2174:e82c:4887', 63943, '2607:f8b0:400c:c03::1a', 25),
      '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=',
    ],
    [
      'SCTP',
      ipPacket(
        { src: '192.168.170.8', dst: '192.168.170.56', protocol: 132 },
        Uint8Array.of(0, 7, 0, 80, 0, 0, 0, 0),
      ),
      '1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=',
    ],
  ])('%s', (_, packet, expected) => {
    const table = new FlowTable(10)
    expect(table.record(addTo(table, decoded(packet))).communityId).toBe(expected)
  })
})

describe('the flow table', () => {
  it('finds both directions in one entry, and nothing else', () => {
    const table = new FlowTable(10)
    const slot = addTo(table, decoded(tcp('10.0.0.5', 4000, '10.0.0.6', 80)))
    expect(table.find(decoded(tcp('10.0.0.6', 80, '10.0.0.5', 4000)))).toBe(slot)
    expect(table.fromA).toBe(false)
    expect(table.find(decoded(udp('10.0.0.5', 4000, '10.0.0.6', 80)))).toBe(NONE)
    expect(table.find(decoded(tcp('10.0.0.5', 80, '10.0.0.6', 4000)))).toBe(NONE)
    expect(table.find(decoded(tcp('::a00:5', 4000, '::a00:6', 80)))).toBe(NONE)
  })

  it('keeps the rest findable while entries come and go', () => {
    const table = new FlowTable(5_000)
    const packets = Array.from({ length: 3_000 }, (_, i) =>
      decoded(tcp(`10.0.${i >> 8}.${i & 255}`, 1024 + i, '192.0.2.1', 443)),
    )
    const slots = packets.map((packet) => addTo(table, packet))
    for (const [i, slot] of slots.entries()) if (i % 3 === 0) table.remove(slot)
    expect(table.size).toBe(2_000)
    for (const [i, packet] of packets.entries()) {
      expect(table.find(packet)).toBe(i % 3 === 0 ? NONE : slots[i])
    }
    for (const [i, packet] of packets.entries()) if (i % 3 === 0) addTo(table, packet)
    for (const packet of packets) expect(table.find(packet)).not.toBe(NONE)
    expect(table.slots).toBe(3_000)
  })

  it('counts packets and bytes per direction', () => {
    const table = new FlowTable(10)
    const there = decoded(tcp('10.0.0.5', 4000, '10.0.0.6', 80))
    const back = decoded(tcp('10.0.0.6', 80, '10.0.0.5', 4000))
    const slot = addTo(table, there)
    table.find(there)
    table.count(slot, 5, 1, 40)
    table.find(back)
    table.count(slot, 9, 2, 100)
    expect(table.record(slot)).toMatchObject({
      srcIp: '10.0.0.5',
      srcPort: 4000,
      dstIp: '10.0.0.6',
      dstPort: 80,
      packetsOut: 1,
      packetsIn: 2,
      bytesOut: 40,
      bytesIn: 100,
      start: 0,
      last: 9,
    })
  })
})
