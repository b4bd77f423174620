import { concatBytes } from '../bytes.ts'

/** An HTTP/1.1 message (RFC 9112); a body gets its length, or with `chunks` is cut into chunks of so many bytes. */
export function httpMessage(
  start: string,
  fields: Readonly<Record<string, string>> = {},
  body = '',
  chunks = 0,
): Uint8Array {
  const framing =
    chunks > 0 ? 'Transfer-Encoding: chunked' : body === '' ? '' : `Content-Length: ${body.length}`
  const lines = [start, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)]
  if (framing !== '') lines.push(framing)
  const head = `${lines.join('\r\n')}\r\n\r\n`
  return concatBytes(Buffer.from(head), Buffer.from(chunks > 0 ? chunked(body, chunks) : body))
}

function chunked(body: string, size: number): string {
  let text = ''
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size)
    text += `${part.length.toString(16)}\r\n${part}\r\n`
  }
  return `${text}0\r\n\r\n`
}
