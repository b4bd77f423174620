import type { Random } from '../../random.ts'
import { syslogTime } from '../clock-text.ts'
import type { EvidenceWriter } from '../evidence-file.ts'
import type { NameLookedUp } from '../witness.ts'

const LOCAL_CLIENT = '127.0.0.1'

/** A resolver on the machine itself that writes down what it is asked. */
export interface ForwarderLog {
  lookedUp(lookup: NameLookedUp): void
}

/** dnsmasq with `log-queries=extra` and `log-facility=/var/log/dnsmasq.log`: dnsmasq(8); a serial and the asker in each line. */
export class DnsmasqLog implements ForwarderLog {
  readonly #file: EvidenceWriter
  readonly #upstream: string
  readonly #pid: number
  #serial: number

  constructor(file: EvidenceWriter, upstream: string, random: Random) {
    this.#file = file
    this.#upstream = upstream
    this.#pid = random.integer(400, 900)
    this.#serial = random.integer(1, 4000)
  }

  lookedUp({ name, type, srcPort, answers, rcode, timeMs }: NameLookedUp): void {
    const asker = `${this.#serial++} ${LOCAL_CLIENT}/${srcPort}`
    this.#line(timeMs, `${asker} query[${type}] ${name} from ${LOCAL_CLIENT}`)
    this.#line(timeMs, `${asker} forwarded ${name} to ${this.#upstream}`)
    const replies = rcode === 'NOERROR' ? answers : ['NXDOMAIN']
    const told = replies.length > 0 ? replies : [type === 'AAAA' ? 'NODATA-IPv6' : 'NODATA-IPv4']
    for (const answer of told) this.#line(timeMs, `${asker} reply ${name} is ${answer}`)
  }

  #line(timeMs: number, text: string): void {
    this.#file.writeText(`${syslogTime(timeMs)} dnsmasq[${this.#pid}]: ${text}\n`)
  }
}

/** unbound with `log-queries`, `log-replies` and `log-tag-queryreply`, to a file of its own: unbound.conf(5). */
export class UnboundLog implements ForwarderLog {
  readonly #file: EvidenceWriter
  readonly #random: Random
  readonly #pid: number

  constructor(file: EvidenceWriter, random: Random) {
    this.#file = file
    this.#random = random
    this.#pid = random.integer(400, 900)
  }

  lookedUp({ name, type, answers, rcode, timeMs }: NameLookedUp): void {
    const question = `${LOCAL_CLIENT} ${name}. ${type} IN`
    this.#line(timeMs, 'query', question)
    const isCached = this.#random.chance(0.2)
    const seconds = isCached ? 0 : this.#random.between(0.002, 0.09)
    const answerBytes = answers.length * (type === 'AAAA' ? 28 : 16)
    const bytes = name.length + 29 + (rcode === 'NXDOMAIN' ? 75 : answerBytes)
    this.#line(
      timeMs + seconds * 1000,
      'reply',
      `${question} ${rcode} ${seconds.toFixed(6)} ${isCached ? 1 : 0} ${bytes}`,
    )
  }

  #line(timeMs: number, tag: string, text: string): void {
    this.#file.writeText(`[${Math.floor(timeMs / 1000)}] unbound[${this.#pid}:0] ${tag}: ${text}\n`)
  }
}
