import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = [Address, number]

/** An address or a network in CIDR notation; null where it is neither. IPv4 written as IPv6 counts as IPv4. */
export function parseRange(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) {
    const [address, bits] = ipaddr.parseCIDR(text)
    if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96) {
      return [address.toIPv4Address(), bits - 96]
    }
    return [address, bits]
  }
  const address = parseAddress(text)
  return address === null ? null : [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** IPv4 only with four parts: `10.1` is a slip more often than an address. */
function parseAddress(text: string): Address | null {
  if (!ipaddr.isValid(text) || (!text.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(text))) return null
  return ipaddr.process(text)
}

/** Tells whether one of `ranges` holds an address. What is no address is held by none. */
export function addressSet(ranges: readonly string[]): (ip: string) => boolean {
  const parsed = ranges.map(parseRange).filter((range) => range !== null)
  return (ip) => {
    const address = parsed.length === 0 ? null : parseAddress(ip)
    return address !== null && parsed.some((range) => holds(range, address))
  }
}

function holds([network, bits]: Range, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits)
}
