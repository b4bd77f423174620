import type { HttpEvent } from '../../event/http.ts'
import { countAt, type Fields, textAt } from '../json/fields.ts'
import type { EveBase, Ends } from './eve.ts'

/** The subject is the side that asked. */
export function httpEvent(http: Fields, ends: Ends, base: EveBase): HttpEvent {
  const url = textAt(http, 'url') ?? ''
  const mark = url.indexOf('?')
  return {
    kind: 'http',
    ...base,
    role: 'client',
    srcIp: ends.srcIp,
    srcHost: null,
    dstIp: ends.dstIp,
    dstPort: ends.dstPort,
    user: null,
    method: textAt(http, 'http_method'),
    host: textAt(http, 'hostname'),
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? null : url.slice(mark + 1),
    protocol: textAt(http, 'protocol'),
    status: countAt(http, 'status'),
    bytes: countAt(http, 'length'),
    seconds: null,
    referrer: textAt(http, 'http_refer'),
    userAgent: textAt(http, 'http_user_agent'),
  }
}
