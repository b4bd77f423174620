import ipaddr from 'ipaddr.js'
import type { Event } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'

/** Somebody outside speaks to a service that runs what strangers ask for, or that has holes. */
export interface ServiceContact {
  /** `docker-api`, `redis`, `web-exploit` … */
  readonly kind: string
  readonly srcIp: string
  /** Epoch ms: when it began and was last heard of. */
  readonly from: number
  readonly to: number
  readonly evidence: Evidence
}

/** Remembered per machine, and machines remembered: a scanned port is touched day and night. */
const PER_MACHINE = 512
const MAX_MACHINES = 4096
/** Traces of code in what was asked of a web server: templates, shells, uploads, ways out of a folder. */
const CODE =
  /\$\{|\$%7b|%24%7b|\{\{|%7b%7b|\bjndi\b|\.\.(?:\/|%2f|%5c)|%2e%2e|(?:;|%3b|\||%7c|`|%60|%0a|\$\(|%24%28)(?:\s|\+|%20)*(?:wget|curl|bash|sh|nc|python\d?|perl|php)(?:\b|%20|\+)|\b(?:cmd|exec|command|shell)=|allow_url_include|auto_prepend_file|eval-stdin|\/cgi-bin\/[^?]*(?:sh|%2f)|invokefunction|call_user_func|class\.module|ognl|getruntime|processbuilder|\/bin\/(?:ba)?sh|base64_decode|union(?:\+|%20)select/iu

/**
 * Contacts from outside that may have been a way in. Alone they say nothing: every open port is touched by
 * scanners. They count where a service starts what it never did just then.
 */
export class ServiceContacts {
  private readonly contacts = new Map<Identifier, ServiceContact[]>()
  private readonly serviceOn: (port: number) => string | null

  /** `serviceOn` names the kind of way in that a TCP port is, or null. */
  constructor(serviceOn: (port: number) => string | null) {
    this.serviceOn = serviceOn
  }

  observe(event: Event): void {
    if (event.kind === 'flow') {
      if (event.transport !== 'tcp' || event.isRejected === true || event.packetsIn === 0) return
      const kind = this.serviceOn(event.dstPort)
      if (kind === null || !isOutside(event.srcIp) || event.bytesIn <= EMPTY_BYTES * event.packetsIn) return
      this.keep(identifier('ip', event.dstIp), {
        kind,
        srcIp: event.srcIp,
        from: event.start,
        to: event.time,
        evidence: { ...event.origin, time: event.start },
      })
      return
    }
    if (event.kind !== 'http' || event.role !== 'server' || event.srcIp === null || !isOutside(event.srcIp))
      return
    const asked = `${event.path}${event.query === null ? '' : `?${event.query}`} ${event.userAgent ?? ''} ${event.referrer ?? ''}`
    const kind =
      DOCKER.test(event.path) && event.method === 'POST'
        ? 'docker-api'
        : CODE.test(asked)
          ? 'web-exploit'
          : null
    if (kind === null) return
    const { srcIp, time, origin } = event
    this.keep(event.observer, { kind, srcIp, from: time, to: time, evidence: { ...origin, time } })
  }

  /** Contacts with one of a machine's names that were going on or had begun in that time (epoch ms), the newest first. */
  between(identifiers: readonly Identifier[], from: number, to: number): ServiceContact[] {
    return identifiers
      .flatMap((id) => this.contacts.get(id) ?? [])
      .filter((contact) => contact.from <= to && contact.to >= from)
      .toSorted((a, b) => b.from - a.from)
  }

  private keep(machine: Identifier, contact: ServiceContact): void {
    const known = this.contacts.get(machine)
    if (known === undefined) {
      if (this.contacts.size < MAX_MACHINES) this.contacts.set(machine, [contact])
      return
    }
    known.push(contact)
    if (known.length > PER_MACHINE) known.shift()
  }
}

/** A packet of TCP over IPv4 without a payload, with time stamps: an answer is more. */
const EMPTY_BYTES = 60
const DOCKER =
  /^\/(?:v1\.\d+\/)?(?:containers\/(?:create|[^/]+\/(?:start|exec))|exec\/[^/]+\/start|images\/create)/u

/** From another network than the owner's own. */
function isOutside(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false
  const range = ipaddr.process(ip).range()
  return !INSIDE.has(range)
}

const INSIDE = new Set([
  'private',
  'uniqueLocal',
  'carrierGradeNat',
  'loopback',
  'linkLocal',
  'unspecified',
  'multicast',
  'broadcast',
])
