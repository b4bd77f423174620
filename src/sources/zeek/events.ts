import type { AlertEvent } from '../../event/alert.ts'
import type { AuthEvent } from '../../event/auth.ts'
import type { DnsEvent } from '../../event/dns.ts'
import type { Event } from '../../event/event.ts'
import type { FlowEvent } from '../../event/flow.ts'
import type { HttpEvent } from '../../event/http.ts'
import { identifier } from '../../event/identifier.ts'
import type { TlsEvent } from '../../event/tls.ts'
import { connectionId } from '../connection-id.ts'
import { booleanAt, countAt, type Fields, listAt, numberAt, portAt, textAt } from '../json/fields.ts'
import { machineSide } from '../machine-side.ts'
import { readPeer } from '../programs/address.ts'
import { dnsName } from '../programs/dns-line.ts'
import { type Ends, zeekTime } from './zeek-record.ts'

/** When and where a record was written. */
export type Place = Pick<Event, 'time' | 'timeQuality' | 'origin'>

/** The event of one record; null for logs and records that say nothing here yet. */
export function eventOf(path: string, fields: Fields, place: Place): Event | null {
  const ends = endsOf(fields)
  if (path === 'notice') return noticeEvent(fields, ends, place)
  if (ends === null) return null
  switch (path) {
    case 'conn':
      return connEvent(fields, ends, place)
    case 'dns':
      return dnsEvent(fields, ends, place)
    case 'ssl':
      return tlsEvent(fields, ends, place)
    case 'ssh':
      return sshEvent(fields, ends, place)
    case 'http':
      return httpEvent(fields, ends, place)
    default:
      return null
  }
}

function endsOf(fields: Fields): Ends | null {
  const srcIp = readPeer(textAt(fields, 'id.orig_h') ?? '').ip
  const dstIp = readPeer(textAt(fields, 'id.resp_h') ?? '').ip
  if (srcIp === null || dstIp === null) return null
  const srcPort = portAt(fields, 'id.orig_p') ?? 0
  return { srcIp, srcPort, dstIp, dstPort: portAt(fields, 'id.resp_p') ?? 0 }
}

type Base = Pick<Event, 'time' | 'timeQuality' | 'observer' | 'subjects' | 'origin'>

function baseOf(place: Place, { srcIp, dstIp }: Ends): Base {
  const observer = identifier('ip', srcIp)
  return { ...place, observer, subjects: [observer, identifier('ip', dstIp)] }
}

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 }

/** The sensor's own, else worked out; null for ICMP, whose types and codes it writes as ports. */
function communityIdOf(fields: Fields, ends: Ends, transport: string): string | null {
  const own = textAt(fields, 'community_id')
  const protocol = PROTOCOLS[transport]
  if (own !== null || protocol === undefined) return own
  return connectionId(
    protocol,
    { ip: ends.srcIp, port: ends.srcPort },
    { ip: ends.dstIp, port: ends.dstPort },
  )
}

/** `ts` is the first packet, `duration` goes on to the last. */
export function connEnd(fields: Fields): number | null {
  const start = zeekTime(fields)
  const duration = secondsAt(fields, 'duration')
  return start === null ? null : start + Math.round(duration * 1e6) / 1000
}

/** An interval is a number, or text such as `12.5` where the writer says so. */
function secondsAt(fields: Fields, name: string): number {
  const seconds = numberAt(fields, name)
  return seconds !== null && seconds > 0 && seconds < 1e9 ? seconds : 0
}

function connEvent(fields: Fields, ends: Ends, place: Place): FlowEvent {
  const proto = (textAt(fields, 'proto') ?? '').toLowerCase()
  const transport = proto === 'tcp' || proto === 'udp' || proto === 'icmp' ? proto : 'other'
  const history = textAt(fields, 'history') ?? ''
  return {
    kind: 'flow',
    ...baseOf(place, ends),
    communityId: communityIdOf(fields, ends, transport) ?? '',
    transport,
    ...ends,
    start: Math.min(zeekTime(fields) ?? place.time, place.time),
    packetsOut: countAt(fields, 'orig_pkts') ?? 0,
    packetsIn: countAt(fields, 'resp_pkts') ?? 0,
    bytesOut: countAt(fields, 'orig_ip_bytes') ?? countAt(fields, 'orig_bytes') ?? 0,
    bytesIn: countAt(fields, 'resp_ip_bytes') ?? countAt(fields, 'resp_bytes') ?? 0,
    // S: the SYN of the side that opened; h: the answer to it.
    isHandshakeSeen: transport === 'tcp' && history.includes('S') && history.includes('h'),
  }
}

const MAX_ANSWERS = 64

/** A question and its answer are one record; without a code nothing was answered. */
function dnsEvent(fields: Fields, ends: Ends, place: Place): DnsEvent | null {
  const query = textAt(fields, 'query')
  if (query === null) return null
  const code = textAt(fields, 'rcode_name')
  const client = identifier('ip', ends.srcIp)
  const answers = listAt(fields, 'answers').filter((answer) => typeof answer === 'string')
  return {
    kind: 'dns',
    ...place,
    observer: client,
    subjects: [client],
    query: dnsName(query),
    queryType: textAt(fields, 'qtype_name') ?? textAt(fields, 'qtype') ?? '',
    isResponse: code !== null,
    responseCode: code,
    answers: answers.slice(0, MAX_ANSWERS).map(dnsName),
    srcIp: ends.srcIp,
    dstIp: ends.dstIp,
  }
}

/** `TLSv12`, `TLSv13`, `SSLv3`, `DTLSv12`. */
function versionOf(text: string | null): string | null {
  const match = text === null ? null : /^TLSv1([0-3])$/u.exec(text)
  return match === null ? text : `1.${match[1]}`
}

function tlsEvent(fields: Fields, ends: Ends, place: Place): TlsEvent {
  const chosen = textAt(fields, 'next_protocol')
  return {
    kind: 'tls',
    ...baseOf(place, ends),
    communityId: communityIdOf(fields, ends, 'tcp'),
    ...ends,
    version: versionOf(textAt(fields, 'version')),
    serverName: textAt(fields, 'server_name')?.toLowerCase() ?? null,
    alpn: [],
    alpnChosen: chosen,
    ja3: textAt(fields, 'ja3'),
    ja3s: textAt(fields, 'ja3s'),
    ja4: textAt(fields, 'ja4'),
    // How long it is valid stands in another log.
    certificate: null,
    resolvedFrom: null,
  }
}

/**
 * Zeek guesses from sizes and times whether a login went well. Where it does not know, the connection is told only
 * if nobody tried.
 */
function sshEvent(fields: Fields, ends: Ends, place: Place): AuthEvent | null {
  const isSuccess = booleanAt(fields, 'auth_success')
  const attempts = countAt(fields, 'auth_attempts') ?? 0
  if (isSuccess === null && attempts > 0) return null
  const server = identifier('ip', ends.dstIp)
  return {
    kind: 'auth',
    ...place,
    observer: server,
    subjects: [server],
    outcome: isSuccess === null ? 'aborted' : isSuccess ? 'success' : 'failure',
    method: null,
    user: null,
    isUnknownUser: false,
    srcIp: ends.srcIp,
    srcHost: null,
    srcPort: ends.srcPort,
    service: 'ssh',
    pid: null,
    session: null,
    keyFingerprint: null,
    count: isSuccess === false ? Math.min(Math.max(1, attempts), 1000) : 1,
  }
}

function httpEvent(fields: Fields, ends: Ends, place: Place): HttpEvent {
  const uri = textAt(fields, 'uri') ?? ''
  const mark = uri.indexOf('?')
  const version = textAt(fields, 'version')
  return {
    kind: 'http',
    ...baseOf(place, ends),
    role: 'client',
    srcIp: ends.srcIp,
    srcHost: null,
    dstIp: ends.dstIp,
    dstPort: ends.dstPort,
    user: textAt(fields, 'username'),
    method: textAt(fields, 'method'),
    host: textAt(fields, 'host'),
    path: mark < 0 ? uri : uri.slice(0, mark),
    query: mark < 0 ? null : uri.slice(mark + 1),
    protocol: version === null ? null : `HTTP/${version}`,
    status: countAt(fields, 'status_code'),
    bytes: countAt(fields, 'response_body_len'),
    seconds: null,
    referrer: textAt(fields, 'referrer'),
    userAgent: textAt(fields, 'user_agent'),
  }
}

/** Names that scripts give notices about mining: `CryptoMining::…`, `Bitcoin::Miner_Found`, `PacketFilter::…` are none. */
const MINING = /(?:crypto|coin|monero|bitcoin)[_:a-z]{0,12}(?:mine|mining|jack)|(?:^|::)miner_|::mining/iu

function noticeEvent(fields: Fields, ends: Ends | null, place: Place): AlertEvent | null {
  const note = textAt(fields, 'note')
  if (note === null) return null
  const srcIp = readPeer(textAt(fields, 'src') ?? '').ip ?? ends?.srcIp ?? null
  const dstIp = readPeer(textAt(fields, 'dst') ?? '').ip ?? ends?.dstIp ?? null
  const isMining = MINING.test(note)
  const subjects = subjectsOf(srcIp, dstIp, isMining)
  const [subject] = subjects
  if (subject === undefined) return null
  const message = textAt(fields, 'msg') ?? note
  const detail = textAt(fields, 'sub')
  return {
    kind: 'alert',
    ...place,
    observer: subject,
    subjects,
    sensor: 'zeek',
    rule: note,
    title: detail === null ? message : `${message} (${detail})`,
    severity: isMining || isUrgent(fields) ? 'medium' : 'low',
    category: note.split('::', 1)[0] ?? null,
    isMining,
    srcIp,
    srcPort: ends?.srcPort ?? null,
    dstIp,
    dstPort: portAt(fields, 'p') ?? ends?.dstPort ?? null,
    domain: null,
    communityId: textAt(fields, 'community_id'),
    user: null,
    commandLine: null,
    count: Math.max(1, countAt(fields, 'n') ?? 1),
  }
}

/** The machine first: miners ask, attacks go at who answers. */
function subjectsOf(srcIp: string | null, dstIp: string | null, isMining: boolean): string[] {
  if (srcIp === null || dstIp === null)
    return [srcIp, dstIp].filter((ip) => ip !== null).map((ip) => identifier('ip', ip))
  const both = [identifier('ip', srcIp), identifier('ip', dstIp)]
  return machineSide(srcIp, dstIp, isMining ? 'src' : 'dst') === 'src' ? both : both.toReversed()
}

/** Zeek has no scale; its operator has some notices sent to himself. */
function isUrgent(fields: Fields): boolean {
  return listAt(fields, 'actions').some((action) => /ACTION_(?:EMAIL|PAGE|ALARM)/u.test(String(action)))
}
