import type { HttpEvent } from '../../event/http.ts'
import type { LogRecord } from '../../event/log-record.ts'

/** One request, as any of the formats tells it. */
export type Access = Pick<
  HttpEvent,
  | 'srcIp'
  | 'srcHost'
  | 'dstPort'
  | 'user'
  | 'method'
  | 'host'
  | 'path'
  | 'query'
  | 'protocol'
  | 'status'
  | 'bytes'
  | 'seconds'
  | 'referrer'
  | 'userAgent'
> & {
  /** Epoch ms. */
  readonly time: number
}

type Base = Pick<HttpEvent, 'timeQuality' | 'observer' | 'subjects' | 'origin'>

export function httpEvent(access: Access, base: Base): HttpEvent {
  return { kind: 'http', role: 'server', dstIp: null, ...base, ...access }
}

/** The request under the names that Sigma's category `webserver` gives the fields of an access log (W3C). */
export function logRecord(event: HttpEvent): LogRecord {
  const { time, timeQuality, observer, subjects, origin } = event
  const target = event.query === null ? event.path : `${event.path}?${event.query}`
  const fields = {
    's-computername': observer,
    'c-ip': event.srcIp ?? event.srcHost,
    'cs-username': event.user,
    'cs-method': event.method,
    'cs-host': event.host,
    'cs-uri': target,
    'cs-uri-stem': event.path,
    // An access log does not take a target apart, and rules look for paths in it too.
    'cs-uri-query': target,
    'cs-version': event.protocol,
    'cs-referer': event.referrer,
    'cs-user-agent': event.userAgent,
    'sc-status': event.status,
    'sc-bytes': event.bytes,
  }
  return { logSource: { category: 'webserver' }, fields, time, timeQuality, observer, subjects, origin }
}

/** What servers write for nothing. */
export function said(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' || text === '-' ? null : text
}
