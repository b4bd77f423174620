/** The first line of a request, taken apart. What is no HTTP stands in `path` as a whole. */
export interface RequestLine {
  readonly method: string | null
  /** Where the target names it: `GET http://host/path`, `CONNECT host:443`. */
  readonly host: string | null
  readonly path: string
  readonly query: string | null
  readonly protocol: string | null
}

const METHOD = /^[A-Za-z][A-Za-z_-]{1,23}$/u

/** `GET /path?query HTTP/1.1`; blanks in the target and a missing protocol are the client's doing. */
export function readRequestLine(text: string): RequestLine {
  const space = text.indexOf(' ')
  const word = space < 0 ? '' : text.slice(0, space)
  if (!METHOD.test(word))
    return { method: null, host: null, path: text === '-' ? '' : text, query: null, protocol: null }
  const last = text.lastIndexOf(' ')
  const isVersioned = last > space && text.startsWith('HTTP/', last + 1)
  const target = text.slice(space + 1, isVersioned ? last : text.length)
  const protocol = isVersioned ? text.slice(last + 1) : null
  if (word === 'CONNECT') return { method: word, host: target, path: '', query: null, protocol }
  return { method: word, protocol, ...readTarget(target) }
}

/** Path and query of a target, and its host where it is a whole URL. */
export function readTarget(target: string): Pick<RequestLine, 'host' | 'path' | 'query'> {
  const scheme = /^https?:\/\//iu.exec(target)?.[0].length ?? 0
  let start = 0
  let host: string | null = null
  if (scheme > 0) {
    const slash = target.indexOf('/', scheme)
    start = slash < 0 ? target.length : slash
    host = target.slice(scheme, start)
  }
  const mark = target.indexOf('?', start)
  return {
    host: host === '' ? null : host,
    path: target.slice(start, mark < 0 ? target.length : mark),
    query: mark < 0 ? null : target.slice(mark + 1),
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', v: '\v', f: '\f' }

/** Undoes what Apache (`\"`, `\\`, `\n`, `\x16`) and nginx (`\x22`) do to what the client sent: its bytes, as UTF-8. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  const parts: Buffer[] = []
  let start = 0
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', start)) {
    parts.push(Buffer.from(text.slice(start, at)))
    const next = text[at + 1] ?? ''
    const hex = next === 'x' ? text.slice(at + 2, at + 4) : ''
    if (/^[0-9a-f]{2}$/iu.test(hex)) {
      parts.push(Buffer.from([Number.parseInt(hex, 16)]))
      start = at + 4
    } else {
      parts.push(Buffer.from(ESCAPES[next] ?? next))
      start = at + 1 + next.length
    }
    if (next === '') break
  }
  parts.push(Buffer.from(text.slice(start)))
  return Buffer.concat(parts).toString('utf8')
}
