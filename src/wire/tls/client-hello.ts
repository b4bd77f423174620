import { Fields } from './fields.ts'
import { hostNameOf } from './server-name.ts'

/** What a ClientHello offers (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), in the order in which it stands there, GREASE included. */
export interface ClientHello {
  /** `legacy_version`, e.g. 0x0303. */
  readonly version: number
  readonly ciphers: readonly number[]
  /** Their types. */
  readonly extensions: readonly number[]
  readonly groups: readonly number[]
  readonly pointFormats: readonly number[]
  readonly signatures: readonly number[]
  /** Of `supported_versions`. */
  readonly versions: readonly number[]
  /** Lower case; null where there is none or it is no host name. */
  readonly serverName: string | null
  /** A character for each byte; at most 20. */
  readonly alpn: readonly string[]
  /** It came in the form of SSL 2.0 (RFC 5246 appendix E.2), which has no extensions. */
  readonly isSsl2: boolean
}

export const EXTENSION = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  alpn: 16,
  versions: 43,
}

const RANDOM_BYTES = 32
const HOST_NAME = 0
export const MAX_PROTOCOLS = 20

/** Null where the bytes are none. What is damaged behind the cipher suites is left out. Never throws. */
export function readClientHello(body: Uint8Array): ClientHello | null {
  const fields = new Fields(body)
  const version = fields.uint16()
  fields.block(RANDOM_BYTES)
  fields.block(fields.uint8())
  const ciphers = fields.block(fields.uint16()).uint16s()
  fields.block(fields.uint8())
  if (fields.isShort || version >> 8 !== 3 || ciphers.length === 0) return null
  const hello = {
    version,
    ciphers,
    extensions: [] as number[],
    groups: [] as number[],
    pointFormats: [] as number[],
    signatures: [] as number[],
    versions: [] as number[],
    serverName: null as string | null,
    alpn: [] as string[],
    isSsl2: false,
  }
  const extensions = fields.block(fields.uint16())
  while (extensions.left >= 4) {
    const type = extensions.uint16()
    const data = extensions.block(extensions.uint16())
    hello.extensions.push(type)
    if (type === EXTENSION.serverName) hello.serverName = readServerName(data)
    else if (type === EXTENSION.groups) hello.groups = data.block(data.uint16()).uint16s()
    else if (type === EXTENSION.pointFormats) hello.pointFormats = bytesOf(data.block(data.uint8()))
    else if (type === EXTENSION.signatures) hello.signatures = data.block(data.uint16()).uint16s()
    else if (type === EXTENSION.alpn) hello.alpn = readProtocols(data)
    else if (type === EXTENSION.versions) hello.versions = data.block(data.uint8()).uint16s()
  }
  return hello
}

/** A ClientHello in the form of SSL 2.0, from its version on; null where the bytes are none. */
export function readSsl2Hello(body: Uint8Array): ClientHello | null {
  const fields = new Fields(body)
  const version = fields.uint16()
  const cipherBytes = fields.uint16()
  fields.uint16()
  const challengeBytes = fields.uint16()
  if ((version >> 8 !== 3 && version !== 2) || cipherBytes % 3 !== 0) return null
  if (challengeBytes < 16 || challengeBytes > RANDOM_BYTES) return null
  const specs = fields.block(cipherBytes)
  const ciphers: number[] = []
  while (specs.left >= 3) ciphers.push(specs.uint24())
  if (fields.isShort || ciphers.length === 0) return null
  const none: readonly number[] = []
  const empty = { extensions: none, groups: none, pointFormats: none, signatures: none, versions: none }
  return { version, ciphers, ...empty, serverName: null, alpn: [], isSsl2: true }
}

function readServerName(data: Fields): string | null {
  const list = data.block(data.uint16())
  while (list.left >= 3) {
    const type = list.uint8()
    const name = list.block(list.uint16())
    if (type === HOST_NAME) return hostNameOf(name.latin1())
  }
  return null
}

export function readProtocols(data: Fields): string[] {
  const list = data.block(data.uint16())
  const protocols: string[] = []
  while (list.left >= 1 && protocols.length < MAX_PROTOCOLS) protocols.push(list.block(list.uint8()).latin1())
  return protocols
}

function bytesOf(fields: Fields): number[] {
  return [...fields.bytes.subarray(fields.at, fields.end)]
}
