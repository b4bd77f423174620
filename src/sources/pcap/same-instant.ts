import type { Cursor } from './cursor.ts'

/** Bytes of a frame that tell it from others of its instant: link, IP and TCP header with sequence numbers. */
const TELLING_BYTES = 96

interface Sightings {
  /** Of the input that saw it most often. */
  most: number
  readonly byInput: Map<number, number>
}

/**
 * Recognises packets that another input had as well: same time, same frame. Packets that one input
 * holds twice are two packets. Only packets of one instant are compared, so little is remembered.
 */
export class SameInstant {
  #time = Number.NaN
  readonly #seen = new Map<number, Sightings>()

  /** Whether packets of this merge time have been compared. */
  isAt(time: number): boolean {
    return this.#time === time
  }

  /** Whether the packet in hand has been counted for another input. */
  isDuplicate(cursor: Cursor): boolean {
    if (cursor.clock.time !== this.#time) {
      this.#time = cursor.clock.time
      this.#seen.clear()
    }
    const key = fingerprint(cursor)
    let sightings = this.#seen.get(key)
    if (sightings === undefined) {
      sightings = { most: 0, byInput: new Map() }
      this.#seen.set(key, sightings)
    }
    const count = (sightings.byInput.get(cursor.index) ?? 0) + 1
    sightings.byInput.set(cursor.index, count)
    if (count <= sightings.most) return true
    sightings.most = count
    return false
  }
}

/** 53 bits of hash over the frame's telling bytes, its length on the wire and its time. */
function fingerprint(cursor: Cursor): number {
  const { packet, bytes } = cursor.reader
  const end = Math.min(packet.end, packet.at + TELLING_BYTES)
  const micros = Math.round((cursor.timeMs % 1_000_000) * 1000)
  let low = Math.imul(packet.originalLength ^ 0x811c9dc5, 0x01000193)
  let high = Math.imul(micros ^ 0x9e3779b1, 0x85ebca6b)
  for (let i = packet.at; i < end; i++) {
    const byte = bytes[i] ?? 0
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul(high ^ byte, 0x5bd1e995) ^ (high >>> 15)
  }
  return (high >>> 11) * 0x100000000 + (low >>> 0)
}
