import type { PacketDecoder } from '../packet/decoder.ts'
import { checksumOf } from '../packet/tcp-checksum.ts'

/**
 * Whether a segment is one that its receiver will take. Who wants to hide a dialogue from a listener sends
 * packets that only the listener believes: with a wrong checksum, or with a time to live that ends on the
 * way. Both are judged against the SYN of the same end, and kept in the flow's state: bit 12 and 13 (the SYN
 * of A, of B had a right checksum), 14 to 21 and 22 to 29 (its time to live).
 *
 * Wrong checksums prove nothing where the network card computes them, so they count only for an end whose SYN
 * had a right one, and never where the field holds what a card is left with. A doubtful segment is not thrown
 * away: it waits until the other end acknowledges it, or another takes its place.
 */
const RIGHT_A = 1 << 12
const RIGHT_B = 1 << 13
const TTL_SHIFT_A = 14
const TTL_SHIFT_B = 22
/** Routes change by a hop or two within a connection. */
const MAX_FEWER_HOPS = 3

/** The state with what this SYN tells of its sender. */
export function withSyn(state: number, fromA: boolean, packet: PacketDecoder): number {
  const shift = fromA ? TTL_SHIFT_A : TTL_SHIFT_B
  const right = fromA ? RIGHT_A : RIGHT_B
  const known = (state & ~(0xff << shift) & ~right) | (packet.ttl << shift)
  return checksumOf(packet) === 'right' ? known | right : known
}

/** `isWatched`: its checksum is worth the time it takes to compute. */
export function isDoubtful(
  state: number,
  fromA: boolean,
  packet: PacketDecoder,
  isWatched: boolean,
): boolean {
  const ttl = (state >>> (fromA ? TTL_SHIFT_A : TTL_SHIFT_B)) & 0xff
  if (packet.ttl + MAX_FEWER_HOPS < ttl) return true
  return isWatched && (state & (fromA ? RIGHT_A : RIGHT_B)) !== 0 && checksumOf(packet) === 'wrong'
}
