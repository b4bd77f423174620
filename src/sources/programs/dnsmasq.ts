import { RecentMap } from '../../recent-map.ts'
import { readAddress } from './address.ts'
import { type DnsSaid, dnsEvent, isRecordType } from './dns-line.ts'
import type { Dialect, Emit } from './dialect.ts'
import type { ProgramLine } from './program-line.ts'

/**
 * What a line with `log-queries` says. `serial` is there with `log-queries=extra`, which writes
 * `42 192.0.2.5/40123 ` before everything.
 */
export interface DnsmasqMessage {
  readonly serial: string | null
  readonly client: string | null
  /** `query[A]`, `reply`, `cached`, `config`, `forwarded`, a file of hosts … */
  readonly verb: string
  readonly name: string
  /** `from`, `is`, `to` … */
  readonly relation: string
  readonly value: string
}

/** Reads `query[A] example.com from 192.0.2.5`, `reply example.com is 198.51.100.4`; null for what is no such line. */
export function parseDnsmasqMessage(text: string): DnsmasqMessage | null {
  const words = text.split(' ', 9)
  let at = words[0] === '' ? 1 : 0
  let serial: string | null = null
  let client: string | null = null
  const second = words[at + 1] ?? ''
  if (/^\d{1,10}$/u.test(words[at] ?? '') && second.includes('/')) {
    serial = words[at] ?? null
    client = readAddress(second)
    at += 2
  }
  // `gravity blocked`, `exactly denied`, `regex denied` of Pi-hole.
  const isPair = words[at + 1] === 'blocked' || words[at + 1] === 'denied'
  const verb = isPair ? `${words[at] ?? ''} ${words[at + 1] ?? ''}` : (words[at] ?? '')
  if (isPair) at++
  const [name = '', relation = '', value = ''] = words.slice(at + 1, at + 4)
  const isKnown = relation === 'from' || relation === 'is' || relation === 'to'
  return isKnown && name !== '' && value !== '' ? { serial, client, verb, name, relation, value } : null
}

interface Question {
  readonly client: string
  readonly name: string
  readonly type: string
}

const MAX_OPEN = 4096

/**
 * Look-ups and what dnsmasq answered, each line of an answer an event of its own. Without `extra` an answer names
 * no client: it goes to whoever asked for that name last, and through aliases to the name that led to them.
 */
export class DnsmasqReader implements Dialect {
  readonly #open = new RecentMap<Question>(MAX_OPEN)
  /** Who followed the alias that a server told last, until it tells of something else. */
  readonly #aliased = new RecentMap<Question | null>(MAX_OPEN)

  take(line: ProgramLine, emit: Emit): boolean {
    const message = parseDnsmasqMessage(line.message)
    if (message === null) return false
    const server = `${line.observer} ${line.pid ?? ''}`
    if (message.verb.startsWith('query[')) return this.#ask(line, message, server, emit)
    return message.relation === 'is' && this.#answer(line, message, server, emit)
  }

  #ask(line: ProgramLine, message: DnsmasqMessage, server: string, emit: Emit): boolean {
    const client = readAddress(message.value)
    const type = message.verb.slice(6, -1)
    if (client === null || message.relation !== 'from' || !isRecordType(type)) return false
    const question = { client, name: message.name, type }
    this.#aliased.set(server, null)
    this.#open.set(keyOf(server, message), question)
    emit(dnsEvent(line, { ...question, resolver: '', isResponse: false, code: null, answers: [] }))
    return true
  }

  #answer(line: ProgramLine, message: DnsmasqMessage, server: string, emit: Emit): boolean {
    const asked = this.#open.get(keyOf(server, message))
    const question = asked ?? (message.serial === null ? this.#aliased.get(server) : null)
    if (question === undefined || question === null) return false
    const { code, answers, isAlias } = outcomeOf(message.value)
    if (isAlias || asked !== undefined) this.#aliased.set(server, isAlias ? question : null)
    const said: DnsSaid = { ...question, resolver: '', isResponse: true, code, answers }
    emit(dnsEvent(line, said))
    return true
  }
}

function keyOf(server: string, { serial, name }: DnsmasqMessage): string {
  return serial === null ? `${server} ${name.toLowerCase()}` : `${server} #${serial}`
}

/** `198.51.100.4`, `<CNAME>`, `NODATA-IPv6`, `NXDOMAIN`, `SERVFAIL`, `duplicate` … */
function outcomeOf(value: string): { code: string; answers: string[]; isAlias: boolean } {
  if (value === '<CNAME>') return { code: 'NOERROR', answers: [], isAlias: true }
  const ip = readAddress(value)
  if (ip !== null) return { code: 'NOERROR', answers: [ip], isAlias: false }
  const isCode = /^(?:NXDOMAIN|SERVFAIL|REFUSED|FORMERR|NOTIMP)$/u.test(value)
  return { code: isCode ? value : 'NOERROR', answers: [], isAlias: false }
}
