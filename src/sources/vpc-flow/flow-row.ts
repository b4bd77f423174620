import { isIP } from 'node:net'
import type { FlowEvent } from '../../event/flow.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Origin } from '../../event/origin.ts'
import type { Fields } from '../json/fields.ts'
import { countAt, portAt, textAt } from '../json/fields.ts'
import { connectionId } from '../connection-id.ts'

const SYN = 2
const SYN_ACK = 18
const TCP = 6
const UDP = 17
const ICMP = 1
const ICMPV6 = 58
/** Later than that no second is meant: epoch ms, µs. */
const MAX_SECONDS = 1e11

export interface Aggregate {
  /** Epoch ms. */
  readonly start: number
  readonly end: number
}

/** The interval that a record sums up; null where it has none that can be. */
export function aggregateOf(row: Fields): Aggregate | null {
  const start = secondsAt(row, 'start')
  const end = secondsAt(row, 'end')
  return start === null || end === null || end < start ? null : { start: start * 1000, end: end * 1000 }
}

function secondsAt(row: Fields, name: string): number | null {
  const seconds = countAt(row, name)
  return seconds !== null && seconds > 0 && seconds < MAX_SECONDS ? seconds : null
}

/** NODATA, SKIPDATA: nothing passed in that time, or it was not recorded. */
export function statusOf(row: Fields): string {
  return textAt(row, 'log-status') ?? 'OK'
}

/** What a record is about besides its two addresses. */
export interface FlowEnds {
  readonly observer: Identifier
  readonly subjects: Identifier[]
}

/**
 * One record (one direction of a connection, summed up over a minute or ten) → `flow`, its source the
 * side that opened the connection. Null where an end is missing.
 */
export function flowOf(row: Fields, { start, end }: Aggregate, origin: Origin): FlowEvent | null {
  const from = endOf(row, 'srcaddr', 'srcport')
  const to = endOf(row, 'dstaddr', 'dstport')
  if (from === null || to === null) return null
  const protocol = countAt(row, 'protocol') ?? 255
  const flags = countAt(row, 'tcp-flags') ?? 0
  const packets = countAt(row, 'packets') ?? 0
  const bytes = countAt(row, 'bytes') ?? 0
  const isForth = isFromOpener(protocol, flags, from.port, to.port)
  const [src, dst] = isForth ? [from, to] : [to, from]
  const id = connectionId(protocol, from, to)
  if (id === null) return null
  const { observer, subjects } = endsOf(row, from.ip, to.ip)
  return {
    kind: 'flow',
    time: end,
    timeQuality: 'exact',
    observer,
    subjects,
    origin,
    communityId: id,
    transport: transportOf(protocol),
    srcIp: src.ip,
    srcPort: src.port,
    dstIp: dst.ip,
    dstPort: dst.port,
    start,
    packetsOut: isForth ? packets : 0,
    packetsIn: isForth ? 0 : packets,
    bytesOut: isForth ? bytes : 0,
    bytesIn: isForth ? 0 : bytes,
    isHandshakeSeen: protocol === TCP && (flags & SYN_ACK) === SYN_ACK,
    isRejected: textAt(row, 'action') === 'REJECT',
  }
}

/** The packet's own end where the interface is only on its way (NAT gateway, EKS pod). */
function endOf(row: Fields, address: string, port: string): { ip: string; port: number } | null {
  const packet = textAt(row, `pkt-${address}`)
  const own = textAt(row, address)
  const ip = packet !== null && isIP(packet) !== 0 ? packet : own
  return ip === null || isIP(ip) === 0 ? null : { ip, port: portAt(row, port) ?? 0 }
}

/** Whether the sender opened the connection: its flags tell (of SYN-ACK the receiver did), else the higher port. */
function isFromOpener(protocol: number, flags: number, from: number, to: number): boolean {
  if (protocol === TCP && (flags & SYN) !== 0) return (flags & SYN_ACK) !== SYN_ACK
  return from >= to
}

function endsOf(row: Fields, from: string, to: string): FlowEnds {
  const instance = textAt(row, 'instance-id')
  const direction = textAt(row, 'flow-direction')
  const own = direction === 'ingress' ? to : from
  const other = direction === 'ingress' ? from : to
  const addresses = [identifier('ip', own), identifier('ip', other)]
  if (instance === null || instance === '-') return { observer: identifier('ip', own), subjects: addresses }
  const machine = identifier('instance', instance)
  return { observer: machine, subjects: [machine, ...addresses] }
}

function transportOf(protocol: number): FlowEvent['transport'] {
  if (protocol === TCP) return 'tcp'
  if (protocol === UDP) return 'udp'
  return protocol === ICMP || protocol === ICMPV6 ? 'icmp' : 'other'
}
