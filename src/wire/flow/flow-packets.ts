import type { FirstPackets } from '../behaviour/first-packets.ts'
import type { PacketDecoder } from '../packet/decoder.ts'
import { INITIATOR_A } from './state.ts'
import { type FlowTable, NONE } from './table.ts'

/** The first packets of those flows of a table that are, or may turn out to be, of interest: few of very many. */
export class FlowPackets {
  readonly #table: FlowTable
  readonly #packets: FirstPackets
  readonly #free: number[] = []
  #used = 0

  constructor(table: FlowTable, packets: FirstPackets) {
    this.#table = table
    this.#packets = packets
  }

  begin(slot: number): void {
    const name = this.#free.pop() ?? this.#used++
    this.#packets.begin(name)
    this.#table.setFirstPackets(slot, name)
  }

  /** A TCP packet with payload, the one the table looked up last. Without `begin` it costs nothing. */
  add(slot: number, packet: PacketDecoder, timeMs: number): void {
    const name = this.#table.firstPackets(slot)
    if (name === NONE) return
    this.#packets.add(name, this.#table.fromA, packet.dataLength, packet.tcpFlags, timeMs)
  }

  /** See `FirstPackets.take`; null where none were kept. */
  take(slot: number): Int32Array | null {
    const name = this.#table.firstPackets(slot)
    if (name === NONE) return null
    return this.#packets.take(name, (this.#table.state(slot) & INITIATOR_A) !== 0)
  }

  forget(slot: number): void {
    const name = this.#table.firstPackets(slot)
    if (name === NONE) return
    this.#free.push(name)
    this.#table.setFirstPackets(slot, NONE)
  }
}
