/** Heads of HTTP/1 messages (RFC 9112), latin1. */

const REQUEST = /^[A-Z]{3,10} [!-~]{1,4000} HTTP\/1\.[01]\r?\n/u
const REPLY = /^HTTP\/1\.[01] (\d{3})(?=[ \r\n])/u

export function isHead(head: string): boolean {
  return REQUEST.test(head) || REPLY.test(head)
}

/** Null where it is a request. */
export function statusOf(head: string): number | null {
  const found = REPLY.exec(head)
  return found === null ? null : Number(found[1])
}

/** What a request asks for: a path, for a proxy a whole address or `host:port`. */
export function targetOf(head: string): string {
  return head.split(' ', 2)[1] ?? ''
}

/** Value of the field `name` (lower case), null where there is none. */
export function fieldOf(head: string, name: string): string | null {
  const lower = head.toLowerCase()
  const at = lower.indexOf(`\n${name}:`)
  if (at < 0) return null
  const from = at + name.length + 2
  const end = head.indexOf('\n', from)
  return head.slice(from, end < 0 ? head.length : end).trim()
}

/** Whether this side asks for, or agrees to, a WebSocket (RFC 6455 §4). */
export function isWebSocketUpgrade(head: string): boolean {
  return fieldOf(head, 'upgrade')?.toLowerCase() === 'websocket'
}

/** `host:port` of the address that a proxy is asked for, null where the request goes to the server itself. */
export function proxiedHost(target: string): string | null {
  const found = /^http:\/\/(?:[^/@]{0,300}@)?([\w.:[\]-]{1,260})(?:\/|$)/iu.exec(target)
  return found?.[1] ?? null
}

/** The user of `Basic …` (RFC 7617); the password stays where it is. */
export function basicUser(authorization: string | null): string | null {
  const found = /^basic[ ]+([A-Za-z0-9+/=]{1,400})$/iu.exec(authorization ?? '')
  if (found === null) return null
  return Buffer.from(found[1]!, 'base64').toString('utf8').split(':', 1)[0] ?? null
}
