/** Where a peer stands in a message: `<address> port <n>`, or the address alone in older forms. */
export interface Endpoint {
  readonly address: string
  readonly port: number | null
  /** Index of the address in the text, and of what follows the endpoint. */
  readonly start: number
  readonly end: number
}

const MAX_PORT = 65_535

/** The endpoint that begins at `start`: `192.0.2.1 port 22: …`, `192.0.2.1: …`, `192.0.2.1 …`. */
export function endpointAt(text: string, start: number): Endpoint {
  let end = start
  while (end < text.length && text.charCodeAt(end) !== 32) end++
  if (text.startsWith(' port ', end)) {
    const address = text.slice(start, end)
    const digits = digitsEnd(text, end + 6)
    return { address, port: portOf(text, end + 6, digits), start, end: digits }
  }
  // `192.0.2.1: 11: Bye Bye`, as versions before 7 wrote it.
  if (end > start && text.charCodeAt(end - 1) === 58) end--
  return { address: text.slice(start, end), port: null, start, end }
}

/**
 * The last endpoint that ends before `limit` and is followed by one of `followers` (an empty one
 * means: by the end). Names stand left of the address and are the peer's to choose, so a message
 * that holds one is read from its right.
 */
export function lastEndpoint(text: string, limit: number, followers: readonly string[]): Endpoint | null {
  for (
    let at = text.lastIndexOf(' port ', limit);
    at >= 0;
    at = at === 0 ? -1 : text.lastIndexOf(' port ', at - 1)
  ) {
    const end = digitsEnd(text, at + 6)
    if (end === at + 6 || end > limit) continue
    if (!isFollowed(text, end, limit, followers)) continue
    const start = text.lastIndexOf(' ', at - 1) + 1
    return { address: text.slice(start, at), port: portOf(text, at + 6, end), start, end }
  }
  return null
}

function isFollowed(text: string, end: number, limit: number, followers: readonly string[]): boolean {
  for (const follower of followers)
    if (follower === '' ? end === limit : text.startsWith(follower, end)) return true
  return false
}

/** The last word before `limit` as an address without port. */
export function lastWord(text: string, limit: number): Endpoint {
  const start = text.lastIndexOf(' ', limit - 1) + 1
  return { address: text.slice(start, limit), port: null, start, end: limit }
}

export function digitsEnd(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) break
    at++
  }
  return at
}

function portOf(text: string, start: number, end: number): number | null {
  if (end === start || end - start > 5) return null
  let port = 0
  for (let at = start; at < end; at++) port = port * 10 + text.charCodeAt(at) - 48
  return port <= MAX_PORT ? port : null
}

/** What follows the endpoint in a verdict: the protocol, or nothing. */
export const AFTER_PORT: readonly string[] = [' ssh', '']

/** The name in `invalid user NAME from `, which ends where the address starts. It may be empty, and hold anything. */
export function readName(
  text: string,
  start: number,
  addressStart: number,
): { user: string; isUnknown: boolean } | null {
  const isUnknown = text.startsWith('invalid user ', start) || text.startsWith('illegal user ', start)
  const from = isUnknown ? start + 13 : start
  const end = addressStart - 6
  if (end < from - 1 || !text.startsWith(' from ', end)) return null
  return { user: text.slice(from, Math.max(from, end)), isUnknown }
}
