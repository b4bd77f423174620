import ipaddr from 'ipaddr.js'

export interface SocketAddress {
  readonly family: 'inet' | 'inet6' | 'local' | 'netlink'
  readonly ip: string | null
  readonly port: number | null
  readonly path: string | null
}

/** Reads `saddr=`: a struct sockaddr in hex (bytes as the machine holds them, little endian), or the words ausearch makes of it. */
export function readSocketAddress(value: string): SocketAddress | null {
  if (value.startsWith('{') || value.includes(' ')) return readWords(value)
  if (!/^(?:[0-9A-Fa-f]{2}){2,256}$/u.test(value)) return null
  const bytes = Buffer.from(value, 'hex')
  switch (bytes.readUInt16LE(0)) {
    case 1:
      return local(bytes)
    case 2:
      return bytes.length < 8 ? null : internet(bytes, bytes.subarray(4, 8))
    case 10:
      return bytes.length < 24 ? null : internet(bytes, bytes.subarray(8, 24))
    case 16:
      return { family: 'netlink', ip: null, port: null, path: null }
    default:
      return null
  }
}

function internet(bytes: Buffer, address: Buffer): SocketAddress {
  const parsed = ipaddr.fromByteArray([...address])
  const isMapped = parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()
  const ip = isMapped ? parsed.toIPv4Address().toString() : parsed.toString()
  return { family: address.length === 4 ? 'inet' : 'inet6', ip, port: bytes.readUInt16BE(2), path: null }
}

function local(bytes: Buffer): SocketAddress {
  const name = bytes.subarray(2)
  const isAbstract = name.length > 1 && name[0] === 0
  const start = isAbstract ? 1 : 0
  const end = name.indexOf(0, start)
  const path = name.toString('utf8', start, end < 0 ? name.length : end)
  return { family: 'local', ip: null, port: null, path: path === '' ? null : isAbstract ? `@${path}` : path }
}

/** `{ saddr_fam=inet laddr=192.0.2.1 lport=443 }`, `{ fam=local path=/run/x }`, `inet host:192.0.2.1 serv:443`. */
function readWords(value: string): SocketAddress | null {
  const words = value.slice(0, 512).split(/[ {}]+/u)
  const word = (...names: string[]): string | null => {
    for (const name of names) {
      const found = words.find((word) => word.startsWith(name))
      if (found !== undefined) return found.slice(name.length)
    }
    return null
  }
  const family = word('saddr_fam=', 'fam=') ?? words[0]
  if (family === 'local') return { family, ip: null, port: null, path: word('path=', 'path:') }
  if (family === 'netlink') return { family, ip: null, port: null, path: null }
  const ip = word('laddr=', 'host:')
  if ((family !== 'inet' && family !== 'inet6') || ip === null || !ipaddr.isValid(ip)) return null
  const port = Number(word('lport=', 'serv:') ?? Number.NaN)
  return { family, ip, port: Number.isInteger(port) && port >= 0 && port < 65_536 ? port : null, path: null }
}
