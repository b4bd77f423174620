/** Bits of a flow's state. A and B are its ends in canonical order (smaller address, then smaller port, is A). */
export const INITIATOR_A = 1
export const FIRST_FROM_A = 1 << 1
export const SYN_A = 1 << 2
export const SYN_B = 1 << 3
export const FIN_A = 1 << 4
export const FIN_B = 1 << 5
export const RESET = 1 << 6
/** Both SYN and SYN-ACK were seen. */
export const HANDSHAKE = 1 << 7
/** A plain SYN told who opened the connection. */
export const OPENED = 1 << 8
/** Its payload is not looked at (any more). */
export const SETTLED = 1 << 9
/** Its times are not those of its packets: the capture has none. */
export const UNTIMED = 1 << 10
/** Its slot holds a flow. */
export const IN_USE = 1 << 11
// Bits 12 to 29: see `credibility.ts`.
