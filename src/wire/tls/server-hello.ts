import { EXTENSION, readProtocols } from './client-hello.ts'
import { Fields } from './fields.ts'

/** What a ServerHello agrees on (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3). */
export interface ServerHello {
  /** `legacy_version`, as JA3S has it. */
  readonly version: number
  /** What was agreed on: of `supported_versions` where it is there, else `version`. */
  readonly chosenVersion: number
  readonly cipher: number
  readonly extensions: readonly number[]
  /** Null where it was not agreed on in clear, as in TLS 1.3. */
  readonly alpn: string | null
  /** It asks for another ClientHello, and agrees on nothing yet (RFC 8446 §4.1.4). */
  readonly isRetry: boolean
}

/** SHA-256 of `HelloRetryRequest`: the random of one. */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'

/** Null where the bytes are none. Never throws. */
export function readServerHello(body: Uint8Array): ServerHello | null {
  const fields = new Fields(body)
  const version = fields.uint16()
  const random = fields.block(32)
  const isDraft = version >> 8 === 0x7f
  // The drafts of TLS 1.3 up to 21 have neither session id nor compression.
  if (!isDraft) fields.block(fields.uint8())
  const cipher = fields.uint16()
  if (!isDraft) fields.uint8()
  if (fields.isShort || (version >> 8 !== 3 && !isDraft)) return null
  const extensions: number[] = []
  let chosenVersion = version
  let alpn: string | null = null
  const list = fields.block(fields.uint16())
  while (list.left >= 4) {
    const type = list.uint16()
    const data = list.block(list.uint16())
    extensions.push(type)
    if (type === EXTENSION.versions && data.left === 2) chosenVersion = data.uint16()
    else if (type === EXTENSION.alpn) alpn = readProtocols(data)[0] ?? null
  }
  return { version, chosenVersion, cipher, extensions, alpn, isRetry: isRetry(random) }
}

function isRetry(random: Fields): boolean {
  if (random.left !== 32 || random.bytes[random.at] !== 0xcf) return false
  return Buffer.from(random.bytes.subarray(random.at, random.end)).toString('hex') === RETRY_RANDOM
}
