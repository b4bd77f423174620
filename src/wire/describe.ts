import { endpointText, formatAddress } from './address.ts'
import { CaptureReader } from './capture/reader.ts'
import { decodeDns, dnsText } from './dns/message.ts'
import {
  DECODED,
  HELD,
  ICMP,
  ICMPV6,
  MALFORMED,
  PacketDecoder,
  SCTP,
  TCP,
  UDP,
  UNKNOWN_LINK,
} from './packet/decoder.ts'

/** Whatever can be read from its start: an `Input`, for one. */
export interface ByteSource {
  chunks(problem: (text: string) => void): AsyncIterable<Uint8Array>
}

const MAX_LINES = 30
const BYTES_PER_HEX_LINE = 16
const CHARACTERS_PER_LINE = 110
/** Share of readable bytes from which a payload is shown as text. */
const TEXT_SHARE = 0.85
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [ICMP, 'ICMP'],
  [ICMPV6, 'ICMPv6'],
  [TCP, 'TCP'],
  [UDP, 'UDP'],
  [SCTP, 'SCTP'],
])

/**
 * One packet of a capture, decoded for reading: time and length, addresses, transport, then the payload
 * as escaped text or hex, in at most about 35 lines. `packetNumber` is one-based; `offset` is where its
 * record stands in the decompressed stream. Empty where the capture holds no such packet.
 * All text is printable ASCII.
 */
export async function describePacket(
  source: ByteSource,
  packetNumber: number,
  offset: number,
): Promise<string[]> {
  const reader = new CaptureReader()
  const decoder = new PacketDecoder()
  for await (const chunk of source.chunks(() => undefined)) {
    reader.append(chunk)
    if (seek(reader, decoder, packetNumber)) return describe(reader, decoder, offset)
  }
  reader.end()
  return seek(reader, decoder, packetNumber) ? describe(reader, decoder, offset) : []
}

/** Goes to the packet; fragments on the way are decoded, so that their whole can be shown. */
function seek(reader: CaptureReader, decoder: PacketDecoder, packetNumber: number): boolean {
  while (reader.packetNumber < packetNumber && reader.next()) {
    if (reader.packetNumber < packetNumber) decode(reader, decoder)
  }
  return reader.packetNumber === packetNumber
}

function decode(reader: CaptureReader, decoder: PacketDecoder): number {
  const { packet } = reader
  return decoder.decode(reader.bytes, reader.view, packet.at, packet.end, packet.linkType, packet.timeMs)
}

function describe(reader: CaptureReader, decoder: PacketDecoder, offset: number): string[] {
  const { packet } = reader
  const captured = packet.end - packet.at
  const cut = packet.originalLength > captured ? `, ${captured} captured` : ''
  const moved = packet.offset === offset ? '' : ` (it stands at byte ${packet.offset}, not ${offset})`
  const first = `packet ${reader.packetNumber}  ${timeText(packet.timeMs)}  ${packet.originalLength} bytes${cut}${moved}`
  const outcome = decode(reader, decoder)
  if (outcome === DECODED) return [first, ...transportLines(decoder), ...payloadLines(decoder)]
  const whole = reader.bytes.subarray(packet.at, packet.end)
  return [first, reasonText(outcome, packet.linkType), ...hexLines(whole)]
}

function reasonText(outcome: number, linkType: number): string {
  if (outcome === HELD) return 'a fragment: the rest comes in other packets'
  if (outcome === MALFORMED) return 'its headers make no sense or are cut short'
  return outcome === UNKNOWN_LINK ? `link type ${linkType} is not read` : 'no IP packet'
}

function timeText(timeMs: number): string {
  if (Number.isNaN(timeMs)) return 'no time'
  const micros = Math.round((timeMs - Math.floor(timeMs)) * 1000)
  const wholeMs = Math.floor(timeMs) + (micros === 1000 ? 1 : 0)
  const date = new Date(wholeMs)
  if (Number.isNaN(date.getTime())) return 'a time that cannot be'
  return date.toISOString().replace('Z', `${String(micros % 1000).padStart(3, '0')}Z`)
}

function transportLines(decoder: PacketDecoder): string[] {
  const { bytes, isIpv6, protocol, srcAt, dstAt } = decoder
  const src = formatAddress(bytes, srcAt, isIpv6)
  const dst = formatAddress(bytes, dstAt, isIpv6)
  const name = PROTOCOLS.get(protocol) ?? `IP protocol ${protocol}`
  const fragments = decoder.packetCount > 1 ? `, put together from ${decoder.packetCount} fragments` : ''
  const size = `${decoder.ipBytes} bytes of ${isIpv6 ? 'IPv6' : 'IPv4'}${fragments}`
  if (protocol === ICMP || protocol === ICMPV6) {
    return [`${src} -> ${dst}  ${name} type ${decoder.srcPort} code ${decoder.dstPort}  ${size}`]
  }
  if (protocol !== TCP && protocol !== UDP && protocol !== SCTP) return [`${src} -> ${dst}  ${name}  ${size}`]
  const ends = `${endpointText(src, decoder.srcPort)} -> ${endpointText(dst, decoder.dstPort)}`
  return [`${ends}  ${name}  ${size}`, ...(protocol === TCP ? [tcpLine(decoder)] : dnsLines(decoder))]
}

function tcpLine(decoder: PacketDecoder): string {
  const flags = FLAGS.filter((_, bit) => (decoder.tcpFlags & (1 << bit)) !== 0).join(' ')
  return `${flags === '' ? 'no flags' : flags}  seq ${decoder.seq}  ack ${decoder.ack}  ${decoder.dataLength} bytes of payload`
}

function dnsLines(decoder: PacketDecoder): string[] {
  if (decoder.srcPort !== 53 && decoder.dstPort !== 53) return []
  const message = decodeDns(decoder.bytes.subarray(decoder.dataAt, decoder.dataEnd))
  return message === null
    ? []
    : [`DNS ${message.isResponse ? 'response' : 'query'}  ${dnsText(message).replace('→', '->')}`]
}

function payloadLines(decoder: PacketDecoder): string[] {
  const payload = decoder.bytes.subarray(decoder.dataAt, decoder.dataEnd)
  if (payload.length === 0) return []
  let readable = 0
  for (const byte of payload) if (isReadable(byte)) readable++
  return ['', ...(readable >= payload.length * TEXT_SHARE ? textLines(payload) : hexLines(payload))]
}

function isReadable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** Payload lines as they stand, other bytes as `\xNN`, long lines folded. */
function textLines(payload: Uint8Array): string[] {
  const lines: string[] = []
  let line = ''
  for (const [at, byte] of payload.entries()) {
    if (byte !== 0x0a) line += escapedByte(byte)
    if (byte === 0x0a || line.length >= CHARACTERS_PER_LINE || at === payload.length - 1) {
      lines.push(line)
      line = ''
    }
    if (lines.length === MAX_LINES && at < payload.length - 1) {
      lines.push(`... ${payload.length - at - 1} more bytes`)
      break
    }
  }
  return lines
}

function escapedByte(byte: number): string {
  if (byte === 0x0d) return '\\r'
  if (byte === 0x09) return '\\t'
  if (byte === 0x5c) return '\\\\'
  return isReadable(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
}

function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = []
  const shown = Math.min(bytes.length, MAX_LINES * BYTES_PER_HEX_LINE)
  for (let at = 0; at < shown; at += BYTES_PER_HEX_LINE) {
    const row = bytes.subarray(at, Math.min(at + BYTES_PER_HEX_LINE, shown))
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = Array.from(row, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    ).join('')
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(BYTES_PER_HEX_LINE * 3 - 1)}  ${text}`)
  }
  if (shown < bytes.length) lines.push(`... ${bytes.length - shown} more bytes`)
  return lines
}
