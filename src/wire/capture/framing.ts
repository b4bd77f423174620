import type { StreamBuffer } from './buffer.ts'

/** No capture program writes longer packets (libpcap's MAXIMUM_SNAPLEN). */
export const MAX_PACKET_BYTES = 262_144

/** The packet in hand: positions in the stream's buffer, valid until more bytes are appended. */
export interface CapturedPacket {
  at: number
  end: number
  /** Length on the wire; more than `end - at` where the snap length cut it. */
  originalLength: number
  /** Epoch ms; NaN where the format carries none. */
  timeMs: number
  /** LINKTYPE_ number; see https://www.tcpdump.org/linktypes.html */
  linkType: number
  /** Offset in the stream of the record or block that holds the packet. */
  offset: number
}

/** A stretch that made no sense and was skipped until records made sense again. */
export interface Damage {
  readonly offset: number
  readonly bytes: number
}

/** Finds packets in one capture format. Never throws, whatever the bytes. */
export interface Framing {
  readonly damages: readonly Damage[]
  /** Damaged places in all; `damages` keeps the first few. */
  readonly damageCount: number
  /** Packets left out because their block or interface made no sense. */
  readonly badPackets: number
  /** Moves to the next packet: true, or false where more bytes are needed first (or there are none). */
  next(buffer: StreamBuffer, packet: CapturedPacket): boolean
  /** Epoch ms of the packet that `next` would move to, null where that cannot be told from what is in hand. */
  peekTimeMs(buffer: StreamBuffer): number | null
  /** Where the next packets in hand will start if nothing unusual is among them; gives how many. Changes nothing. */
  lookAhead(buffer: StreamBuffer, starts: Int32Array): number
}

const DAMAGES_KEPT = 16

/** Keeps the first damaged places, counts all. */
export class DamageLog {
  readonly list: Damage[] = []
  count = 0

  add(from: number, to: number): void {
    this.count++
    if (this.list.length < DAMAGES_KEPT) this.list.push({ offset: from, bytes: to - from })
  }
}
