import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CaptureReader } from '../../src/wire/capture/reader.ts'
import { ethernetFrame } from '../../src/wire/encode/index.ts'
import { DECODED, PacketDecoder } from '../../src/wire/packet/decoder.ts'

/** A frame of the template: time from its start, and where its outermost addresses stand. */
export interface TemplatePacket {
  readonly atMs: number
  readonly frame: Uint8Array
  /** Position of the source address in the frame (the other one is behind it); -1 where there is no IP. */
  readonly addressAt: number
  readonly isIpv6: boolean
}

/** Every copy takes this long; captures that are longer are played faster, so that everything goes on at once and in its order. */
export const TEMPLATE_MS = 120_000

const ETHERNET = 1
const HEADER_IPV4 = 12
const HEADER_IPV6 = 8

/** All captures of the corpus as one, on Ethernet, in the order of time from each one's start. */
export function readTemplate(corpus: string): TemplatePacket[] {
  const files = globSync('{mining,benign}/**/*.{pcap,pcapng,cap}', { cwd: corpus }).toSorted()
  const packets = files.flatMap((file) => packetsOf(readFileSync(join(corpus, file))))
  return packets.toSorted((a, b) => a.atMs - b.atMs)
}

function packetsOf(bytes: Uint8Array): TemplatePacket[] {
  const reader = new CaptureReader()
  const decoder = new PacketDecoder()
  reader.append(bytes)
  reader.end()
  const found: TemplatePacket[] = []
  let startMs: number | null = null
  let atMs = 0
  while (reader.next()) {
    const { packet, bytes: buffer, view } = reader
    startMs ??= packet.timeMs
    // As it was captured: a packet is never before the one that stands before it in its file.
    if (packet.timeMs - startMs > atMs) atMs = packet.timeMs - startMs
    const isDecoded =
      decoder.decode(buffer, view, packet.at, packet.end, packet.linkType, packet.timeMs) === DECODED
    const ipAt = isDecoded && decoder.packetCount === 1 ? decoder.ipAt : -1
    if (packet.linkType === ETHERNET) {
      const frame = buffer.slice(packet.at, packet.end)
      found.push({ atMs, frame, ...addressesOf(frame, ipAt - packet.at) })
    } else if (ipAt >= 0) {
      const frame = ethernetFrame(buffer.slice(ipAt, packet.end))
      found.push({ atMs, frame, ...addressesOf(frame, frame.length - (packet.end - ipAt)) })
    }
  }
  return atMs > TEMPLATE_MS ? found.map((one) => ({ ...one, atMs: (one.atMs / atMs) * TEMPLATE_MS })) : found
}

function addressesOf(frame: Uint8Array, ipAt: number): Pick<TemplatePacket, 'addressAt' | 'isIpv6'> {
  if (ipAt < 0) return { addressAt: -1, isIpv6: false }
  const isIpv6 = (frame[ipAt] ?? 0) >>> 4 === 6
  return { addressAt: ipAt + (isIpv6 ? HEADER_IPV6 : HEADER_IPV4), isIpv6 }
}
