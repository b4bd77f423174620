import { hash } from 'node:crypto'
import { type ClientHello, EXTENSION } from './client-hello.ts'
import type { ServerHello } from './server-hello.ts'
import { isGrease, offeredVersion } from './version.ts'

/** JA3 (github.com/salesforce/ja3, BSD-3): what a client offers, in order, without GREASE. MD5, hex. */
export function ja3Of(hello: ClientHello): string | null {
  if (hello.isSsl2) return null
  const lists = [hello.ciphers, hello.extensions, hello.groups].map((list) => joined(withoutGrease(list)))
  return md5(`${hello.version},${lists.join(',')},${joined(hello.pointFormats)}`)
}

/** JA3S: what a server answered with. MD5, hex. */
export function ja3sOf(hello: ServerHello): string {
  return md5(`${hello.version},${hello.cipher},${joined(withoutGrease(hello.extensions))}`)
}

/**
 * JA4, the TLS client fingerprint of github.com/FoxIO-LLC/ja4 (technical_details/JA4.md, BSD-3): counts and
 * two truncated SHA-256, over sorted lists, so that a shuffled order of extensions does not change it.
 */
export function ja4Of(hello: ClientHello): string | null {
  if (hello.isSsl2) return null
  const ciphers = withoutGrease(hello.ciphers)
  const extensions = withoutGrease(hello.extensions)
  const counted = extensions.filter((type) => type !== EXTENSION.serverName && type !== EXTENSION.alpn)
  const signatures = withoutGrease(hello.signatures)
  const version = JA4_VERSIONS.get(offeredVersion(hello)) ?? '00'
  const goesTo = extensions.includes(EXTENSION.serverName) ? 'd' : 'i'
  const head = `t${version}${goesTo}${twoDigits(ciphers.length)}${twoDigits(extensions.length)}${firstAndLast(hello.alpn[0] ?? '')}`
  const what = hexList(counted.toSorted(ascending))
  const behind = signatures.length === 0 ? what : `${what}_${hexList(signatures)}`
  return `${head}_${shortHash(hexList(ciphers.toSorted(ascending)))}_${counted.length === 0 ? NOTHING : shortHash(behind)}`
}

const NOTHING = '000000000000'
const JA4_VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
])

function withoutGrease(values: readonly number[]): number[] {
  return values.filter((value) => !isGrease(value))
}

function joined(values: readonly number[]): string {
  return values.join('-')
}

function ascending(a: number, b: number): number {
  return a - b
}

/** `002f,0035` */
function hexList(values: readonly number[]): string {
  let text = ''
  for (const value of values) {
    text += `${text === '' ? '' : ','}${(value + 0x10000).toString(16).slice(1)}`
  }
  return text
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0')
}

/** First and last character of a protocol's name; of its hex form where one of them is neither digit nor letter. */
function firstAndLast(protocol: string): string {
  if (protocol === '') return '00'
  const ends = `${protocol[0]}${protocol.at(-1)}`
  if (/^[0-9A-Za-z]{2}$/u.test(ends)) return ends
  const bytes = Buffer.from(protocol, 'latin1').toString('hex')
  return `${bytes[0]}${bytes.at(-1)}`
}

function shortHash(text: string): string {
  return text === '' ? NOTHING : hash('sha256', text, 'hex').slice(0, 12)
}

function md5(text: string): string {
  return hash('md5', text, 'hex')
}
