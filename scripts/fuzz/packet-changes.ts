import type { Random } from '../../src/range/random.ts'
import { DECODED, PacketDecoder, TCP } from '../../src/wire/packet/decoder.ts'
import { mutate, type Others } from './mutate.ts'

/** Where addresses, lengths, flags and numbers of Ethernet, IP and TCP stand. */
const HEADER_BYTES = 60
/** No interface hands over more. */
const MAX_PACKET = 65_535
const CHECKSUM_AT = 16

/**
 * Changes packets as somebody does who knows the protocol: numbers of sequence moved a little or far, any flags, other
 * ports, false lengths, cut and lengthened, and half of the time with the checksum that makes a receiver believe it.
 */
export class PacketChanges {
  readonly #others: Others
  readonly #decoder = new PacketDecoder()

  constructor(others: Others) {
    this.#others = others
  }

  changed(packet: Uint8Array, linkType: number, random: Random): Uint8Array {
    const kind = random.fraction()
    if (kind < 0.2) return packet
    if (kind < 0.3) return mutate(packet, random, this.#others).subarray(0, MAX_PACKET)
    const bytes = packet.slice()
    if (kind < 0.75 && this.#tcp(bytes, linkType, random)) return bytes
    if (kind < 0.85 && bytes.length > 0) return bytes.subarray(0, random.integer(0, bytes.length))
    for (let left = random.integer(1, 3); left > 0 && bytes.length > 0; left--) {
      const at = random.integer(
        0,
        Math.min(bytes.length, random.chance(0.7) ? HEADER_BYTES : bytes.length) - 1,
      )
      bytes[at] = random.chance(0.5) ? (bytes[at] ?? 0) ^ (1 << random.integer(0, 7)) : random.integer(0, 255)
    }
    return bytes
  }

  /** False where it is no TCP over IP that can be found in it. */
  #tcp(bytes: Uint8Array, linkType: number, random: Random): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const decoder = this.#decoder
    const isTcp = decoder.decode(bytes, view, 0, bytes.length, linkType, 0) === DECODED
    if (!isTcp || decoder.protocol !== TCP || decoder.packetCount > 1) return false
    const at = decoder.transportAt
    for (let left = random.integer(1, 2); left > 0; left--) random.pick(CHANGES)(view, at, random)
    // What lies behind the data offset may be gone now: then nothing is left to be put right.
    if (random.chance(0.5)) {
      view.setUint16(at + CHECKSUM_AT, 0)
      view.setUint16(at + CHECKSUM_AT, ~tcpSum(decoder, view, at) & 0xffff)
    }
    return true
  }
}

type Change = (view: DataView, at: number, random: Random) => void

const CHANGES: readonly [Change, ...Change[]] = [
  moveSeq,
  moveSeq,
  moveAck,
  anyFlags,
  otherPort,
  offset,
  payload,
  payload,
]

function moveSeq(view: DataView, at: number, random: Random): void {
  view.setUint32(at + 4, (view.getUint32(at + 4) + distance(random)) >>> 0)
}

function moveAck(view: DataView, at: number, random: Random): void {
  view.setUint32(at + 8, (view.getUint32(at + 8) + distance(random)) >>> 0)
}

function anyFlags(view: DataView, at: number, random: Random): void {
  view.setUint8(at + 13, random.integer(0, 255))
}

/** A few ports, so that connections meet again. */
function otherPort(view: DataView, at: number, random: Random): void {
  view.setUint16(
    at + (random.chance(0.8) ? 0 : 2),
    random.chance(0.1) ? 53 : 40_000 + random.integer(0, 2000),
  )
}

function offset(view: DataView, at: number, random: Random): void {
  view.setUint8(at + 12, random.integer(0, 15) << 4)
}

function payload(view: DataView, at: number, random: Random): void {
  const from = at + 20
  if (from >= view.byteLength) return
  for (let left = random.integer(1, 4); left > 0; left--)
    view.setUint8(random.integer(from, view.byteLength - 1), random.integer(0, 255))
}

function distance(random: Random): number {
  const kind = random.fraction()
  if (kind < 0.6) return random.integer(-20, 20)
  return kind < 0.9 ? random.integer(-70_000, 70_000) : random.uint32()
}

function tcpSum({ srcAt, dstAt, isIpv6, dataEnd }: PacketDecoder, view: DataView, at: number): number {
  const addressBytes = isIpv6 ? 16 : 4
  let sum = TCP + (dataEnd - at)
  for (const start of [srcAt, dstAt])
    for (let i = start; i < start + addressBytes; i += 2) sum += view.getUint16(i)
  for (let i = at; i < dataEnd; i += 2) sum += i + 1 < dataEnd ? view.getUint16(i) : view.getUint8(i) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum
}
