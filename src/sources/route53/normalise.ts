import { isIP } from 'node:net'
import type { AlertEvent } from '../../event/alert.ts'
import type { DnsEvent } from '../../event/dns.ts'
import type { Event } from '../../event/event.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { JsonMeaning, JsonRecord } from '../json/define-json-source.ts'
import { type Fields, isFields, objectAt, parseFields, portAt, textAt } from '../json/fields.ts'

const LOG_SOURCE = { product: 'aws', service: 'route53', category: 'dns' }
/** Where every VPC has its resolver: the log does not say which address was asked. */
const RESOLVER = '169.254.169.253'
const MAX_ANSWERS = 32

/** One query and its answer → `dns`; where a rule of the DNS Firewall held, also `alert`. */
export function normaliseQuery({ fields, time, timeQuality, origin }: JsonRecord): JsonMeaning | null {
  const name = textAt(fields, 'query_name')
  if (name === null) return null
  const query = nameOf(name)
  const srcIp = addressAt(fields, 'srcaddr')
  const subjects = subjectsOf(fields, srcIp)
  const observer = subjects[0] ?? identifier('account', textAt(fields, 'account_id') ?? 'unknown')
  const base = { time, timeQuality, observer, subjects, origin }
  const events: Event[] = []
  if (srcIp !== null) {
    const dns: DnsEvent = {
      kind: 'dns',
      ...base,
      query,
      queryType: textAt(fields, 'query_type') ?? '',
      isResponse: true,
      responseCode: textAt(fields, 'rcode'),
      answers: answersOf(fields['answers']),
      srcIp,
      dstIp: RESOLVER,
    }
    events.push(dns)
  }
  const action = textAt(fields, 'firewall_rule_action')
  if (action === 'BLOCK' || action === 'ALERT') events.push(firewallAlert(fields, action, query, srcIp, base))
  return { logSource: LOG_SOURCE, observer, subjects, events }
}

function firewallAlert(
  fields: Fields,
  action: 'BLOCK' | 'ALERT',
  query: string,
  srcIp: string | null,
  base: Pick<AlertEvent, 'time' | 'timeQuality' | 'observer' | 'subjects' | 'origin'>,
): AlertEvent {
  return {
    kind: 'alert',
    ...base,
    sensor: 'route53-dns-firewall',
    rule: textAt(fields, 'firewall_domain_list_id') ?? textAt(fields, 'firewall_rule_group_id') ?? action,
    title: `DNS Firewall ${action === 'BLOCK' ? 'blocked' : 'let through and reported'} a query for ${query}`,
    severity: 'medium',
    category: action,
    isMining: false,
    srcIp,
    srcPort: portAt(fields, 'srcport'),
    dstIp: null,
    dstPort: null,
    domain: query,
    communityId: null,
    user: null,
    commandLine: null,
    count: 1,
  }
}

function nameOf(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase()
}

function addressAt(fields: Fields, name: string): string | null {
  const text = textAt(fields, name)
  return text !== null && isIP(text) !== 0 ? text : null
}

/** The machine that asked: its instance, else its address. */
function subjectsOf(fields: Fields, srcIp: string | null): Identifier[] {
  const ids = fields['srcids']
  const instance = textAt(
    typeof ids === 'string' ? (parseFields(ids) ?? {}) : objectAt(fields, 'srcids'),
    'instance',
  )
  const subjects: Identifier[] = []
  if (instance !== null) subjects.push(identifier('instance', instance))
  if (srcIp !== null) subjects.push(identifier('ip', srcIp))
  return subjects
}

/** A list of answers, or a single one. */
function answersOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const answers: string[] = []
  for (const answer of list.slice(0, MAX_ANSWERS)) {
    const data = isFields(answer) ? (textAt(answer, 'Rdata') ?? textAt(answer, 'rdata')) : null
    if (data !== null) answers.push(data.endsWith('.') ? data.slice(0, -1) : data)
  }
  return answers
}
