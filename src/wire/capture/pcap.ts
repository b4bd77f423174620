import type { StreamBuffer } from './buffer.ts'
import { type CapturedPacket, type Damage, DamageLog, type Framing, MAX_PACKET_BYTES } from './framing.ts'

export const PCAP_HEADER_BYTES = 24

export interface PcapHeader {
  readonly isLittle: boolean
  /** Ticks of the fraction field in a second. */
  readonly ticksPerSecond: number
  /** 16, or 24 in the variant with interface index and packet type. */
  readonly recordHeaderBytes: number
  readonly linkType: number
}

/** When a stretch is damaged, a record counts as found again only within this of the last good one. */
const RESYNC_WINDOW_SECONDS = 86_400
const MAX_ORIGINAL_LENGTH = 0x1000000

/** The file header (draft-ietf-opsawg-pcap), or null where these bytes are none. */
export function readPcapHeader(bytes: Uint8Array): PcapHeader | null {
  if (bytes.length < PCAP_HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const isLittle of [true, false]) {
    const magic = view.getUint32(0, isLittle)
    if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d && magic !== 0xa1b2cd34) continue
    if (view.getUint16(4, isLittle) !== 2) continue
    return {
      isLittle,
      ticksPerSecond: magic === 0xa1b23c4d ? 1e9 : 1e6,
      recordHeaderBytes: magic === 0xa1b2cd34 ? 24 : 16,
      linkType: view.getUint32(20, isLittle) & 0xffff,
    }
  }
  return null
}

/** Classic pcap: fixed record headers, no marks to find them again, so damage is crossed by looking for two plausible headers in a row. */
export class PcapFraming implements Framing {
  readonly #header: PcapHeader
  readonly #ticksPerMs: number
  readonly #damage = new DamageLog()
  #lastSeconds = 0
  /** Stream offset where records stopped making sense. */
  #lostAt: number | null = null
  readonly badPackets = 0

  constructor(header: PcapHeader) {
    this.#header = header
    this.#ticksPerMs = header.ticksPerSecond / 1000
  }

  get damages(): readonly Damage[] {
    return this.#damage.list
  }

  get damageCount(): number {
    return this.#damage.count
  }

  next(buffer: StreamBuffer, packet: CapturedPacket): boolean {
    if (this.#lostAt !== null && !this.#recover(buffer, this.#lostAt)) return false
    const { isLittle, recordHeaderBytes, linkType } = this.#header
    const at = buffer.at
    const start = at + recordHeaderBytes
    if (start > buffer.limit) return false
    const view = buffer.view
    const seconds = view.getUint32(at, isLittle)
    const length = view.getUint32(at + 8, isLittle)
    const originalLength = view.getUint32(at + 12, isLittle)
    if (length > MAX_PACKET_BYTES || (length === 0 && seconds === 0)) {
      this.#lostAt = buffer.offsetOf(at)
      buffer.at = at + 1
      return this.next(buffer, packet)
    }
    if (start + length > buffer.limit) return buffer.isEnded && this.#salvage(buffer, packet)
    this.#lastSeconds = seconds
    packet.at = start
    packet.end = start + length
    packet.originalLength = originalLength < length ? length : originalLength
    packet.timeMs = this.#timeMs(view, at)
    packet.linkType = linkType
    packet.offset = buffer.offsetOf(at)
    buffer.at = start + length
    return true
  }

  peekTimeMs(buffer: StreamBuffer): number | null {
    return buffer.at + this.#header.recordHeaderBytes > buffer.limit
      ? null
      : this.#timeMs(buffer.view, buffer.at)
  }

  lookAhead({ at, limit, view }: StreamBuffer, starts: Int32Array): number {
    const { isLittle, recordHeaderBytes } = this.#header
    let count = 0
    for (let start = at + recordHeaderBytes; start <= limit && count < starts.length; count++) {
      const length = view.getUint32(start - recordHeaderBytes + 8, isLittle)
      if (length > MAX_PACKET_BYTES || start + length > limit) break
      starts[count] = start
      start += length + recordHeaderBytes
    }
    return count
  }

  #timeMs(view: DataView, at: number): number {
    const { isLittle } = this.#header
    return view.getUint32(at, isLittle) * 1000 + view.getUint32(at + 4, isLittle) / this.#ticksPerMs
  }

  /** The last record reaches beyond the end: cut off, unless records stand in what it claims for itself. */
  #salvage(buffer: StreamBuffer, packet: CapturedPacket): boolean {
    const at = buffer.at
    buffer.at = at + 1
    if (!this.#find(buffer)) {
      buffer.at = at
      return false
    }
    this.#damage.add(buffer.offsetOf(at), buffer.offsetOf(buffer.at))
    return this.next(buffer, packet)
  }

  #recover(buffer: StreamBuffer, lostAt: number): boolean {
    const isFound = this.#find(buffer)
    if (!isFound && !buffer.isEnded) return false
    if (!isFound) buffer.at = buffer.limit
    this.#lostAt = null
    this.#damage.add(lostAt, buffer.offsetOf(buffer.at))
    return isFound
  }

  /** Moves to the next place where this record's header and the one after it are plausible. */
  #find(buffer: StreamBuffer): boolean {
    const headerBytes = this.#header.recordHeaderBytes
    for (; buffer.at + headerBytes <= buffer.limit; buffer.at++) {
      if (!this.#isPlausible(buffer.view, buffer.at)) continue
      const after = buffer.at + headerBytes + buffer.view.getUint32(buffer.at + 8, this.#header.isLittle)
      if (after + headerBytes <= buffer.limit) {
        if (this.#isPlausible(buffer.view, after)) return true
      } else if (!buffer.isEnded) {
        return false
      } else if (after === buffer.limit) {
        return true
      }
    }
    return false
  }

  #isPlausible(view: DataView, at: number): boolean {
    const { isLittle, ticksPerSecond } = this.#header
    const length = view.getUint32(at + 8, isLittle)
    if (length === 0 || length > MAX_PACKET_BYTES) return false
    const originalLength = view.getUint32(at + 12, isLittle)
    if (originalLength < length || originalLength > MAX_ORIGINAL_LENGTH) return false
    if (view.getUint32(at + 4, isLittle) >= ticksPerSecond) return false
    const seconds = view.getUint32(at, isLittle)
    if (this.#lastSeconds === 0) return seconds !== 0
    return Math.abs(seconds - this.#lastSeconds) <= RESYNC_WINDOW_SECONDS
  }
}
