import { isoTime } from '../iso-time.ts'
import type { FlowEvent } from '../../event/flow.ts'
import { connectionId } from '../connection-id.ts'
import { booleanAt, countAt, type Fields, numberAt, objectAt, textAt } from '../json/fields.ts'
import { type EveBase, type Ends } from './eve.ts'

/** Null where the record does not say when the flow began. */
export function flowEvent(fields: Fields, ends: Ends, base: EveBase): FlowEvent | null {
  const flow = objectAt(fields, 'flow')
  const start = isoTime(textAt(flow, 'start'))
  if (start === null) return null
  return {
    kind: 'flow',
    ...base,
    communityId: communityIdOf(fields, ends) ?? '',
    transport: transportOf(textAt(fields, 'proto') ?? ''),
    ...ends,
    start: Math.min(start, base.time),
    packetsOut: countAt(flow, 'pkts_toserver') ?? 0,
    packetsIn: countAt(flow, 'pkts_toclient') ?? 0,
    bytesOut: numberAt(flow, 'bytes_toserver') ?? 0,
    bytesIn: numberAt(flow, 'bytes_toclient') ?? 0,
    isHandshakeSeen: isHandshake(fields),
  }
}

/** Its last packet; what Suricata logs is when it gave the flow up. */
export function flowEnd(fields: Fields): number | null {
  return isoTime(textAt(objectAt(fields, 'flow'), 'end'))
}

export function transportOf(name: string): FlowEvent['transport'] {
  const lower = name.toLowerCase()
  if (lower === 'tcp' || lower === 'udp') return lower
  return lower.startsWith('icmp') || lower === 'ipv6-icmp' ? 'icmp' : 'other'
}

function isHandshake(fields: Fields): boolean {
  const tcp = objectAt(fields, 'tcp')
  return booleanAt(tcp, 'syn') === true && booleanAt(tcp, 'ack') === true
}

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }

/** The sensor's own, else worked out; null for protocols without ports. */
export function communityIdOf(fields: Fields, ends: Ends): string | null {
  const own = textAt(fields, 'community_id')
  const protocol = PROTOCOLS[(textAt(fields, 'proto') ?? '').toLowerCase()]
  if (own !== null || protocol === undefined) return own
  return connectionId(
    protocol,
    { ip: ends.srcIp, port: ends.srcPort },
    { ip: ends.dstIp, port: ends.dstPort },
  )
}
