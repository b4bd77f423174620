import type { DnsEvent } from '../../event/dns.ts'
import { type Fields, isFields, listAt, textAt } from '../json/fields.ts'
import { dnsName } from '../programs/dns-line.ts'
import { addressId, type EveBase, type Ends, turned } from './eve.ts'

const MAX_ANSWERS = 64

/**
 * DNS records of EVE in all their versions: 1 (one record for each answer, `type: "answer"`, `rdata`), 2 (`answers[]`,
 * `grouped`), 3 (`queries[]`, `type: "request"` or `"response"`).
 */
export function dnsEvent(dns: Fields, ends: Ends, base: EveBase): DnsEvent | null {
  const type = textAt(dns, 'type')
  const isResponse = type === 'answer' || type === 'response'
  if (!isResponse && type !== 'query' && type !== 'request') return null
  const question = questionOf(dns)
  if (question === null) return null
  // An answer has the ends of its packet in versions 1 and 2, those of the flow in version 3: the server has the port.
  const isToServer = ends.dstPort === 53 && ends.srcPort !== 53
  const isFromServer = type === 'answer' ? !isToServer : ends.srcPort === 53 && ends.dstPort !== 53
  const { srcIp, dstIp } = isFromServer ? turned(ends) : ends
  const client = addressId(srcIp)
  return {
    kind: 'dns',
    ...base,
    observer: client,
    subjects: [client],
    query: dnsName(question.name),
    queryType: question.type,
    isResponse,
    responseCode: isResponse ? textAt(dns, 'rcode') : null,
    answers: isResponse ? answersOf(dns) : [],
    srcIp,
    dstIp,
  }
}

function questionOf(dns: Fields): { name: string; type: string } | null {
  const [first] = listAt(dns, 'queries')
  const asked = isFields(first) ? first : dns
  const name = textAt(asked, 'rrname')
  return name === null ? null : { name, type: textAt(asked, 'rrtype') ?? '' }
}

function answersOf(dns: Fields): string[] {
  const answers: string[] = []
  const list = listAt(dns, 'answers')
  for (const answer of list.length > 0 ? list : [dns]) {
    const data = isFields(answer) ? textAt(answer, 'rdata') : null
    if (data !== null && answers.length < MAX_ANSWERS) answers.push(dnsName(data))
  }
  return answers
}
