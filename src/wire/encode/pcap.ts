import { concatBytes } from '../bytes.ts'

/** A packet to write: epoch ms (microseconds kept), bytes as captured, and its length on the wire where the snap length cut it. */
export interface TimedPacket {
  readonly timeMs: number
  readonly bytes: Uint8Array
  readonly originalLength?: number
}

export interface PcapOptions {
  readonly nanoseconds?: boolean
  readonly bigEndian?: boolean
  /** LINKTYPE_ number; 1 = Ethernet. */
  readonly linkType?: number
  readonly snapLength?: number
}

/** A classic capture file. draft-ietf-opsawg-pcap. */
export function encodePcap(packets: readonly TimedPacket[], options: PcapOptions = {}): Uint8Array {
  const isLittle = options.bigEndian !== true
  const ticks = options.nanoseconds === true ? 1e9 : 1e6
  const header = new DataView(new ArrayBuffer(24))
  header.setUint32(0, options.nanoseconds === true ? 0xa1b23c4d : 0xa1b2c3d4, isLittle)
  header.setUint16(4, 2, isLittle)
  header.setUint16(6, 4, isLittle)
  header.setUint32(16, options.snapLength ?? 262_144, isLittle)
  header.setUint32(20, options.linkType ?? 1, isLittle)
  const parts: Uint8Array[] = [new Uint8Array(header.buffer)]
  for (const packet of packets) {
    const record = new DataView(new ArrayBuffer(16))
    const { seconds, fraction } = splitTime(packet.timeMs, ticks)
    record.setUint32(0, seconds, isLittle)
    record.setUint32(4, fraction, isLittle)
    record.setUint32(8, packet.bytes.length, isLittle)
    record.setUint32(12, packet.originalLength ?? packet.bytes.length, isLittle)
    parts.push(new Uint8Array(record.buffer), packet.bytes)
  }
  return concatBytes(...parts)
}

/** Whole seconds and ticks of the rest; no product leaves the range where doubles are exact. */
export function splitTime(timeMs: number, ticksPerSecond: number): { seconds: number; fraction: number } {
  const seconds = Math.floor(timeMs / 1000)
  const fraction = Math.round(((timeMs - seconds * 1000) * ticksPerSecond) / 1000)
  return fraction >= ticksPerSecond ? { seconds: seconds + 1, fraction: 0 } : { seconds, fraction }
}
