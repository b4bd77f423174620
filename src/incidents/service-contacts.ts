import type { Event, EventOf } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'
import { isOutside } from './outside.ts'

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
      if (kind === null || !isOutside(event.srcIp) || !isAnswered(event)) return
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
    const isHandedIn = event.method === 'POST' || event.method === 'PUT'
    const isAttack = CODE.test(asked) || (isHandedIn && OPEN_TO_CODE.test(event.path))
    const kind = DOCKER.test(event.path) && isHandedIn ? 'docker-api' : isAttack ? 'web-exploit' : null
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

/**
 * Where products take what they should not, for requests that carry the code in their body (WebLogic, Confluence, Solr, Jenkins,
 * JBoss, YARN, Spark, Tomcat, Liferay, Druid, GeoServer, ActiveMQ, Consul, Openfire, Jolokia, XML-RPC …).
 */
const OPEN_TO_CODE =
  /^\/(?:wls-wsat|_async|console\/(?:images\/|css\/|consolejndi|bea-helpsets)|bea_wls|uddiexplorer|pages\/(?:createpage|doenterpagevariables)|template\/aui|setup\/|rest\/tinymce|solr\/|script(?:text)?(?:$|\/)|descriptorbyname|invoker\/|web-console|jmx-console|ws\/v1\/cluster|v1\/submissions|manager\/(?:html|text)|host-manager|api\/jsonws|druid\/indexer|geoserver\/|fileserver|admin\/|api\/jolokia|jolokia|v1\/agent\/(?:service|check)|plugin-admin|xmlrpc|actuator\/|env$|refresh$|gateway\/|api\/v1\/(?:validate|run|pods)|users\/sign_in|uploads\/user|struts|index\.action|[^?]*\.action$|_search|_ignition|telescope|phpunit|vendor\/|cgi-bin|hnap1|goform|setup\.cgi|boaform|api\/contents|terminals|ray\/|api\/jobs)/iu

/** The largest packet of TCP over IPv4 that carries nothing: one of a handshake, with its options. */
const EMPTY_BYTES = 60
/** A port that is open and nothing more sends this many packets at most. */
const KNOCK_PACKETS = 3

/** Whether the service said something: more than a handshake and a farewell. */
function isAnswered({ packetsIn, bytesIn }: EventOf<'flow'>): boolean {
  return packetsIn > KNOCK_PACKETS || bytesIn > EMPTY_BYTES * packetsIn
}

const DOCKER =
  /^\/(?:v1\.\d+\/)?(?:containers\/(?:create|[^/]+\/(?:start|exec))|exec\/[^/]+\/start|images\/create)/u
