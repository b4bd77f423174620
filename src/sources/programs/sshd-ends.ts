import { AFTER_PORT, type Endpoint, endpointAt, lastEndpoint, lastWord, readName } from './endpoint.ts'
import { draftOf, type SshdDraft, sshdDraft, type SshdMessage, sshdMessage } from './sshd-message.ts'

const TOO_MANY = ': Too many authentication failures'

export function readConnection(text: string, isPreauth: boolean): SshdMessage | null {
  if (text.startsWith('Connection closed by ')) return readNamedEnd(text, 21, isPreauth)
  if (text.startsWith('Connection reset by peer')) return sshdMessage({ isPreauth })
  if (text.startsWith('Connection reset by ')) return readNamedEnd(text, 20, isPreauth)
  if (text.startsWith('Connection from ')) {
    return draftOf('start', endpointAt(text, 16))
  }
  return null
}

export function readDisconnect(text: string, isPreauth: boolean): SshdMessage | null {
  if (text.startsWith('Disconnected from ')) return asDisconnect(readNamedEnd(text, 18, isPreauth))
  if (text.startsWith('Did not receive identification string from ')) return endAtLeft(text, 43)
  if (text.startsWith('Disconnecting: Too many authentication failures')) return readTooMany(text, 47)
  if (text.startsWith('Disconnecting: ')) return sshdMessage({ isPreauth })
  if (text.startsWith('Disconnecting ')) return readNamedEnd(text, 14, isPreauth)
  return null
}

/**
 * An end with the peer at `start`, perhaps behind a name: `ADDRESS port N`, `authenticating user NAME
 * ADDRESS port N`, `invalid user NAME ADDRESS port N`, each perhaps with `: reason`. `user NAME …`
 * is the end of somebody who was logged in.
 */
export function readNamedEnd(text: string, start: number, isPreauth: boolean): SshdDraft | null {
  const isInvalid = text.startsWith('invalid user ', start)
  const isTrying = isInvalid || text.startsWith('authenticating user ', start)
  if (!isTrying) {
    if (text.startsWith('user ', start)) return null
    const { address, port, end } = endpointAt(text, start)
    // A word that is not known stands where the peer should: the peer is further right.
    const known = port === null && text.length > end ? lastEndpoint(text, text.length, ['']) : null
    const message = draftOf('end', { address: known?.address ?? address, port: known?.port ?? port })
    message.isPreauth = isPreauth
    message.isFailure = text.startsWith(TOO_MANY, end)
    return message
  }
  const name = start + (isInvalid ? 13 : 20)
  const endpoint = endpointOfNamed(text)
  const isNamed = endpoint !== null && endpoint.start > name
  const message = isNamed ? draftOf('end', endpoint) : sshdDraft('end')
  message.isPreauth = true
  if (!isNamed) return message
  message.user = text.slice(name, endpoint.start - 1)
  message.isUnknownUser = isInvalid
  message.isFailure = text.startsWith(TOO_MANY, endpoint.end)
  return message
}

function endpointOfNamed(text: string): Endpoint | null {
  // This reason quotes names the peer chose; no other does.
  const change = text.indexOf(': Change of username or service not allowed: ')
  return lastEndpoint(text, change < 0 ? text.length : change, ['', ': '])
}

export function endAtLeft(text: string, start: number): SshdMessage {
  const message = draftOf('end', endpointAt(text, start))
  message.isPreauth = true
  return message
}

/** For messages that quote what the peer sent: its address comes last. */
export function endAtRight(text: string, before: string, isPreauth: boolean): SshdMessage | null {
  const endpoint = lastEndpoint(text, text.length, ['']) ?? lastWord(text, text.length)
  const isNamed = text.startsWith(before, endpoint.start - before.length)
  return isNamed ? sshdMessage({ address: endpoint.address, port: endpoint.port, isPreauth }) : null
}

/** `for ADDRESS port N`, or from version 9.8 on `for connection from ADDRESS to ADDRESS, pid = N`. */
export function readTimeout(text: string): SshdMessage {
  if (!text.startsWith('connection from ', 34)) return endAtLeft(text, 34)
  const { address, port } = endpointAt(text, 50)
  const named = text.lastIndexOf(' pid = ')
  const pid = named < 0 ? Number.NaN : Number.parseInt(text.slice(named + 7), 10)
  return sshdMessage({ address, port, isPreauth: true, pid: Number.isSafeInteger(pid) ? pid : null })
}

/** ` for NAME from ADDRESS port N ssh2`, ` for NAME`, or nothing, from `start` on. */
export function readTooMany(text: string, start: number): SshdMessage {
  const end = { what: 'end', isPreauth: true, isFailure: true } as const
  if (!text.startsWith(' for ', start)) return sshdMessage(end)
  const endpoint = lastEndpoint(text, text.length, AFTER_PORT)
  const named = endpoint === null ? null : readName(text, start + 5, endpoint.start)
  if (endpoint === null || named === null) return sshdMessage({ ...end, user: text.slice(start + 5) })
  return sshdMessage({
    ...end,
    user: named.user,
    isUnknownUser: named.isUnknown,
    address: endpoint.address,
    port: endpoint.port,
  })
}

/** TCP wrappers: `refused connect from NAME (ADDRESS)`, or the address alone. */
export function readRefused(text: string): SshdMessage {
  const word = lastWord(text, text.length).address
  const isInBrackets = word.startsWith('(') && word.endsWith(')')
  return sshdMessage({
    address: isInBrackets ? word.slice(1, -1) : word.slice(word.lastIndexOf('@') + 1),
    isPreauth: true,
  })
}

/** `drop connection #10 from [ADDRESS]:N on [ADDRESS]:22 past MaxStartups`, said by the listening process. */
export function readDropped(text: string): SshdMessage | null {
  const from = text.indexOf(' from [')
  const close = from < 0 ? -1 : text.indexOf(']:', from)
  const address = close < 0 ? '' : text.slice(from + 7, close)
  if (address === '' || address.includes(' ')) return null
  const port = Number.parseInt(text.slice(close + 2, close + 7), 10)
  return sshdMessage({
    sign: 'dropped',
    address,
    port: port > 0 && port < 65_536 ? port : null,
    isPreauth: true,
  })
}

/** A polite end, which without `[preauth]` is that of somebody who was logged in. */
function asDisconnect(message: SshdDraft | null): SshdMessage | null {
  if (message !== null) message.sign = 'disconnect'
  return message
}
