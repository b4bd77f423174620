/** RFC 1035 §2.3.4, in text without the root's dot. */
const MAX_NAME = 253
const LABELS = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u

/** A host name as TLS and certificates carry it (A-labels, RFC 6066 §3): lower case, without the root's dot; null where it is none. */
export function hostNameOf(text: string): string | null {
  const name = text.toLowerCase().replace(/\.$/u, '')
  return name.length <= MAX_NAME && LABELS.test(name) ? name : null
}
