import { BlockList, isIP, isIPv6 } from 'node:net'
import { MASK } from '../text/secret-names.ts'

/** What the value of an artefact is, for formats that tell kinds apart. */
export type Shape =
  | { readonly kind: 'ip'; readonly ip: string; readonly version: 4 | 6 }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'endpoint'; readonly host: Shape & { kind: 'ip' | 'domain' }; readonly port: number }
  | { readonly kind: 'url'; readonly url: string }
  /** `folder` is null where only a name is known. */
  | { readonly kind: 'file'; readonly path: string; readonly folder: string | null; readonly name: string }
  | { readonly kind: 'hash'; readonly algorithm: 'MD5' | 'SHA-1' | 'SHA-256'; readonly hash: string }
  | { readonly kind: 'wallet'; readonly wallet: string }
  | { readonly kind: 'command'; readonly commandLine: string }
  | { readonly kind: 'other' }

const OTHER: Shape = { kind: 'other' }
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9_][a-z0-9_-]{0,62}\.)+[a-z][a-z0-9-]{1,62}$/u
const HASHES: Readonly<Record<number, 'MD5' | 'SHA-1' | 'SHA-256'>> = {
  32: 'MD5',
  40: 'SHA-1',
  64: 'SHA-256',
}
const URL_SCHEME = /^(?:https?|ftps?|tftp|stratum\+\w{1,10}):\/\/[^\s]+$/iu

/** Types whose value is never taken for something else because it happens to look like it. */
const BY_TYPE: Readonly<Record<string, (value: string) => Shape>> = {
  wallet: (wallet) => ({ kind: 'wallet', wallet }),
  path: fileOf,
  cron: fileOf,
  unit: fileOf,
  'key-file': fileOf,
  process: processOf,
  command: (commandLine) => ({ kind: 'command', commandLine }),
  worker: () => OTHER,
  agent: () => OTHER,
}

/** A value that was masked or cut would match nothing, or the wrong thing: it has no shape. */
export function shapeOf(type: string, value: string): Shape {
  if (value === '' || value.includes(MASK) || value.includes('…')) return OTHER
  const own = BY_TYPE[type]
  return own === undefined ? remoteOf(value) : own(value)
}

/** A process is known by its program; a bare name is anybody's. */
function processOf(value: string): Shape {
  return value.startsWith('/') ? fileOf(value) : OTHER
}

function remoteOf(value: string): Shape {
  if (URL_SCHEME.test(value) && URL.canParse(value)) return { kind: 'url', url: value }
  const host = hostOf(value)
  if (host !== null) return host
  const [, name = '', port = ''] = /^(.+):(\d{1,5})$/u.exec(value) ?? []
  const endpoint = hostOf(name.replace(/^\[(.*)\]$/u, '$1'))
  if (endpoint !== null && Number(port) <= 65_535)
    return { kind: 'endpoint', host: endpoint, port: Number(port) }
  const algorithm = /^[0-9a-f]+$/iu.test(value) ? HASHES[value.length] : undefined
  return algorithm === undefined ? OTHER : { kind: 'hash', algorithm, hash: value.toLowerCase() }
}

function hostOf(value: string): (Shape & { kind: 'ip' | 'domain' }) | null {
  const version = isIP(value)
  if (version === 4 || version === 6) return { kind: 'ip', ip: value.toLowerCase(), version }
  const domain = value.toLowerCase().replace(/\.$/u, '')
  return DOMAIN.test(domain) ? { kind: 'domain', domain } : null
}

function fileOf(path: string): Shape {
  const at = path.lastIndexOf('/')
  const name = path.slice(at + 1)
  if (name === '') return OTHER
  return { kind: 'file', path, folder: at === -1 ? null : at === 0 ? '/' : path.slice(0, at), name }
}

const INSIDE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  INSIDE.addSubnet(net, prefix)
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INSIDE.addSubnet(net, prefix, 'ipv6')

/** Files that every machine has: that an intruder wrote one says a lot, that one is there says nothing. */
const EVERYWHERE =
  /\/\.ssh\/[^/]*$|^\/etc\/(?:crontab|passwd|shadow|group|hosts|sudoers|profile|environment|resolv\.conf|rc\.local|ld\.so\.preload|bash\.bashrc|inittab)$|^\/var\/spool\/cron\/|^\/var\/log\/|\/\.(?:bashrc|bash_profile|bash_history|bash_logout|profile|zshrc|viminfo|wget-hsts)$|^\/(?:dev\/null|proc\/.*|sys\/.*)$/u

/** Whether finding it on another machine would say that the same intruder was there. */
export function isTelling(shape: Shape): boolean {
  switch (shape.kind) {
    case 'ip':
      return !INSIDE.check(shape.ip, isIPv6(shape.ip) ? 'ipv6' : 'ipv4')
    case 'endpoint':
      return isTelling(shape.host)
    case 'domain':
      return !/(?:^|\.)(?:localhost|local|internal|lan|home|arpa)$/u.test(shape.domain)
    case 'url':
      return isTelling(remoteOf(new URL(shape.url).hostname.replace(/^\[(.*)\]$/u, '$1')))
    case 'file':
      return shape.folder !== null && !EVERYWHERE.test(shape.path)
    case 'other':
      return false
    default:
      return true
  }
}

/** Whether it is a thing that any machine has, or one inside the network of its owner: nothing to block or hunt for. */
export function isCommonplace(shape: Shape): boolean {
  return shape.kind !== 'other' && !(shape.kind === 'file' && shape.folder === null) && !isTelling(shape)
}
