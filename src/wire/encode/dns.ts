import { addressBytes } from '../address.ts'
import { concatBytes, uint16s } from '../bytes.ts'

const TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  HTTPS: 65,
}

export interface DnsAnswer {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'NS' | 'TXT'
  /** An address, a name, or a text, by type. */
  readonly value: string
  readonly ttlSeconds?: number
}

export interface DnsMessageFields {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly isResponse?: boolean
  /** RCODE; 0 no error, 3 no such name. */
  readonly responseCode?: number
  readonly answers?: readonly DnsAnswer[]
}

/** A DNS query or response with one question (RFC 1035); answers' names equal to the question are compressed. */
export function dnsMessage(fields: DnsMessageFields): Uint8Array {
  const answers = fields.answers ?? []
  const flags = fields.isResponse === true ? 0x8180 | (fields.responseCode ?? 0) : 0x0100
  return concatBytes(
    uint16s(fields.id, flags, 1, answers.length, 0, 0),
    nameBytes(fields.name),
    uint16s(typeNumber(fields.type), 1),
    ...answers.map((answer) => answerBytes(answer, fields.name)),
  )
}

/** The same message as TCP carries it, behind its length. */
export function dnsOverTcp(message: Uint8Array): Uint8Array {
  return concatBytes(uint16s(message.length), message)
}

function answerBytes(answer: DnsAnswer, question: string): Uint8Array {
  const owner = answer.name === question ? uint16s(0xc00c) : nameBytes(answer.name)
  const data = answerData(answer)
  const ttl = answer.ttlSeconds ?? 300
  return concatBytes(owner, uint16s(typeNumber(answer.type), 1, ttl >>> 16, ttl & 0xffff, data.length), data)
}

function answerData(answer: DnsAnswer): Uint8Array {
  if (answer.type === 'A' || answer.type === 'AAAA') return addressBytes(answer.value)
  if (answer.type !== 'TXT') return nameBytes(answer.value)
  const text = new TextEncoder().encode(answer.value).subarray(0, 255)
  return concatBytes(Uint8Array.of(text.length), text)
}

function nameBytes(name: string): Uint8Array {
  const labels = name.split('.').filter((label) => label !== '')
  const parts = labels.map((label) => new TextEncoder().encode(label).subarray(0, 63))
  return concatBytes(...parts.flatMap((part) => [Uint8Array.of(part.length), part]), Uint8Array.of(0))
}

function typeNumber(type: string): number {
  return TYPES[type] ?? Number.parseInt(type.replace('TYPE', ''), 10)
}
