/** So many packets with payload are looked at, as ipfixprobe's `pstats` does. */
export const MAX_PACKETS = 30
/** They have to come within this time, as ipfixprobe's active timeout has it; a flow with fewer than `MIN_JUDGED` by then begins anew. */
export const WINDOW_MS = 300_000
/** Fewer packets say too little. */
export const MIN_JUDGED = 10

/** A payload of one full segment; offloading makes longer ones up. */
const MAX_LENGTH = 1460
const LENGTH_BITS = 11
const LENGTH_MASK = (1 << LENGTH_BITS) - 1
const OUT_BIT = 1 << LENGTH_BITS
const PUSH_BIT = 1 << (LENGTH_BITS + 1)
const GAP_SHIFT = LENGTH_BITS + 2
const MAX_GAP_MS = (1 << (32 - GAP_SHIFT)) - 1
export const TCP_PUSH = 8
const SMALLEST = 1024

/** One packet in 32 bits: payload length, direction, PSH, and ms since the packet before. */
export function packPacket(isOut: boolean, length: number, tcpFlags: number, gapMs: number): number {
  const gap = Math.min(MAX_GAP_MS, Math.max(0, Math.round(gapMs)))
  return (
    (gap << GAP_SHIFT) |
    ((tcpFlags & TCP_PUSH) !== 0 ? PUSH_BIT : 0) |
    (isOut ? OUT_BIT : 0) |
    Math.min(MAX_LENGTH, length)
  )
}

export function lengthOf(packed: number): number {
  return packed & LENGTH_MASK
}

/** Whether it went from the flow's source to its destination. */
export function isOut(packed: number): boolean {
  return (packed & OUT_BIT) !== 0
}

export function isPushed(packed: number): boolean {
  return (packed & PUSH_BIT) !== 0
}

export function gapMsOf(packed: number): number {
  return packed >>> GAP_SHIFT
}

/**
 * The first packets with payload of many flows, named by slot, in typed arrays: 132 bytes a flow, nothing
 * allocated per packet. `A` is the caller's own name for one end; who is the source is said when they are taken.
 */
export class FirstPackets {
  #capacity = SMALLEST
  #packets = new Int32Array(SMALLEST * MAX_PACKETS)
  #counts = new Uint8Array(SMALLEST)
  /** Epoch ms of a flow's first and newest packet. */
  #times = new Float64Array(SMALLEST * 2)

  /** A new flow has this slot. */
  begin(slot: number): void {
    if (slot >= this.#capacity) this.#grow(slot)
    this.#counts[slot] = 0
  }

  /** A packet with payload; `length` is that of the TCP payload on the wire, in bytes. Packets beyond the first ones cost nothing. */
  add(slot: number, fromA: boolean, length: number, tcpFlags: number, timeMs: number): void {
    let count = this.#counts[slot] ?? MAX_PACKETS
    if (count >= MAX_PACKETS) return
    const times = this.#times
    const at = slot * 2
    if (count > 0 && timeMs - (times[at] ?? 0) > WINDOW_MS) {
      if (count >= MIN_JUDGED) return
      count = 0
    }
    if (count === 0) times[at] = timeMs
    const gapMs = count === 0 ? 0 : timeMs - (times[at + 1] ?? timeMs)
    times[at + 1] = timeMs
    this.#packets[slot * MAX_PACKETS + count] = packPacket(fromA, length, tcpFlags, gapMs)
    this.#counts[slot] = count + 1
  }

  /** Packets kept of a flow. */
  count(slot: number): number {
    return this.#counts[slot] ?? 0
  }

  /** The kept packets, oldest first, turned so that out is from the source. */
  take(slot: number, isSourceA: boolean): Int32Array {
    const at = slot * MAX_PACKETS
    const packets = this.#packets.slice(at, at + this.count(slot))
    if (!isSourceA) for (let i = 0; i < packets.length; i++) packets[i] = (packets[i] ?? 0) ^ OUT_BIT
    return packets
  }

  #grow(slot: number): void {
    while (this.#capacity <= slot) this.#capacity *= 2
    const packets = new Int32Array(this.#capacity * MAX_PACKETS)
    packets.set(this.#packets)
    this.#packets = packets
    const counts = new Uint8Array(this.#capacity)
    counts.set(this.#counts)
    this.#counts = counts
    const times = new Float64Array(this.#capacity * 2)
    times.set(this.#times)
    this.#times = times
  }
}
