import type { StreamBuffer } from './buffer.ts'
import { type CapturedPacket, type Damage, DamageLog, type Framing, MAX_PACKET_BYTES } from './framing.ts'
import { type TickScale, tickScale, ticksToMs } from './ticks.ts'

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6
const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Longer blocks are taken for damage. */
const MAX_BLOCK_BYTES = 0x1000000
/** A block that has to be in hand as a whole: a packet with its options, an interface description. */
const MAX_HELD_BLOCK_BYTES = MAX_PACKET_BYTES + 65_536
const MAX_INTERFACES = 65_536

interface Interface {
  readonly linkType: number
  readonly snapLength: number
  readonly scale: TickScale
}

/** Byte order of the section that starts here, null where none does. Needs 12 bytes at `at`. */
function sectionOrder(view: DataView, at: number): boolean | null {
  if (view.getUint32(at) !== SECTION_HEADER) return null
  if (view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC) return true
  return view.getUint32(at + 8) === BYTE_ORDER_MAGIC ? false : null
}

export function isPcapng(bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false
  return sectionOrder(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0) !== null
}

/** pcapng (draft-ietf-opsawg-pcapng): sections, interfaces, packets; other blocks are skipped. */
export class PcapngFraming implements Framing {
  readonly #damage = new DamageLog()
  #interfaces: Interface[] = []
  #isLittle = true
  /** Stream offset where blocks stopped making sense. */
  #lostAt: number | null = null
  badPackets = 0

  get damages(): readonly Damage[] {
    return this.#damage.list
  }

  get damageCount(): number {
    return this.#damage.count
  }

  next(buffer: StreamBuffer, packet: CapturedPacket): boolean {
    for (;;) {
      if (this.#lostAt !== null && !this.#recover(buffer, this.#lostAt)) return false
      const at = buffer.at
      if (at + 12 > buffer.limit) return false
      const order = sectionOrder(buffer.view, at)
      if (order !== null) this.#isLittle = order
      const type = buffer.view.getUint32(at, this.#isLittle)
      const length = buffer.view.getUint32(at + 4, this.#isLittle)
      if (!isBlockLength(type, length)) {
        this.#lose(buffer)
        continue
      }
      if (isHeld(type)) {
        if (at + length > buffer.limit) {
          if (!buffer.isEnded || !this.#salvage(buffer)) return false
          continue
        }
        if (buffer.view.getUint32(at + length - 4, this.#isLittle) !== length) {
          this.#lose(buffer)
          continue
        }
        buffer.at = at + length
        if (this.#block(buffer, type, at, at + length - 4, packet)) return true
        continue
      }
      buffer.at = at + length
    }
  }

  peekTimeMs(buffer: StreamBuffer): number | null {
    const { view, at } = buffer
    if (at + 20 > buffer.limit || view.getUint32(at, this.#isLittle) !== ENHANCED_PACKET) return null
    const seenBy = this.#interfaces[view.getUint32(at + 8, this.#isLittle)]
    return seenBy === undefined ? null : this.#timeMs(view, at, seenBy)
  }

  lookAhead({ at, limit, view }: StreamBuffer, starts: Int32Array): number {
    const isLittle = this.#isLittle
    let count = 0
    for (let block = at; block + 28 <= limit && count < starts.length; count++) {
      const length = view.getUint32(block + 4, isLittle)
      if (view.getUint32(block, isLittle) !== ENHANCED_PACKET || !isBlockLength(ENHANCED_PACKET, length))
        break
      if (block + length > limit) break
      starts[count] = block + 28
      block += length
    }
    return count
  }

  #timeMs(view: DataView, at: number, seenBy: Interface): number {
    return ticksToMs(
      view.getUint32(at + 12, this.#isLittle),
      view.getUint32(at + 16, this.#isLittle),
      seenBy.scale,
    )
  }

  /** One whole block; true if it carried a packet. */
  #block(buffer: StreamBuffer, type: number, at: number, end: number, packet: CapturedPacket): boolean {
    packet.offset = buffer.offsetOf(at)
    switch (type) {
      case SECTION_HEADER:
        this.#interfaces = []
        return false
      case INTERFACE:
        this.#interface(buffer.view, at, end)
        return false
      case ENHANCED_PACKET:
        return this.#timedPacket(buffer.view, buffer.view.getUint32(at + 8, this.#isLittle), at, end, packet)
      case OBSOLETE_PACKET:
        return this.#timedPacket(buffer.view, buffer.view.getUint16(at + 8, this.#isLittle), at, end, packet)
      default:
        return this.#simplePacket(buffer.view, at, end, packet)
    }
  }

  #timedPacket(view: DataView, id: number, at: number, end: number, packet: CapturedPacket): boolean {
    const isLittle = this.#isLittle
    const seenBy = this.#interfaces[id]
    const length = view.getUint32(at + 20, isLittle)
    if (seenBy === undefined || length > end - at - 28) {
      this.badPackets++
      return false
    }
    packet.timeMs = this.#timeMs(view, at, seenBy)
    packet.at = at + 28
    packet.end = at + 28 + length
    packet.originalLength = Math.max(length, view.getUint32(at + 24, isLittle))
    packet.linkType = seenBy.linkType
    return true
  }

  #simplePacket(view: DataView, at: number, end: number, packet: CapturedPacket): boolean {
    const seenBy = this.#interfaces[0]
    if (seenBy === undefined) {
      this.badPackets++
      return false
    }
    packet.originalLength = view.getUint32(at + 8, this.#isLittle)
    const snapped =
      seenBy.snapLength === 0 ? packet.originalLength : Math.min(packet.originalLength, seenBy.snapLength)
    packet.timeMs = Number.NaN
    packet.at = at + 12
    packet.end = at + 12 + Math.min(snapped, end - at - 12)
    packet.linkType = seenBy.linkType
    return true
  }

  #interface(view: DataView, at: number, end: number): void {
    if (this.#interfaces.length >= MAX_INTERFACES) return
    const isLittle = this.#isLittle
    let resolution = 6
    let offsetSeconds = 0
    let option = at + 16
    while (option + 4 <= end) {
      const code = view.getUint16(option, isLittle)
      const length = view.getUint16(option + 2, isLittle)
      if (code === 0 || option + 4 + length > end) break
      if (code === 9 && length >= 1) resolution = view.getUint8(option + 4)
      if (code === 14 && length >= 8) offsetSeconds = Number(view.getBigInt64(option + 4, isLittle))
      option += 4 + length + ((4 - (length & 3)) & 3)
    }
    this.#interfaces.push({
      linkType: view.getUint16(at + 8, isLittle),
      snapLength: view.getUint32(at + 12, isLittle),
      scale: tickScale(resolution, offsetSeconds),
    })
  }

  #lose(buffer: StreamBuffer): void {
    this.#lostAt = buffer.offsetOf(buffer.at)
    buffer.at += 1
  }

  #recover(buffer: StreamBuffer, lostAt: number): boolean {
    const isFound = this.#find(buffer)
    if (!isFound && !buffer.isEnded) return false
    if (!isFound) buffer.at = buffer.limit
    this.#lostAt = null
    this.#damage.add(lostAt, buffer.offsetOf(buffer.at))
    return isFound
  }

  /** The last block reaches beyond the end: cut off, unless blocks stand in what it claims for itself. */
  #salvage(buffer: StreamBuffer): boolean {
    const at = buffer.at
    buffer.at = at + 1
    const isFound = this.#find(buffer)
    if (isFound) this.#damage.add(buffer.offsetOf(at), buffer.offsetOf(buffer.at))
    else buffer.at = at
    return isFound
  }

  /** Moves to the next block whose two lengths agree, or to the next section. */
  #find(buffer: StreamBuffer): boolean {
    for (; buffer.at + 12 <= buffer.limit; buffer.at++) {
      const at = buffer.at
      const order = sectionOrder(buffer.view, at) ?? this.#isLittle
      const type = buffer.view.getUint32(at, order)
      if (!isHeld(type)) continue
      const length = buffer.view.getUint32(at + 4, order)
      if (!isBlockLength(type, length)) continue
      if (at + length > buffer.limit) {
        if (buffer.isEnded) continue
        return false
      }
      if (buffer.view.getUint32(at + length - 4, order) === length) return true
    }
    return false
  }
}

function isHeld(type: number): boolean {
  return (
    type === ENHANCED_PACKET ||
    type === SIMPLE_PACKET ||
    type === INTERFACE ||
    type === OBSOLETE_PACKET ||
    type === SECTION_HEADER
  )
}

function isBlockLength(type: number, length: number): boolean {
  if (length < leastLength(type) || (length & 3) !== 0) return false
  return length <= (isHeld(type) ? MAX_HELD_BLOCK_BYTES : MAX_BLOCK_BYTES)
}

function leastLength(type: number): number {
  switch (type) {
    case ENHANCED_PACKET:
    case OBSOLETE_PACKET:
      return 32
    case SECTION_HEADER:
      return 28
    case INTERFACE:
      return 20
    case SIMPLE_PACKET:
      return 16
    default:
      return 12
  }
}
