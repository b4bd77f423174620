import { hash } from 'node:crypto'
import { formatAddress } from '../address.ts'
import { childrenOf, DER, type DerElement, elementAt, oidText } from './der.ts'
import { distinguishedName } from './distinguished-name.ts'
import { Fields } from './fields.ts'
import { hostNameOf } from './server-name.ts'

/** What a server's certificate says (RFC 5280); nothing of it is checked. */
export interface Certificate {
  /** RFC 4514: `CN=pool.example,O=Example`. */
  readonly subject: string
  readonly issuer: string
  /** Subject alternative names: hosts (with wildcards) and addresses, at most 20. */
  readonly names: readonly string[]
  /** Epoch ms. */
  readonly notBefore: number
  readonly notAfter: number
  /** Subject and issuer are the same name. */
  readonly isSelfSigned: boolean
  /** Of the whole certificate, hex. */
  readonly sha256: string
}

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
/** Context tags: `[0] version`, `[3] extensions`; of a GeneralName `[2] dNSName`, `[7] iPAddress`. */
const VERSION = 0xa0
const EXTENSIONS = 0xa3
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87
const MAX_NAMES = 20

/** The first certificate, the server's own, of a Certificate message (RFC 5246 §7.4.2) of which the beginning is there; null where it is not. */
export function firstCertificate(body: Uint8Array): Uint8Array | null {
  const fields = new Fields(body)
  fields.uint24()
  const first = fields.block(fields.uint24())
  return fields.isShort || first.left === 0 ? null : body.subarray(first.at, first.end)
}

/** Null where the bytes are no certificate. Never throws. */
export function readCertificate(bytes: Uint8Array): Certificate | null {
  const [signed] = childrenOf(bytes, elementAt(bytes, 0, bytes.length))
  if (signed === undefined || signed.tag !== DER.sequence) return null
  const fields = childrenOf(bytes, signed)
  if (fields[0]?.tag === VERSION) fields.shift()
  const [, , issuer, validity, subject] = fields
  if (issuer === undefined || validity === undefined || subject === undefined) return null
  const [notBefore = null, notAfter = null] = childrenOf(bytes, validity).map((time) => readTime(bytes, time))
  if (notBefore === null || notAfter === null) return null
  const extensions = fields.find((field) => field.tag === EXTENSIONS)
  return {
    subject: distinguishedName(bytes, subject),
    issuer: distinguishedName(bytes, issuer),
    names: extensions === undefined ? [] : readNames(bytes, extensions),
    notBefore,
    notAfter,
    isSelfSigned: isSame(bytes, subject, issuer),
    sha256: hash('sha256', bytes, 'hex'),
  }
}

function readNames(bytes: Uint8Array, extensions: DerElement): string[] {
  const [list = null] = childrenOf(bytes, extensions)
  for (const extension of childrenOf(bytes, list)) {
    const parts = childrenOf(bytes, extension)
    if (oidText(bytes, parts[0]) !== SUBJECT_ALTERNATIVE_NAME) continue
    const value = parts.at(-1)
    if (value === undefined || value.tag !== DER.octetString) return []
    const names = childrenOf(bytes, elementAt(bytes, value.from, value.to)).map((name) =>
      readName(bytes, name),
    )
    return names.filter((name) => name !== null).slice(0, MAX_NAMES)
  }
  return []
}

function readName(bytes: Uint8Array, { tag, from, to }: DerElement): string | null {
  if (tag === IP_ADDRESS && (to - from === 4 || to - from === 16)) {
    return formatAddress(bytes, from, to - from === 16)
  }
  if (tag !== DNS_NAME || to - from > 255) return null
  const text = new Fields(bytes, from, to).latin1()
  const host = hostNameOf(text.startsWith('*.') ? text.slice(2) : text)
  return host === null ? null : `${text.startsWith('*.') ? '*.' : ''}${host}`
}

const TIME = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d{1,6})?Z$/u

/** UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5), epoch ms; null where it is no time. */
function readTime(bytes: Uint8Array, { tag, from, to }: DerElement): number | null {
  if ((tag !== DER.utcTime && tag !== DER.generalizedTime) || to - from > 32) return null
  const found = TIME.exec(new Fields(bytes, from, to).latin1())
  if (found === null || (found[1]?.length === 2) !== (tag === DER.utcTime)) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0))
  const fullYear = tag === DER.generalizedTime ? year : year < 50 ? 2000 + year : 1900 + year
  const date = new Date(0)
  date.setUTCFullYear(fullYear, month - 1, day)
  date.setUTCHours(hour, minute, second)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null
}

function isSame(bytes: Uint8Array, a: DerElement, b: DerElement): boolean {
  if (a.to - a.from !== b.to - b.from) return false
  for (let i = 0; i < a.to - a.from; i++) if (bytes[a.from + i] !== bytes[b.from + i]) return false
  return true
}
