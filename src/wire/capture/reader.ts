import { StreamBuffer } from './buffer.ts'
import type { CapturedPacket, Framing } from './framing.ts'
import { PCAP_HEADER_BYTES, PcapFraming, readPcapHeader } from './pcap.ts'
import { isPcapng, PcapngFraming } from './pcapng.ts'

/** Whether these first bytes are a capture, by content alone. */
export function isCapture(head: Uint8Array): boolean {
  return readPcapHeader(head) !== null || isPcapng(head)
}

/** Epoch ms of the first packet, where these first bytes hold it. */
export function firstPacketTime(head: Uint8Array): number | null {
  const reader = new CaptureReader()
  reader.append(head)
  return reader.next() && !Number.isNaN(reader.packet.timeMs) ? reader.packet.timeMs : null
}

/**
 * Packets of one capture, fed in chunks: `append` bytes, then `next` until it says false, and so on;
 * `end` after the last chunk, and `next` once more until false. `packet` is one object used over and
 * over, its positions point into `bytes` and hold until the next `append`.
 */
export class CaptureReader {
  readonly packet: CapturedPacket = { at: 0, end: 0, originalLength: 0, timeMs: 0, linkType: 0, offset: 0 }
  /** Packets found so far; the one-based number of the one in hand. */
  packetNumber = 0
  readonly #buffer = new StreamBuffer()
  #framing: Framing | null = null
  #isForeign = false

  get bytes(): Uint8Array {
    return this.#buffer.bytes
  }

  get view(): DataView {
    return this.#buffer.view
  }

  append(chunk: Uint8Array): void {
    this.#buffer.append(chunk)
    if (this.#framing === null && !this.#isForeign) this.#open()
  }

  end(): void {
    this.#buffer.isEnded = true
  }

  next(): boolean {
    if (this.#framing === null || !this.#framing.next(this.#buffer, this.packet)) return false
    this.packetNumber++
    return true
  }

  /** Epoch ms of the packet behind the one in hand, null where that cannot be told yet. */
  peekTimeMs(): number | null {
    return this.#framing?.peekTimeMs(this.#buffer) ?? null
  }

  /** Where the packets behind the one in hand most likely stand; gives how many are in hand. */
  lookAhead(starts: Int32Array): number {
    return this.#framing?.lookAhead(this.#buffer, starts) ?? 0
  }

  /** How reading went, once it is over. */
  outcome(): CaptureOutcome {
    const { at, limit } = this.#buffer
    return {
      isForeign: this.#framing === null,
      bytes: this.#buffer.offsetOf(limit),
      isCutOff: at !== limit,
      damages: this.#framing?.damages ?? [],
      damageCount: this.#framing?.damageCount ?? 0,
      badPackets: this.#framing?.badPackets ?? 0,
    }
  }

  #open(): void {
    const buffer = this.#buffer
    const head = buffer.bytes.subarray(buffer.at, buffer.limit)
    if (head.length < PCAP_HEADER_BYTES) return
    const header = readPcapHeader(head)
    if (header !== null) {
      this.#framing = new PcapFraming(header)
      buffer.at += PCAP_HEADER_BYTES
    } else if (isPcapng(head)) {
      this.#framing = new PcapngFraming()
    } else {
      this.#isForeign = true
    }
  }
}

export interface CaptureOutcome {
  /** The header was not that of a capture (or was cut off): nothing was read. */
  readonly isForeign: boolean
  readonly bytes: number
  /** The stream ended inside a record. */
  readonly isCutOff: boolean
  readonly damages: Framing['damages']
  readonly damageCount: number
  readonly badPackets: number
}
