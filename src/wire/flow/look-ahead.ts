import type { CaptureReader } from '../capture/reader.ts'
import { TCP, UDP } from '../packet/decoder.ts'
import type { Connections } from '../tcp/connections.ts'
import { hashOfIpv4 } from './key.ts'
import type { FlowTable } from './table.ts'

/** So many packets are looked at in one go. */
const PACKETS = 64
/** Of IPv4 without options (RFC 791): where addresses end, and the ports of TCP and UDP. */
const PORTS_AT = 20
const PLAIN_IPV4 = 0x45

/**
 * Touches what the next packets' flows have in memory, many at a time. A hundred thousand flows are in no cache:
 * packets that are taken one by one wait for memory several times each, and here these waits overlap. It changes
 * nothing, and whatever it does not recognise (IPv6, tunnels, options) is merely slower.
 */
export class LookAhead {
  readonly #table: FlowTable
  readonly #connections: Connections
  readonly #starts = new Int32Array(PACKETS)
  readonly #hashes = new Int32Array(PACKETS)
  readonly #slots = new Int32Array(PACKETS)
  /** Of what was touched. Means nothing, but without it nothing would have to be read. */
  sum = 0

  constructor(table: FlowTable, connections: Connections) {
    this.#table = table
    this.#connections = connections
  }

  /** Gives how many packets behind the one in hand were looked at; with no more bytes in hand that is none. */
  look(reader: CaptureReader): number {
    const starts = this.#starts
    const packets = reader.lookAhead(starts)
    const linkBytes = linkBytesOf(reader.packet.linkType)
    if (linkBytes < 0) return packets
    const count = this.#hash(reader.view, linkBytes, packets)
    this.#table.guess(this.#hashes, this.#slots, count)
    this.#table.connectionsOf(this.#slots, count)
    this.sum ^= this.#connections.touch(this.#slots, count)
    return packets
  }

  /** Hashes of those packets that are plain TCP or UDP over IPv4; gives how many. */
  #hash(view: DataView, linkBytes: number, packets: number): number {
    const starts = this.#starts
    const hashes = this.#hashes
    const last = view.byteLength - PORTS_AT - 4
    let count = 0
    for (let i = 0; i < packets; i++) {
      const at = (starts[i] ?? 0) + linkBytes
      if (at > last || view.getUint8(at) !== PLAIN_IPV4) continue
      const protocol = view.getUint8(at + 9)
      if (protocol !== TCP && protocol !== UDP) continue
      const src = view.getInt32(at + 12)
      const dst = view.getInt32(at + 16)
      const ports = view.getInt32(at + PORTS_AT)
      const order = (src >>> 0) - (dst >>> 0) || (ports >>> 16) - (ports & 0xffff)
      hashes[count++] =
        order <= 0
          ? hashOfIpv4(src, dst, ports, protocol)
          : hashOfIpv4(dst, src, (ports << 16) | (ports >>> 16), protocol)
    }
    return count
  }
}

/** Bytes before the IP header where nothing unusual is in between; -1 where that is not known. */
function linkBytesOf(linkType: number): number {
  switch (linkType) {
    case 1:
      return 14
    case 113: // LINUX_SLL
      return 16
    case 276: // LINUX_SLL2
      return 20
    case 12:
    case 14:
    case 101: // RAW
      return 0
    default:
      return -1
  }
}
