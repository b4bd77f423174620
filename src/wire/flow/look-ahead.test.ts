import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CaptureReader } from '../capture/reader.ts'
import { encodePcap, ethernetFrame, tcpPacket, type TimedPacket, udpPacket } from '../encode/index.ts'
import { DECODED, PacketDecoder } from '../packet/decoder.ts'
import { FlowTracker } from './tracker.ts'

/** What a tracker tells of a capture, in the order in which it does. */
function toldOf(packets: readonly TimedPacket[], looksAhead: boolean): string[] {
  const told: string[] = []
  const tracker = new FlowTracker(1000, {
    flow: ({ communityId, packetsOut, packetsIn, bytesOut, bytesIn, start, last }) =>
      told.push([communityId, packetsOut, packetsIn, bytesOut, bytesIn, start, last].join(' ')),
    stratum: ({ phase, snapshot }) => told.push(`${phase} ${snapshot.lastLine}`),
    dns: () => told.push('dns'),
  })
  const reader = new CaptureReader()
  const decoder = new PacketDecoder()
  reader.append(encodePcap(packets))
  reader.end()
  while (reader.next()) {
    const { packet, bytes, view } = reader
    if (looksAhead) tracker.prepare(reader)
    const outcome = decoder.decode(bytes, view, packet.at, packet.end, packet.linkType, packet.timeMs)
    if (outcome === DECODED) tracker.track(decoder, packet.timeMs, true, reader.packetNumber, packet.offset)
  }
  while (!tracker.finish(100)) continue
  return told
}

const frames = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc
    .record({
      src: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1'),
      dst: fc.constantFrom('198.51.100.1', '198.51.100.2', '2001:db8::2'),
      srcPort: fc.integer({ min: 4000, max: 4003 }),
      dstPort: fc.constantFrom(53, 443, 3333),
      seq: fc.integer({ min: 0, max: 300 }),
      flags: fc.constantFrom(2, 16, 17, 18, 24),
      text: fc.constantFrom('', '{"id":1,"method":"mining.subscribe","params":[]}\n', 'hello'),
      isTcp: fc.boolean(),
    })
    .filter(({ src, dst }) => src.includes(':') === dst.includes(':'))
    .map(({ text, isTcp, seq, flags, ...ends }) =>
      ethernetFrame(
        isTcp
          ? tcpPacket({ ...ends, seq, ack: 1, flags }, Buffer.from(text))
          : udpPacket(ends, Buffer.from(text)),
      ),
    ),
)

describe('looking ahead', () => {
  it('changes nothing of what is told, whatever the packets', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 200 }), (all) => {
        const packets = all.map((bytes, at) => ({ timeMs: 1_747_019_640_000 + at * 10, bytes }))
        expect(toldOf(packets, true)).toEqual(toldOf(packets, false))
      }),
    )
  })
})
