import { concatBytes } from '../../bytes.ts'

/** Certificates of our own making (RFC 5280 in DER), signed by nobody: for tests and fuzzing. */
export interface CertificateFields {
  /** Parts of a name, the most general first: `['O', 'Example']`. */
  readonly subject?: readonly NamePart[]
  readonly issuer?: readonly NamePart[]
  /** As DER writes it: 13 characters are a UTCTime, 15 a GeneralizedTime. */
  readonly notBefore?: string
  readonly notAfter?: string
  readonly dnsNames?: readonly string[]
  readonly addresses?: readonly (readonly number[])[]
  /** Version 1: without version and extensions. */
  readonly isOld?: boolean
}

/** `tag`: of the string; UTF8String unless said. */
type NamePart = readonly [type: 'CN' | 'O' | 'C' | 'emailAddress', value: string | Uint8Array, tag?: number]

const OIDS = {
  CN: [0x55, 0x04, 0x03],
  O: [0x55, 0x04, 0x0a],
  C: [0x55, 0x04, 0x06],
  emailAddress: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
} as const

export function certificate(fields: CertificateFields = {}): Uint8Array {
  const {
    subject = [['CN', 'pool.example']],
    notBefore = '260101000000Z',
    notAfter = '270101000000Z',
  } = fields
  const algorithm = der(0x30, der(0x06, Uint8Array.of(0x2b, 0x65, 0x70)))
  const signed = der(
    0x30,
    ...(fields.isOld === true ? [] : [der(0xa0, der(0x02, Uint8Array.of(2)))]),
    der(0x02, Uint8Array.of(1, 2, 3)),
    algorithm,
    name(fields.issuer ?? subject),
    der(0x30, time(notBefore), time(notAfter)),
    name(subject),
    der(0x30, algorithm, der(0x03, new Uint8Array(33))),
    ...(fields.isOld === true ? [] : [der(0xa3, der(0x30, basicConstraints(), alternativeNames(fields)))]),
  )
  return der(0x30, signed, algorithm, der(0x03, new Uint8Array(65)))
}

function name(parts: readonly NamePart[]): Uint8Array {
  const sets = parts.map(([type, value, tag = 0x0c]) =>
    der(0x31, der(0x30, der(0x06, Uint8Array.from(OIDS[type])), der(tag, bytesOf(value)))),
  )
  return der(0x30, ...sets)
}

function basicConstraints(): Uint8Array {
  return der(
    0x30,
    der(0x06, Uint8Array.of(0x55, 0x1d, 0x13)),
    der(0x01, Uint8Array.of(0xff)),
    der(0x04, der(0x30)),
  )
}

function alternativeNames({ dnsNames = [], addresses = [] }: CertificateFields): Uint8Array {
  const names = [
    ...dnsNames.map((value) => der(0x82, bytesOf(value))),
    ...addresses.map((value) => der(0x87, Uint8Array.from(value))),
  ]
  return der(0x30, der(0x06, Uint8Array.of(0x55, 0x1d, 0x11)), der(0x04, der(0x30, ...names)))
}

function time(value: string): Uint8Array {
  return der(value.length === 13 ? 0x17 : 0x18, bytesOf(value))
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : value
}

export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content)
  const { length } = body
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concatBytes(Uint8Array.of(tag, ...head), body)
}
