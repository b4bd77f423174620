import type { FlowEvent } from '../../event/flow.ts'
import type { Evidence } from '../../event/origin.ts'
import type { TlsEvent } from '../../event/tls.ts'
import type { PoolEntry } from '../../intel/intel.ts'
import { evidenceOf } from '../evidence.ts'

/** One connection of the machine to what is known as a pool, as far as it is known by now. JSON-able. */
export interface Contact {
  readonly communityId: string | null
  readonly ip: string
  readonly port: number
  /** How the far end is known for a pool: by the name in the TLS hello, in its certificate, or looked up before, or by a list of addresses. */
  readonly by: 'server-name' | 'certificate' | 'lookup' | 'address'
  /** Null where a list names the address and nothing more. */
  readonly host: string | null
  readonly pool: PoolEntry
  /** The address answers for many names, and no name was said in the connection itself. */
  readonly isSharedAddress: boolean
  readonly isTls: boolean
  /** Protocols offered inside of TLS. */
  readonly alpn: readonly string[]
  /** The server vouches for itself. */
  readonly isSelfSigned: boolean
  isAnswered: boolean
  /** Epoch ms. */
  start: number
  end: number
  /** Known when the connection is over: packets and bytes of IP, both ways. */
  packets: number
  bytes: number
  readonly evidence: Evidence
}

export type Known = Pick<Contact, 'by' | 'host' | 'pool' | 'isSharedAddress'>

export function contactOfTls(event: TlsEvent, known: Known): Contact {
  return {
    ...known,
    communityId: event.communityId,
    ip: event.dstIp,
    port: event.dstPort,
    isTls: true,
    alpn: event.alpn.slice(0, MAX_PROTOCOLS),
    isSelfSigned: event.certificate?.isSelfSigned === true,
    isAnswered: event.ja3s !== null,
    start: event.time,
    end: event.time,
    packets: 0,
    bytes: 0,
    evidence: evidenceOf(event),
  }
}

const MAX_PROTOCOLS = 4

export function contactOfFlow(event: FlowEvent, known: Known): Contact {
  const contact: Contact = {
    ...known,
    communityId: event.communityId,
    ip: event.dstIp,
    port: event.dstPort,
    isTls: false,
    alpn: [],
    isSelfSigned: false,
    isAnswered: false,
    start: event.start,
    end: event.time,
    packets: 0,
    bytes: 0,
    evidence: evidenceOf(event),
  }
  learnFlow(contact, event)
  return contact
}

/** A connection is told when it ends, and may be told in parts. */
export function learnFlow(contact: Contact, event: FlowEvent): void {
  contact.start = Math.min(contact.start, event.start)
  contact.end = Math.max(contact.end, event.time)
  contact.packets = Math.max(contact.packets, event.packetsOut + event.packetsIn)
  contact.bytes = Math.max(contact.bytes, event.bytesOut + event.bytesIn)
  if (!contact.isTls) contact.isAnswered ||= isConversation(event)
}

/** More than a handshake and its end: both sides said something. */
export function isConversation(event: FlowEvent): boolean {
  return event.packetsOut >= MIN_PACKETS && event.packetsIn >= MIN_PACKETS
}

const MIN_PACKETS = 3

/** Networks that no pool of the internet is in (RFC 1918, 3927, 4193, 4291, 6598): where blocked names are sent to, too. */
export function isPublic(ip: string): boolean {
  return !NOT_PUBLIC.test(ip)
}

const NOT_PUBLIC =
  /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/u
