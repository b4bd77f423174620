import { concatBytes, uint16s } from '../../bytes.ts'
import { HANDSHAKE, RECORD } from '../handshake-reader.ts'

/** Handshakes of our own making, for tests and fuzzing. */
export interface HelloFields {
  readonly version?: number
  readonly ciphers?: readonly number[]
  readonly serverName?: string
  readonly alpn?: readonly string[]
  readonly groups?: readonly number[]
  readonly pointFormats?: readonly number[]
  readonly signatures?: readonly number[]
  readonly versions?: readonly number[]
  /** The order of extensions; those without content of their own come empty. Default: all that are given. */
  readonly order?: readonly number[]
}

const NAME = 0
const GROUPS = 10
const POINT_FORMATS = 11
const SIGNATURES = 13
const ALPN = 16
const VERSIONS = 43

export function clientHello(fields: HelloFields = {}): Uint8Array {
  const { version = 0x0303, ciphers = [0x1301, 0xc02f] } = fields
  const content = extensionsOf(fields)
  const order = fields.order ?? [...content.keys()]
  const body = concatBytes(
    uint16s(version),
    new Uint8Array(32).fill(7),
    vector8(new Uint8Array(32).fill(9)),
    vector16(uint16s(...ciphers)),
    vector8(Uint8Array.of(0)),
    order.length === 0
      ? new Uint8Array()
      : vector16(concatBytes(...order.map((type) => extension(type, content.get(type) ?? new Uint8Array())))),
  )
  return message(HANDSHAKE.clientHello, body)
}

function extensionsOf(fields: HelloFields): Map<number, Uint8Array> {
  const { serverName, alpn, groups, pointFormats, signatures, versions } = fields
  const content = new Map<number, Uint8Array>()
  if (serverName !== undefined)
    content.set(NAME, vector16(concatBytes(Uint8Array.of(0), vector16(text(serverName)))))
  if (groups !== undefined) content.set(GROUPS, vector16(uint16s(...groups)))
  if (pointFormats !== undefined) content.set(POINT_FORMATS, vector8(Uint8Array.from(pointFormats)))
  if (signatures !== undefined) content.set(SIGNATURES, vector16(uint16s(...signatures)))
  if (alpn !== undefined) content.set(ALPN, vector16(concatBytes(...alpn.map((name) => vector8(text(name))))))
  if (versions !== undefined) content.set(VERSIONS, vector8(uint16s(...versions)))
  return content
}

export interface ServerHelloFields {
  readonly version?: number
  readonly cipher?: number
  /** Of `supported_versions`. */
  readonly chosenVersion?: number
  readonly alpn?: string
  readonly isRetry?: boolean
  /** Types without content, before all others. */
  readonly empty?: readonly number[]
}

const RETRY = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex')

export function serverHello(fields: ServerHelloFields = {}): Uint8Array {
  const { version = 0x0303, cipher = 0xc02f, chosenVersion, alpn, isRetry = false, empty = [] } = fields
  const extensions = concatBytes(
    ...empty.map((type) => extension(type, new Uint8Array())),
    chosenVersion === undefined ? new Uint8Array() : extension(VERSIONS, uint16s(chosenVersion)),
    alpn === undefined ? new Uint8Array() : extension(ALPN, vector16(vector8(text(alpn)))),
  )
  const body = concatBytes(
    uint16s(version),
    isRetry ? RETRY : new Uint8Array(32).fill(5),
    vector8(new Uint8Array()),
    uint16s(cipher),
    Uint8Array.of(0),
    vector16(extensions),
  )
  return message(HANDSHAKE.serverHello, body)
}

export function certificateMessage(...certificates: readonly Uint8Array[]): Uint8Array {
  return message(HANDSHAKE.certificate, vector24(concatBytes(...certificates.map(vector24))))
}

/** A ClientHello in the form of SSL 2.0, with its header. */
export function ssl2Hello(version: number, ciphers: readonly number[]): Uint8Array {
  const specs = ciphers.flatMap((cipher) => [cipher >> 16, (cipher >> 8) & 0xff, cipher & 0xff])
  const body = concatBytes(
    Uint8Array.of(1),
    uint16s(version, specs.length, 0, 16),
    Uint8Array.from(specs),
    new Uint8Array(16),
  )
  return concatBytes(uint16s(0x8000 | body.length), body)
}

export function message(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(type), vector24(body))
}

/** Handshake messages in records of at most `size` bytes. */
export function records(messages: Uint8Array, size = 16_384): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < messages.length; at += size) {
    parts.push(record(RECORD.handshake, messages.subarray(at, at + size)))
  }
  return concatBytes(...parts)
}

export function record(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(type), uint16s(0x0303), vector16(body))
}

function extension(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(uint16s(type), vector16(body))
}

function vector8(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length), bytes)
}

function vector16(bytes: Uint8Array): Uint8Array {
  return concatBytes(uint16s(bytes.length), bytes)
}

function vector24(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 16), uint16s(bytes.length & 0xffff), bytes)
}

function text(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0))
}
