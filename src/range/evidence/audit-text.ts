const UNSET = 0xffff_ffff

/** Group separator: `log_format = ENRICHED` puts what auditd resolved behind it. */
export const ENRICHED = '\u001D'

/** A field the kernel does not trust: quoted, or upper-case hex where it holds a quote, a blank, control or 8-bit bytes. */
export function untrusted(text: string): string {
  return isPlain(text) ? `"${text}"` : hexOf(text)
}

function hexOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}

/** PROCTITLE: the argument block with its NULs, cut at 128 bytes (kernel MAX_PROCTITLE_AUDIT_LEN). */
export function processTitle(args: readonly string[]): string {
  return untrusted(args.join('\0').slice(0, 128))
}

/** struct sockaddr_in as hex: family in host order (little-endian), port and address in network order. */
export function socketAddress(ip: string, port: number): string {
  const octets = ip.split('.', 4).map(Number)
  const bytes = [2, 0, port >> 8, port & 0xff, ...octets, 0, 0, 0, 0, 0, 0, 0, 0]
  return bytes
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}

/** An id as records carry it: `null` is -1 seen unsigned. */
export function idText(id: number | null): string {
  return String(id ?? UNSET)
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x21 || code > 0x7e || code === 0x22) return false
  }
  return true
}
