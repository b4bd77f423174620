import { readPeer } from '../programs/address.ts'
import { type Access, said } from './access.ts'
import { CLF_TIME_LENGTH, readClfTime } from './clf-time.ts'
import { readRequestLine, unescaped } from './request.ts'

const QUOTE = 34
const BACKSLASH = 92

/**
 * Reads one line of an access log in the common or combined format of Apache and nginx, with or without a virtual
 * host before it and with whatever an operator appended behind it:
 *
 *     [vhost[:port] ]client ident user [04/Jan/2020:07:25:02 +0000] "GET / HTTP/1.1" 200 612[ "referrer" "agent"[ …]]
 *
 * Null for anything else. Names and the request are the client's to choose, so the line is held by the time in
 * brackets and by the status behind the closing quote. Time is linear in the length of the line.
 */
export function parseClfLine(text: string): Access | null {
  const open = openOfTime(text)
  // Somebody has to have asked.
  if (open < 1) return null
  const time = readClfTime(text, open + 1)
  const quote = open + CLF_TIME_LENGTH + 3
  if (text.charCodeAt(quote) !== QUOTE) return null
  const end = endOfRequest(text, quote + 1)
  if (end < 0) return null
  const request = readRequestLine(unescaped(text.slice(quote + 1, end)))
  const who = readWho(text.slice(0, Math.max(0, open - 1)))
  const status = Number(text.slice(end + 2, end + 5))
  return { time, ...request, ...who, host: who.host ?? request.host, status, ...readRest(text, end + 5) }
}

/** The bracket before the time; -1 where there is none. */
function openOfTime(text: string): number {
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) {
    const isTime =
      text.charCodeAt(at + CLF_TIME_LENGTH + 1) === 93 && !Number.isNaN(readClfTime(text, at + 1))
    if (isTime) return at
  }
  return -1
}

/** The quote that a status follows: not every server escapes quotes in a request. */
function endOfRequest(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE && isStatusAt(text, at + 1)) return at
  }
  return -1
}

function isStatusAt(text: string, at: number): boolean {
  const first = text.charCodeAt(at + 1)
  if (text.charCodeAt(at) !== 32 || first < 48 || first > 57) return false
  const after = text.charCodeAt(at + 4)
  return isDigit(text, at + 2) && isDigit(text, at + 3) && (after === 32 || Number.isNaN(after))
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

type Who = Pick<Access, 'srcIp' | 'srcHost' | 'user' | 'host' | 'dstPort'>

/** `client ident user`, perhaps behind a virtual host; some formats leave ident or user out. A user may hold blanks. */
function readWho(text: string): Who {
  const words = text.split(' ', 64)
  const first = words[0] ?? ''
  // `203.0.113.9, 198.51.100.4` of a forwarding header.
  const client = readPeer(first.endsWith(',') ? first.slice(0, -1) : first)
  const second = client.ip === null ? readPeer(words[1] ?? '') : client
  const isBehindHost = client.ip === null && second.ip !== null
  const [at, peer] = isBehindHost ? [2, second] : [1, client]
  let rest = at
  // The other addresses of a forwarding header.
  if (!isBehindHost && first.endsWith(','))
    while (rest < words.length && readPeer(words[rest]?.replace(',', '') ?? '').ip !== null) rest++
  const user = said(
    words
      .slice(rest + 1)
      .join(' ')
      .trim(),
  )
  const vhost = isBehindHost ? readHost(first) : { host: null, dstPort: null }
  return { srcIp: peer.ip, srcHost: peer.host === '-' ? null : peer.host, user, ...vhost }
}

/** `www.example.com:443` */
function readHost(text: string): Pick<Who, 'host' | 'dstPort'> {
  const colon = text.lastIndexOf(':')
  const port = colon < 0 ? Number.NaN : Number(text.slice(colon + 1))
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536
  return { host: said(isPort ? text.slice(0, colon) : text), dstPort: isPort ? port : null }
}

type Rest = Pick<Access, 'bytes' | 'referrer' | 'userAgent' | 'seconds'>

/** ` 612 "referrer" "agent" 0.004`, as far as it goes. */
function readRest(text: string, start: number): Rest {
  const space = text.indexOf(' ', start + 1)
  const end = space < 0 ? text.length : space
  const size = text.slice(start + 1, end)
  const bytes = /^\d{1,15}$/u.test(size) ? Number(size) : null
  const referrer = quotedAt(text, end + 1)
  const agent = referrer === null ? null : quotedAt(text, referrer.end + 2)
  return {
    bytes,
    referrer: said(referrer?.text),
    userAgent: said(agent?.text),
    seconds: secondsIn(text, agent?.end ?? referrer?.end ?? end),
  }
}

/** A quoted field, without its quotes; `end` is the closing one. */
function quotedAt(text: string, start: number): { text: string; end: number } | null {
  if (text.charCodeAt(start) !== QUOTE) return null
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return { text: unescaped(text.slice(start + 1, at)), end: at }
  }
  return null
}

const MAX_APPENDED = 512
/** nginx's `$request_time`, bare or named, and Traefik's `12ms`. */
const REQUEST_TIME = /(?:^|\s)"?(?:(?:rt|request_time|req_time)=)?"?(\d{1,7}\.\d{3})"?(?=\s|$)/u
const MILLISECONDS = /\s(\d{1,9})ms$/u

function secondsIn(text: string, end: number): number | null {
  if (end + 1 >= text.length) return null
  const appended = text.slice(end + 1, end + 1 + MAX_APPENDED)
  const seconds = REQUEST_TIME.exec(appended)?.[1]
  if (seconds !== undefined) return Number(seconds)
  const ms = MILLISECONDS.exec(appended)?.[1]
  return ms === undefined ? null : Number(ms) / 1000
}

/** `2021/12/01 13:53:33 [error] 31#31: …` of nginx, `[Thu Oct 13 12:24:49.880562 2022] [core:error] …` of Apache. */
export function isErrorLine(text: string): boolean {
  return (
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]{3,8}\] \d/u.test(text) ||
    /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4}\] \[/u.test(text)
  )
}
