import { concatBytes } from '../bytes.ts'
import { splitTime, type TimedPacket } from './pcap.ts'

interface PcapngInterface {
  readonly linkType?: number
  readonly snapLength?: number
  /** if_tsresol: 6 = µs (the default), 9 = ns, high bit set = power of two. */
  readonly timeResolution?: number
  /** if_tsoffset: seconds to add to every time stamp. */
  readonly timeOffsetSeconds?: number
}

export interface PcapngOptions {
  readonly bigEndian?: boolean
  readonly interfaces?: readonly PcapngInterface[]
  /** Which block carries packets: Enhanced (6), Simple (3, has no time), obsolete Packet Block (2). */
  readonly packetBlock?: 'enhanced' | 'simple' | 'obsolete'
  /** Puts name resolution, statistics and unknown blocks between the packets. */
  readonly isNoisy?: boolean
}

/** A packet to write, with the interface (zero-based, of its section) that saw it. */
export interface PcapngPacket extends TimedPacket {
  readonly interfaceId?: number
}

/** One section of a pcapng file; sections may be put one after the other. draft-ietf-opsawg-pcapng. */
export function encodePcapng(packets: readonly PcapngPacket[], options: PcapngOptions = {}): Uint8Array {
  const isLittle = options.bigEndian !== true
  const interfaces = options.interfaces ?? [{}]
  const parts = [sectionHeader(isLittle), ...interfaces.map((one) => interfaceBlock(one, isLittle))]
  for (const packet of packets) {
    if (options.isNoisy === true) parts.push(...noise(isLittle))
    const seenBy = interfaces[packet.interfaceId ?? 0] ?? {}
    parts.push(packetBlock(packet, seenBy, options.packetBlock ?? 'enhanced', isLittle))
  }
  return concatBytes(...parts)
}

function sectionHeader(isLittle: boolean): Uint8Array {
  const body = new DataView(new ArrayBuffer(16))
  body.setUint32(0, 0x1a2b3c4d, isLittle)
  body.setUint16(4, 1, isLittle)
  body.setBigInt64(8, -1n, isLittle)
  return block(0x0a0d0d0a, new Uint8Array(body.buffer), isLittle)
}

function interfaceBlock(one: PcapngInterface, isLittle: boolean): Uint8Array {
  const fixed = new DataView(new ArrayBuffer(8))
  fixed.setUint16(0, one.linkType ?? 1, isLittle)
  fixed.setUint32(4, one.snapLength ?? 262_144, isLittle)
  const options: Uint8Array[] = []
  if (one.timeResolution !== undefined) options.push(option(9, Uint8Array.of(one.timeResolution), isLittle))
  if (one.timeOffsetSeconds !== undefined) {
    const seconds = new DataView(new ArrayBuffer(8))
    seconds.setBigInt64(0, BigInt(one.timeOffsetSeconds), isLittle)
    options.push(option(14, new Uint8Array(seconds.buffer), isLittle))
  }
  if (options.length > 0) options.push(option(0, new Uint8Array(), isLittle))
  return block(1, concatBytes(new Uint8Array(fixed.buffer), ...options), isLittle)
}

function packetBlock(
  packet: PcapngPacket,
  seenBy: PcapngInterface,
  kind: NonNullable<PcapngOptions['packetBlock']>,
  isLittle: boolean,
): Uint8Array {
  const originalLength = packet.originalLength ?? packet.bytes.length
  if (kind === 'simple') {
    const fixed = new DataView(new ArrayBuffer(4))
    fixed.setUint32(0, originalLength, isLittle)
    return block(3, concatBytes(new Uint8Array(fixed.buffer), padded(packet.bytes)), isLittle)
  }
  const ticks = ticksOf(packet.timeMs, seenBy)
  const fixed = new DataView(new ArrayBuffer(20))
  if (kind === 'enhanced') fixed.setUint32(0, packet.interfaceId ?? 0, isLittle)
  else fixed.setUint16(0, packet.interfaceId ?? 0, isLittle)
  fixed.setUint32(4, Number(ticks >> 32n), isLittle)
  fixed.setUint32(8, Number(ticks & 0xffffffffn), isLittle)
  fixed.setUint32(12, packet.bytes.length, isLittle)
  fixed.setUint32(16, originalLength, isLittle)
  return block(
    kind === 'enhanced' ? 6 : 2,
    concatBytes(new Uint8Array(fixed.buffer), padded(packet.bytes)),
    isLittle,
  )
}

function ticksOf(timeMs: number, seenBy: PcapngInterface): bigint {
  const resolution = seenBy.timeResolution ?? 6
  const perSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution
  const { seconds, fraction } = splitTime(timeMs - (seenBy.timeOffsetSeconds ?? 0) * 1000, perSecond)
  return BigInt(seconds) * BigInt(perSecond) + BigInt(fraction)
}

function noise(isLittle: boolean): Uint8Array[] {
  const body = new Uint8Array(12)
  return [block(4, new Uint8Array(4), isLittle), block(5, body, isLittle), block(0x80000bad, body, isLittle)]
}

function option(code: number, value: Uint8Array, isLittle: boolean): Uint8Array {
  const header = new DataView(new ArrayBuffer(4))
  header.setUint16(0, code, isLittle)
  header.setUint16(2, value.length, isLittle)
  return concatBytes(new Uint8Array(header.buffer), padded(value))
}

function block(type: number, body: Uint8Array, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(12 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, isLittle)
  view.setUint32(4, bytes.length, isLittle)
  bytes.set(body, 8)
  view.setUint32(8 + body.length, bytes.length, isLittle)
  return bytes
}

function padded(bytes: Uint8Array): Uint8Array {
  return concatBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4))
}
