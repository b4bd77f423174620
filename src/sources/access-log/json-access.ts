import { isoTime } from '../iso-time.ts'
import { countAt, type Fields, numberAt, objectAt, textAt } from '../json/fields.ts'
import { readPeer } from '../programs/address.ts'
import { type Access, said } from './access.ts'
import { readClfTime } from './clf-time.ts'
import { readRequestLine, readTarget } from './request.ts'

const CADDY_TIMES = ['ts']
const TRAEFIK_TIMES = ['StartUTC', 'StartLocal', 'time']
const NGINX_TIMES = ['time_iso8601', 'time_local', 'msec', 'time', 'timestamp', '@timestamp']

/** Reads an access record of Caddy, Traefik, or nginx with a JSON `log_format`; null for anything else. */
export function parseJsonAccess(fields: Fields): Access | null {
  return readCaddy(fields) ?? readTraefik(fields) ?? readNginx(fields)
}

/** `{"logger":"http.log.access","ts":…,"request":{…},"status":200,…}` */
function readCaddy(fields: Fields): Access | null {
  const request = objectAt(fields, 'request')
  const uri = textAt(request, 'uri')
  const time = timeIn(fields, CADDY_TIMES)
  if (uri === null || time === null || textAt(request, 'method') === null) return null
  const headers = objectAt(request, 'headers')
  const target = readTarget(uri)
  return {
    time,
    ...clientOf(
      textAt(request, 'client_ip') ?? textAt(request, 'remote_ip') ?? textAt(request, 'remote_addr'),
    ),
    ...target,
    host: said(textAt(request, 'host')) ?? target.host,
    dstPort: null,
    user: said(textAt(fields, 'user_id')),
    method: textAt(request, 'method'),
    protocol: textAt(request, 'proto'),
    status: statusAt(fields, 'status'),
    bytes: countAt(fields, 'size'),
    seconds: numberAt(fields, 'duration'),
    referrer: firstOf(headers, ['Referer', 'referer']),
    userAgent: firstOf(headers, ['User-Agent', 'user-agent']),
  }
}

/** `{"ClientHost":…,"RequestPath":…,"DownstreamStatus":…,"Duration":…}`; durations in ns. */
function readTraefik(fields: Fields): Access | null {
  const path = textAt(fields, 'RequestPath')
  const time = timeIn(fields, TRAEFIK_TIMES)
  if (path === null || time === null || !('DownstreamStatus' in fields)) return null
  const duration = numberAt(fields, 'Duration')
  const target = readTarget(path)
  return {
    time,
    ...clientOf(textAt(fields, 'ClientHost')),
    ...target,
    host: said(textAt(fields, 'RequestHost')) ?? target.host,
    dstPort: null,
    user: said(textAt(fields, 'ClientUsername')),
    method: textAt(fields, 'RequestMethod'),
    protocol: textAt(fields, 'RequestProtocol'),
    status: statusAt(fields, 'DownstreamStatus'),
    bytes: countAt(fields, 'DownstreamContentSize'),
    seconds: duration === null ? null : duration / 1e9,
    referrer: said(textAt(fields, 'request_Referer')),
    userAgent: said(textAt(fields, 'request_User-Agent')),
  }
}

/** nginx writes what the operator named; these are the names of its own variables, as everybody keeps them. */
function readNginx(fields: Fields): Access | null {
  const client = textAt(fields, 'remote_addr')
  const time = timeIn(fields, NGINX_TIMES)
  const line = said(textAt(fields, 'request'))
  const uri = textAt(fields, 'request_uri') ?? textAt(fields, 'uri')
  if (client === null || time === null || !('status' in fields) || (line === null && uri === null))
    return null
  const request =
    line === null ? { method: null, protocol: null, ...readTarget(uri ?? '') } : readRequestLine(line)
  return {
    time,
    ...clientOf(client),
    ...request,
    method: request.method ?? said(textAt(fields, 'request_method')),
    protocol: request.protocol ?? said(textAt(fields, 'server_protocol')),
    host:
      said(textAt(fields, 'http_host')) ??
      said(textAt(fields, 'host')) ??
      said(textAt(fields, 'server_name')),
    dstPort: countAt(fields, 'server_port'),
    user: said(textAt(fields, 'remote_user')),
    status: statusAt(fields, 'status'),
    bytes: countAt(fields, 'body_bytes_sent') ?? countAt(fields, 'bytes_sent'),
    seconds: numberAt(fields, 'request_time'),
    referrer: said(textAt(fields, 'http_referer') ?? textAt(fields, 'http_referrer')),
    userAgent: said(textAt(fields, 'http_user_agent')),
  }
}

function clientOf(text: string | null): Pick<Access, 'srcIp' | 'srcHost'> {
  const { ip, host } = readPeer(text ?? '')
  return { srcIp: ip, srcHost: host }
}

function statusAt(fields: Fields, name: string): number | null {
  const status = countAt(fields, name)
  return status !== null && status < 1000 ? status : null
}

/** A header holds a list of values. */
function firstOf(headers: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const value = headers[name]
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') return said(first)
  }
  return null
}

const FIRST_MS = Date.UTC(1990, 0, 1)

/** Epoch ms of the first of these that is a time with its zone. */
function timeIn(fields: Fields, names: readonly string[]): number | null {
  for (const name of names) {
    const value = fields[name]
    const time =
      typeof value === 'string' ? textTime(value) : typeof value === 'number' ? value * 1000 : Number.NaN
    if (time >= FIRST_MS && time < FIRST_MS * 8) return time
  }
  return null
}

function textTime(text: string): number {
  if (/^\d{10}(?:\.\d{1,9})?$/u.test(text)) return Number(text) * 1000
  return isoTime(text) ?? readClfTime(text, 0)
}

/** Epoch ms of a record that may be one of these; null where it has no time. */
export function accessTime(fields: Fields): number | null {
  return timeIn(fields, [...CADDY_TIMES, ...TRAEFIK_TIMES, ...NGINX_TIMES])
}
