import { isIP } from 'node:net'
import { addressBytes } from '../wire/address.ts'
import { communityId } from '../wire/flow/community-id.ts'

const TCP = 6
const UDP = 17
const SCTP = 132

export interface Endpoint {
  readonly ip: string
  readonly port: number
}

/** The Community ID (version 1) of a connection that a log tells of; null where an end is no address, or of another family. */
export function connectionId(protocol: number, a: Endpoint, b: Endpoint): string | null {
  const family = isIP(a.ip)
  if (family === 0 || isIP(b.ip) !== family) return null
  const bytesA = bytesOf(a.ip, family)
  const bytesB = bytesOf(b.ip, family)
  const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP
  const order = Buffer.compare(bytesA, bytesB)
  const isOrdered = order < 0 || (order === 0 && (!hasPorts || a.port <= b.port))
  const [first, second] = isOrdered ? [a, b] : [b, a]
  return communityId(
    isOrdered ? bytesA : bytesB,
    isOrdered ? bytesB : bytesA,
    protocol & 255,
    hasPorts ? { src: first.port & 65_535, dst: second.port & 65_535 } : null,
  )
}

function bytesOf(ip: string, family: number): Uint8Array {
  // A zone (`fe80::1%eth0`) is of one machine only.
  if (family === 6) return addressBytes(ip.split('%')[0] ?? ip)
  const bytes = new Uint8Array(4)
  let part = 0
  let at = 0
  for (let i = 0; i < ip.length; i++) {
    const char = ip.charCodeAt(i)
    if (char === DOT) {
      bytes[at++] = part
      part = 0
    } else part = part * 10 + char - ZERO
  }
  bytes[at] = part
  return bytes
}

const DOT = 0x2e
const ZERO = 0x30
