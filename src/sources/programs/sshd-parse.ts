import { AFTER_PORT, endpointAt, lastEndpoint, lastWord, readName } from './endpoint.ts'
import {
  endAtLeft,
  endAtRight,
  readConnection,
  readDisconnect,
  readDropped,
  readNamedEnd,
  readRefused,
  readTimeout,
  readTooMany,
} from './sshd-ends.ts'
import { draftOf, sshdDraft, type SshdMessage, sshdMessage } from './sshd-message.ts'
import { pamFailure, pamMore, pamSession, readPam } from './sshd-pam.ts'

const PREAUTH = ' [preauth]'

/**
 * Reads one message of sshd, sshd-session or sshd-auth (OpenSSH 6 to 10). Null for what says nothing
 * about a try, a connection or a session. Time is linear in the length of the text.
 */
export function parseSshdMessage(text: string): SshdMessage | null {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) <= 32) end--
  const isPreauth = end > PREAUTH.length && text.startsWith(PREAUTH, end - PREAUTH.length)
  if (isPreauth) end -= PREAUTH.length
  const body = end === text.length ? text : text.slice(0, end)
  return readBody(body, isPreauth)
}

function readBody(text: string, isPreauth: boolean): SshdMessage | null {
  switch (text.charCodeAt(0)) {
    case 65: // A
      if (text.startsWith('Accepted ')) return readVerdict(text, 'accepted', 9)
      return null
    case 66: // B
      if (text.startsWith('Bad protocol version identification ')) return endAtRight(text, ' from ', true)
      return null
    case 67: // C
      if (text.startsWith('Close session: user ')) return readShell(text, 'shell-close')
      return readConnection(text, isPreauth)
    case 68: // D
      return readDisconnect(text, isPreauth)
    case 70: // F
      if (text.startsWith('Failed ')) return readVerdict(text, 'failed', 7)
      return null
    case 73: // I
      if (text.startsWith('Invalid user ')) return readInvalidUser(text, 13)
      if (text.startsWith('Illegal user ')) return readInvalidUser(text, 13)
      return null
    case 77: // M
      if (text.startsWith('Magic value check failed ')) return endAtRight(text, ' from ', true)
      return null
    case 80: // P
      if (text.startsWith('PAM ')) return readPamWord(text)
      if (text.startsWith('Protocol major versions differ for ')) return endAtLeft(text, 35)
      return null
    case 82: // R
      if (text.startsWith('ROOT LOGIN REFUSED FROM ')) return readRootRefused(text)
      if (text.startsWith('Received disconnect from ')) return receivedDisconnect(text, isPreauth)
      return null
    case 83: // S
      if (text.startsWith('Starting session: ')) return readShell(text, 'shell-open')
      return null
    case 84: // T
      if (text.startsWith('Timeout before authentication for ')) return readTimeout(text)
      if (text.startsWith('Timeout before authentication')) return sshdMessage({ isPreauth: true })
      if (text.startsWith('Too many authentication failures')) return readTooMany(text, 32)
      return null
    case 85: // U
      if (text.startsWith('Unable to negotiate with ')) return endAtLeft(text, 25)
      if (text.startsWith('Unable to negotiate a ')) return sshdMessage({ isPreauth: true })
      if (text.startsWith('User ')) return readNotAllowed(text)
      return null
    default:
      return readLower(text, isPreauth)
  }
}

function receivedDisconnect(text: string, isPreauth: boolean): SshdMessage {
  const message = draftOf('end', endpointAt(text, 25))
  message.sign = 'disconnect'
  message.isPreauth = isPreauth
  return message
}

/** What begins with a small letter: prefixes of severity, PAM modules, functions of sshd. */
function readLower(text: string, isPreauth: boolean): SshdMessage | null {
  if (text.startsWith('pam_')) return readPam(text)
  if (text.startsWith('error: ')) return readError(text.slice(7), isPreauth)
  if (text.startsWith('fatal: ')) return readError(text.slice(7), isPreauth)
  if (text.startsWith('authentication failure; ')) return pamFailure(text, 'pam_unix')
  if (text.startsWith('session ')) return pamSession(text, 0)
  if (text.startsWith('check pass; user unknown')) return sshdDraft('unknown-user')
  if (text.startsWith('banner exchange: Connection from ')) return endAtLeft(text, 33)
  if (text.startsWith('refused connect from ')) return readRefused(text)
  if (text.startsWith('ssh_dispatch_run_fatal: Connection from ')) return readNamedEnd(text, 40, true)
  if (text.startsWith('drop connection #')) return readDropped(text)
  if (text.startsWith('maximum authentication attempts exceeded')) return readTooMany(text, 40)
  if (text.startsWith('scanned from ')) return endAtLeft(text, 13)
  if (text.startsWith('kex_exchange_identification: ')) return sshdMessage({ isPreauth: true })
  if (text.startsWith('no matching ')) return sshdMessage({ isPreauth: true })
  if (text.startsWith('no hostkey alg')) return sshdMessage({ isPreauth: true })
  return null
}

function readError(text: string, isPreauth: boolean): SshdMessage | null {
  return text.startsWith('PAM: ') ? readPamError(text) : readBody(text, isPreauth)
}

/** `password for invalid user NAME from ADDRESS port N ssh2: RSA SHA256:…`, from `start` on. */
function readVerdict(text: string, what: 'accepted' | 'failed', start: number): SshdMessage | null {
  const space = text.indexOf(' for ', start)
  if (space < 0) return null
  const endpoint = lastEndpoint(text, text.length, AFTER_PORT)
  const named = endpoint === null ? null : readName(text, space + 5, endpoint.start)
  if (endpoint === null || named === null) return null
  const slash = text.indexOf('/', start)
  const message = draftOf(what, endpoint)
  message.method = methodAt(text, start, slash > 0 && slash < space ? slash : space)
  message.user = named.user
  message.isUnknownUser = named.isUnknown
  message.keyFingerprint = fingerprintAfter(text, endpoint.end)
  return message
}

/** Nearly always the same word: it needs no text of its own every time. */
function methodAt(text: string, start: number, end: number): string {
  return end - start === 8 && text.startsWith('password', start) ? 'password' : text.slice(start, end)
}

/** ` ssh2: RSA SHA256:…`, ` ssh2: RSA MD5:0a:1b:…`, ` ssh2: RSA 0a:1b:…` (before 6.8), ` ssh2: RSA-CERT SHA256:… ID …`. */
function fingerprintAfter(text: string, portEnd: number): string | null {
  const colon = text.indexOf(': ', portEnd)
  if (colon < 0) return null
  const type = text.indexOf(' ', colon + 2)
  if (type < 0) return null
  const end = text.indexOf(' ', type + 1)
  const word = text.slice(type + 1, end < 0 ? text.length : end)
  if (word.startsWith('SHA') || word.startsWith('MD5:')) return word
  return word.length === 47 && word.charCodeAt(2) === 58 ? `MD5:${word}` : null
}

function readInvalidUser(text: string, start: number): SshdMessage | null {
  const endpoint = lastEndpoint(text, text.length, ['']) ?? lastWord(text, text.length)
  const end = endpoint.start - 6
  // The name is empty where `user ` and ` from` share their blank.
  if (end < start - 1 || !text.startsWith(' from ', end)) return null
  const user = text.slice(start, Math.max(start, end))
  const message = draftOf('hint', endpoint)
  message.sign = 'invalid-user'
  message.user = user
  message.isUnknownUser = true
  return message
}

function readNotAllowed(text: string): SshdMessage | null {
  const because = text.lastIndexOf(' not allowed because ')
  if (because < 5) return null
  const from = text.lastIndexOf(' from ', because)
  const hasPeer = from >= 5 && !text.slice(from + 6, because).includes(' ')
  return sshdMessage({
    what: 'hint',
    sign: 'not-allowed',
    user: text.slice(5, hasPeer ? from : because),
    address: hasPeer ? text.slice(from + 6, because) : '',
  })
}

function readRootRefused(text: string): SshdMessage {
  const { address, port } = endpointAt(text, 24)
  return sshdMessage({ what: 'hint', sign: 'root-refused', user: 'root', address, port })
}

/** `PAM: Authentication failure for illegal user NAME from PEER`. */
function readPamError(text: string): SshdMessage | null {
  const space = text.indexOf(' for ')
  const peer = lastEndpoint(text, text.length, ['']) ?? lastWord(text, text.length)
  const named = space < 0 ? null : readName(text, space + 5, peer.start)
  if (named === null) return null
  return sshdMessage({
    what: 'hint',
    sign: 'pam-error',
    method: 'keyboard-interactive',
    user: named.user,
    isUnknownUser: named.isUnknown,
    address: peer.address,
    port: peer.port,
  })
}

function readPamWord(text: string): SshdMessage | null {
  return text.startsWith('PAM: ') ? readPamError(text) : pamMore(text)
}

/** `Starting session: shell on pts/0 for NAME from ADDRESS port N id 0`, `Close session: user NAME from ADDRESS port N id 0`. */
function readShell(text: string, what: 'shell-open' | 'shell-close'): SshdMessage | null {
  const endpoint = lastEndpoint(text, text.length, [' id ', ''])
  if (endpoint === null) return null
  const from = endpoint.start - 6
  const name = what === 'shell-close' ? 20 : text.lastIndexOf(' for ', from) + 5
  if (name < 5 || name > from || !text.startsWith(' from ', from)) return null
  return sshdMessage({ what, user: text.slice(name, from), address: endpoint.address, port: endpoint.port })
}
