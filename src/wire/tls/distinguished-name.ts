import { childrenOf, type DerElement, oidText } from './der.ts'
import { Fields } from './fields.ts'

const TYPES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.97': 'organizationIdentifier',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}

const UTF8 = 0x0c
const BMP = 0x1e
const MAX_VALUE_BYTES = 256
const MAX_NAME_LENGTH = 512

/** A name as RFC 4514 writes it, the most special part first: `CN=pool.example,O=Example,C=DE`. At most 512 characters. */
export function distinguishedName(bytes: Uint8Array, name: DerElement): string {
  const parts = childrenOf(bytes, name).map((set) =>
    childrenOf(bytes, set)
      .map((pair) => attribute(bytes, pair))
      .filter((text) => text !== '')
      .join('+'),
  )
  return parts
    .filter((part) => part !== '')
    .toReversed()
    .join(',')
    .slice(0, MAX_NAME_LENGTH)
}

function attribute(bytes: Uint8Array, pair: DerElement): string {
  const [type, value] = childrenOf(bytes, pair)
  const oid = oidText(bytes, type)
  if (value === undefined || oid === '') return ''
  return `${TYPES[oid] ?? oid}=${escaped(textOf(bytes, value))}`
}

function textOf(bytes: Uint8Array, { tag, from, to }: DerElement): string {
  const fields = new Fields(bytes, from, Math.min(to, from + MAX_VALUE_BYTES))
  if (tag === UTF8) return Buffer.from(bytes.subarray(fields.at, fields.end)).toString('utf8')
  if (tag === BMP) return String.fromCharCode(...fields.uint16s())
  return fields.latin1()
}

const PLAIN = /^[A-Za-z0-9.*:@/_-]*$/u

/** RFC 4514 §2.4. */
function escaped(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .replaceAll(/[,+"\\<>;]/gu, String.raw`\$&`)
    .replace(/^[ #]/u, String.raw`\$&`)
    .replace(/ $/u, String.raw`\ `)
}
