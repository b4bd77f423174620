import { addressBytes } from '../address.ts'
import { concatBytes, uint16s } from '../bytes.ts'

/** What a client of a SOCKS 5 proxy says: greeting, login if there is one, request (RFC 1928, RFC 1929). */
export function socks5Request(
  host: string,
  port: number,
  login?: { readonly user: string; readonly password: string },
): Uint8Array {
  const address = isAddress(host)
    ? concatBytes(Uint8Array.of(host.includes(':') ? 4 : 1), addressBytes(host))
    : concatBytes(Uint8Array.of(3), counted(host))
  const auth =
    login === undefined
      ? Uint8Array.of(5, 1, 0)
      : concatBytes(Uint8Array.of(5, 2, 0, 2, 1), counted(login.user), counted(login.password))
  return concatBytes(auth, Uint8Array.of(5, 1, 0), address, uint16s(port))
}

/** What the proxy says to that when it agrees. */
export function socks5Consent(hasLogin: boolean): Uint8Array {
  const auth = hasLogin ? Uint8Array.of(5, 2, 1, 0) : Uint8Array.of(5, 0)
  return concatBytes(auth, Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
}

/** SOCKS 4 for an address, 4a for a name. */
export function socks4Request(host: string, port: number, user: string): Uint8Array {
  const isName = !isAddress(host)
  const address = isName ? Uint8Array.of(0, 0, 0, 1) : addressBytes(host)
  return concatBytes(
    Uint8Array.of(4, 1),
    uint16s(port),
    address,
    ended(user),
    isName ? ended(host) : new Uint8Array(),
  )
}

export function socks4Consent(): Uint8Array {
  return Uint8Array.of(0, 0x5a, 0, 0, 0, 0, 0, 0)
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/u.test(host) || host.includes(':')
}

function counted(text: string): Uint8Array {
  return concatBytes(Uint8Array.of(text.length), Buffer.from(text, 'latin1'))
}

function ended(text: string): Uint8Array {
  return concatBytes(Buffer.from(text, 'latin1'), Uint8Array.of(0))
}
