/**
 * What the table holds of a flow, in two arrays with as many words each: integers, and doubles in the same memory
 * (8 bytes of two integers each). In the first is what every packet touches, one cache line: addresses (first
 * words), ports, protocol, hash, state, packets, newest packet (epoch ms), bytes.
 */
export const WORDS = 16
export const DOUBLES = WORDS / 2
export const ADDRESS_A = 0
export const ADDRESS_B = 1
export const PORTS = 2
export const PROTOCOL = 3
export const HASH = 4
export const STATE = 5
export const PACKETS_A = 6
export const PACKETS_B = 7
export const CONNECTION = 14
export const FIRST_PACKETS = 15
export const LAST = 4
export const BYTES_A = 5
export const BYTES_B = 6
/** A slot that is not in use names the next such here, plus one. */
export const NEXT_FREE = 4

/** In the second array. Of IPv6 addresses, words two to four of A, then of B. */
export const SEQ_A = 0
export const SEQ_B = 1
export const REST = 2
export const REST_WORDS = 6
/** First packet (epoch ms), and where it stands. */
export const FIRST = 4
export const PACKET = 5
export const OFFSET = 6

/** Set in the protocol of a flow between IPv6 addresses. */
export const IPV6_BIT = 0x100
