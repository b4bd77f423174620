import ipaddr from 'ipaddr.js'

const INSIDE = new Set([
  'private',
  'uniqueLocal',
  'carrierGradeNat',
  'loopback',
  'linkLocal',
  'unspecified',
  'multicast',
  'broadcast',
])

/** Whether an address is of another network than the owner's own. */
export function isOutside(ip: string): boolean {
  return ipaddr.isValid(ip) && !INSIDE.has(ipaddr.process(ip).range())
}
