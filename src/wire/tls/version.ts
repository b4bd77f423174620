import type { ClientHello } from './client-hello.ts'

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x0304, '1.3'],
  [0x0303, '1.2'],
  [0x0302, '1.1'],
  [0x0301, '1.0'],
  [0x0300, 'SSL 3.0'],
  [0x0002, 'SSL 2.0'],
])

/** Values that mean nothing and that clients sprinkle in (RFC 8701). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

/** `1.3`; the drafts of TLS 1.3 count as it. Null where the number says nothing. */
export function versionName(version: number): string | null {
  const high = version >> 8
  return high === 0x7f || high === 0xfb ? '1.3' : (NAMES.get(version) ?? null)
}

/** TLS 1.3 and its drafts seal everything behind the hellos. */
export function isSealedEarly(version: number): boolean {
  return versionName(version) === '1.3'
}

/** The highest version that a client offers. */
export function offeredVersion(hello: ClientHello): number {
  const offered = hello.versions.filter((version) => !isGrease(version))
  return offered.reduce((highest, version) => Math.max(highest, version), 0) || hello.version
}
