import type { Event } from '../../event/event.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { type Fields, listAt, portAt, textAt } from '../json/fields.ts'
import { readPeer } from '../programs/address.ts'

/** What every event made of an EVE record has. */
export type EveBase = Pick<Event, 'time' | 'timeQuality' | 'observer' | 'subjects' | 'origin'>

/** The two ends of the connection that a record is about. */
export interface Ends {
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
}

/** Null where an address is missing: nothing can be said of anybody then. ICMP has no ports: they are 0. */
export function endsOf(fields: Fields): Ends | null {
  const srcIp = readPeer(textAt(fields, 'src_ip') ?? '').ip
  const dstIp = readPeer(textAt(fields, 'dest_ip') ?? '').ip
  if (srcIp === null || dstIp === null) return null
  return { srcIp, dstIp, srcPort: portAt(fields, 'src_port') ?? 0, dstPort: portAt(fields, 'dest_port') ?? 0 }
}

/** The same, told from the other side. */
export function turned({ srcIp, srcPort, dstIp, dstPort }: Ends): Ends {
  return { srcIp: dstIp, srcPort: dstPort, dstIp: srcIp, dstPort: srcPort }
}

export function addressId(ip: string): Identifier {
  return identifier('ip', ip)
}

export function textsAt(fields: Fields, name: string, limit: number): string[] {
  const found = listAt(fields, name).filter((value) => typeof value === 'string')
  return found.slice(0, limit)
}
