import type { HttpEvent } from '../../../event/http.ts'
import { type EventMapping, eventMapping } from '../mapping.ts'

function pathAndQuery({ path, query }: HttpEvent): string {
  return query === null ? path : `${path}?${query}`
}

function extensionOf({ path }: HttpEvent): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? null : name.slice(dot + 1)
}

/** Sigma taxonomy, category webserver: names of the W3C extended log file format. */
export const webserver: EventMapping = eventMapping({
  id: 'webserver',
  title: 'requests a web server answered',
  kind: 'http',
  logSources: [
    { category: 'webserver' },
    { category: 'webserver', product: 'apache', service: 'access' },
    { category: 'webserver', product: 'nginx', service: 'access' },
  ],
  isFor: ({ role }) => role === 'server',
  fields: {
    'c-ip': ['the client', (event) => event.srcIp ?? event.srcHost],
    'cs-username': ['who logged in', (event) => event.user],
    's-computername': ['machine of the server', (event) => event.observer],
    's-ip': ['the server', (event) => event.dstIp],
    's-port': ['its port', (event) => event.dstPort],
    'cs-method': ['GET, POST …', (event) => event.method],
    'cs-uri': ['path and query, as sent', pathAndQuery],
    'cs-uri-stem': ['path, as sent', (event) => event.path],
    // Half of the rules mean the query, half of them path and query.
    'cs-uri-query': [
      'query, as sent; also path and query together',
      (event) => (event.query === null ? event.path : [event.query, pathAndQuery(event)]),
    ],
    'sc-status': ['status of the answer', (event) => event.status],
    'sc-bytes': ['bytes of the answer', (event) => event.bytes],
    'time-taken': ['milliseconds', (event) => (event.seconds === null ? null : event.seconds * 1000)],
    'cs-version': ['HTTP/1.1 …', (event) => event.protocol],
    'cs-host': ['host the client asked for', (event) => event.host],
    'cs-user-agent': ['user agent', (event) => event.userAgent],
    'cs-referer': ['page the client came from', (event) => event.referrer],
    message: ['the line as it stands, for keywords', (event) => event.origin.raw],
  },
})

/** Sigma taxonomy, category proxy. */
export const proxy: EventMapping = eventMapping({
  id: 'proxy',
  title: 'requests to the outside, as a proxy or a sensor saw them',
  kind: 'http',
  logSources: [{ category: 'proxy' }],
  isFor: ({ role }) => role === 'client',
  fields: {
    'c-uri': [
      'the address asked for: host, path and query',
      (event) => `${event.host ?? ''}${pathAndQuery(event)}`,
    ],
    'cs-uri': ['the same', (event) => `${event.host ?? ''}${pathAndQuery(event)}`],
    'c-uri-extension': ['what follows the last dot of the path', extensionOf],
    'c-uri-query': ['query, as sent', (event) => event.query],
    'c-uri-stem': ['path, as sent', (event) => event.path],
    'c-useragent': ['user agent', (event) => event.userAgent],
    'cs-host': ['host asked for', (event) => event.host],
    'r-dns': ['the same', (event) => event.host],
    'cs-method': ['GET, POST …', (event) => event.method],
    'cs-referrer': ['page the client came from', (event) => event.referrer],
    'cs-version': ['HTTP/1.1 …', (event) => event.protocol],
    'cs-username': ['who logged in', (event) => event.user],
    'sc-bytes': ['bytes of the answer', (event) => event.bytes],
    'sc-status': ['status of the answer', (event) => event.status],
    src_ip: ['the client', (event) => event.srcIp],
    dst_ip: ['the server', (event) => event.dstIp],
    dst_port: ['its port', (event) => event.dstPort],
  },
})
