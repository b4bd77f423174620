import { ALL_PROTOCOLS, type PortRange, type ProtocolNumber } from './model.ts'

export const TCP = 6
export const UDP = 17
export const ICMP = 1
export const ICMPV6 = 58

const NUMBERS: Readonly<Record<string, number>> = {
  all: ALL_PROTOCOLS,
  '-1': ALL_PROTOCOLS,
  icmp: ICMP,
  tcp: TCP,
  udp: UDP,
  icmpv6: ICMPV6,
  'ipv6-icmp': ICMPV6,
  gre: 47,
  esp: 50,
  ah: 51,
  sctp: 132,
}

/** IANA number of a protocol by name or number; -1 = all; null where it is none. */
export function protocolNumber(text: string | null): ProtocolNumber | null {
  if (text === null) return null
  const named = NUMBERS[text.toLowerCase()]
  if (named !== undefined) return named
  return /^\d{1,3}$/u.test(text) && Number(text) < 256 ? Number(text) : null
}

export function protocolName(number: ProtocolNumber): string {
  if (number === TCP) return 'tcp'
  if (number === UDP) return 'udp'
  if (number === ICMP) return 'icmp'
  if (number === ICMPV6) return 'icmpv6'
  return number === ALL_PROTOCOLS ? 'all' : String(number)
}

export function hasPorts(number: ProtocolNumber): boolean {
  return number === TCP || number === UDP
}

export const ALL_PORTS: PortRange = { from: 0, to: 65_535 }

/**
 * The ports that a rule means. Absent or -1 is all of them. For ICMP the two numbers are type and code, either of
 * which may be -1 for all.
 */
export function portRange(protocol: ProtocolNumber, from: number | null, to: number | null): PortRange {
  if (protocol === ICMP || protocol === ICMPV6) {
    if (from === null || from < 0) return ALL_PORTS
    const type = (from & 0xff) << 8
    return to === null || to < 0
      ? { from: type, to: type | 0xff }
      : { from: type | (to & 0xff), to: type | (to & 0xff) }
  }
  if (!hasPorts(protocol)) return ALL_PORTS
  const first = from === null || from < 0 ? 0 : from
  const last = to === null || to < 0 ? (from === null || from < 0 ? 65_535 : from) : to
  return first > 65_535 || last < first ? { from: 1, to: 0 } : { from: first, to: Math.min(last, 65_535) }
}
