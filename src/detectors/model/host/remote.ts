import { BlockList, isIP } from 'node:net'
import type { Command } from './shell.ts'

/** What a command fetches from, and where it puts it. */
export interface Fetch {
  /** As written. */
  readonly url: string
  readonly host: string
  /** The host is an address, not a name. */
  readonly isAddress: boolean
  /** Not encrypted, or on an odd port. */
  readonly isPlain: boolean
  /** Files it writes; relative to `cwd` where it does not begin with a slash. Empty = standard output. */
  readonly outputs: readonly string[]
}

const FETCHERS: ReadonlySet<string> = new Set(
  'curl wget wget2 aria2c axel fetch lwp-download lwp-request GET lynx links elinks http https tftp ftpget ftp ncftpget'.split(
    ' ',
  ),
)
/** What intruders rename curl and wget to, so that others' scripts fail. */
const RENAMED: ReadonlySet<string> = new Set(
  'cur cd1 cdl cdt lruc url get wge wd1 wdl wdt wdz tegw good'.split(' '),
)
const URL_SHAPE =
  /^(https?|ftps?|tftp):\/\/(?:[^\s@/]{1,256}@)?(\[[0-9a-fA-F:.]{2,45}\]|[^\s/:?#'"]{1,253})(?::(\d{1,5}))?/iu
/** An address without scheme, as curl and wget take it. */
const BARE = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?:\/|$)/u

export function isFetcher(program: string): boolean {
  return FETCHERS.has(program)
}

/** The fetch a command is, or null. */
export function fetchOf(command: Command): Fetch | null {
  if (!FETCHERS.has(command.program) && !RENAMED.has(command.program)) return null
  for (const [index, word] of command.words.entries()) {
    if (index === 0) continue
    const target = readUrl(word)
    if (target !== null) return { ...target, outputs: outputsOf(command, word) }
  }
  return fetchByName(command)
}

/** A name and a path without scheme, as curl and wget take them; they then speak HTTP. */
const BARE_NAME = /^((?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24})(?::(\d{1,5}))?\//iu
/** Options whose next word is none of what is fetched (curl(1), wget(1)): letters, and all long ones but those. */
const CURL_TAKES_WORD = /^-[a-zA-Z#]*[AbcCdDeEFHKmoPQrtTuUwxXyYz]$/u
const WGET_TAKES_WORD = /^-[a-zA-Z]*[aABDeiIloOPQRtTUwX]$/u
const TAKES_NO_WORD =
  /^--(?:no-[a-z-]+|background|compressed|continue|fail|inet4-only|insecure|ipv4|location|progress-bar|quiet|remote-(?:header-)?name|show-error|silent|url|verbose)$/u

function fetchByName(command: Command): Fetch | null {
  for (const [index, word] of command.words.entries()) {
    const host = index === 0 ? undefined : BARE_NAME.exec(word.slice(0, 2048))?.[1]
    if (host === undefined || takesWord(command.words[index - 1] ?? '', isLikeCurl(command.program))) continue
    const url = word.slice(0, 2048)
    const fetch = { url, host: host.toLowerCase(), isAddress: false, isPlain: true }
    return { ...fetch, outputs: outputsOf(command, word) }
  }
  return null
}

function takesWord(option: string, isCurl: boolean): boolean {
  if (option.startsWith('--')) return !option.includes('=') && !TAKES_NO_WORD.test(option)
  return (isCurl ? CURL_TAKES_WORD : WGET_TAKES_WORD).test(option)
}

function isLikeCurl(program: string): boolean {
  return !/^(?:wget|wge|wd|get|tegw|aria|axel|good)/u.test(program)
}

/** The URL or bare address a word is, or null. */
export function readUrl(word: string): Omit<Fetch, 'outputs'> | null {
  const text = word.slice(0, 2048)
  const match = URL_SHAPE.exec(text)
  const bare = match === null ? BARE.exec(text) : null
  const host = match?.[2] ?? bare?.[1]
  if (host === undefined) return null
  const name = host.replace(/^\[|\]$/gu, '')
  const port = match?.[3] ?? bare?.[2]
  const isEncrypted = match?.[1]?.toLowerCase() === 'https'
  return {
    url: text,
    host: name.toLowerCase(),
    isAddress: isIP(name) !== 0 || /^(?:0x[0-9a-f]{1,8}|\d{8,10})$/iu.test(name),
    isPlain: !isEncrypted || (port !== undefined && port !== '443'),
  }
}

/** The first URL anywhere in a text. */
export function urlIn(text: string): Omit<Fetch, 'outputs'> | null {
  const match = /(?:https?|ftps?|tftp):\/\/[^\s'"`;|&<>()]{1,1024}/iu.exec(text)
  return match === null ? null : readUrl(match[0])
}

const OUTPUT_OPTIONS: ReadonlySet<string> = new Set([
  '-o',
  '--output',
  '-O',
  '--output-document',
  '--out',
  '-l',
])

function outputsOf(command: Command, url: string): string[] {
  const found = command.outputs.map((output) => output.path)
  const { words } = command
  let isNamed = false
  let folder = ''
  const isCurl = isLikeCurl(command.program)
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1]
    const attached = /^(?:--output(?:-document)?|--out)=(.+)$/u.exec(word)?.[1] ?? shortOutput(word, isCurl)
    if (attached !== undefined) {
      isNamed = true
      if (attached !== '-') found.push(attached)
    } else if (isCurl ? /^-[a-zA-Z]*O$|^--remote-name/u.test(word) : false) {
      isNamed = true
      found.push(lastPart(url))
    } else if (isOutputOption(word, isCurl) && next !== undefined) {
      isNamed = true
      if (next !== '-') found.push(next)
      at++
    } else if ((word === '-P' || word === '--output-dir' || word === '-d') && next !== undefined)
      folder = next
    else if (word.startsWith('--directory-prefix=')) folder = word.slice(19)
  }
  // wget and its like write a file unless told otherwise, curl writes to standard output.
  if (!isNamed && !isCurl && found.length === 0) found.push(lastPart(url))
  return found
    .map((path) => (folder !== '' && !path.startsWith('/') ? `${folder}/${path}` : path))
    .filter((path) => path !== '/dev/null')
}

function isOutputOption(word: string, isCurl: boolean): boolean {
  if (OUTPUT_OPTIONS.has(word)) return isCurl ? word !== '-O' && word !== '-l' : word !== '-o'
  return isCurl ? /^-[a-zA-Z]*o$/u.test(word) && !word.startsWith('--') : /^-[a-zA-Z]*O$/u.test(word)
}

/** `-O-`, `-qO-`, `-O/tmp/x` of wget; `-o/tmp/x` of curl. */
function shortOutput(word: string, isCurl: boolean): string | undefined {
  return isCurl ? /^-[a-zA-Z]*o(\/.+)$/u.exec(word)?.[1] : /^-[a-zA-Z]*O(-|[./].*)$/u.exec(word)?.[1]
}

function lastPart(url: string): string {
  const path = url.replace(/^[a-z]+:\/\//iu, '').split(/[?#]/u, 1)[0] ?? ''
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === '' || !path.includes('/') ? 'index.html' : name
}

const PASTE_HOSTS =
  /(?:^|\.)(?:pastebin\.com|paste\.ee|rentry\.co|ix\.io|termbin\.com|transfer\.sh|oshi\.at|file\.io|temp\.sh|0x0\.st|bashupload\.com|catbox\.moe|anonfiles\.com|gofile\.io|ngrok\.io|ngrok-free\.app|trycloudflare\.com|duckdns\.org|onion|onion\.[a-z]+|tor2web\.[a-z]+|discordapp\.com)$/u

/** Anybody may put something there without leaving a name. */
export function isAnonymousHost(host: string): boolean {
  return PASTE_HOSTS.test(host)
}

const OWN_NETWORKS = new BlockList()
OWN_NETWORKS.addSubnet('10.0.0.0', 8)
OWN_NETWORKS.addSubnet('172.16.0.0', 12)
OWN_NETWORKS.addSubnet('192.168.0.0', 16)
OWN_NETWORKS.addSubnet('127.0.0.0', 8)
OWN_NETWORKS.addSubnet('169.254.0.0', 16)
OWN_NETWORKS.addSubnet('100.64.0.0', 10)
OWN_NETWORKS.addSubnet('fc00::', 7, 'ipv6')
OWN_NETWORKS.addSubnet('fe80::', 10, 'ipv6')
OWN_NETWORKS.addAddress('::1', 'ipv6')

/** A private, loopback or link-local address: the owner's own network. */
export function isOwnNetwork(host: string): boolean {
  const version = isIP(host)
  if (version === 0) return host === 'localhost'
  return OWN_NETWORKS.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
