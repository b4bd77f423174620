import { type EventMapping, eventMapping } from '../mapping.ts'

const always = (): boolean => true

/** Sigma taxonomy, category dns. */
export const dns: EventMapping = eventMapping({
  id: 'dns',
  title: 'names looked up',
  kind: 'dns',
  logSources: [{ category: 'dns' }],
  isFor: always,
  fields: {
    query: ['the name, in lower case', (event) => event.query],
    record_type: ['A, AAAA, TXT …', (event) => event.queryType],
    answer: ['addresses and names', (event) => event.answers],
    response_code: ['NOERROR, NXDOMAIN …', (event) => event.responseCode],
    src_ip: ['who asked', (event) => event.srcIp],
    dst_ip: ['the resolver', (event) => event.dstIp],
  },
})

/** Names as Sysmon writes them (event 22). */
export const dnsQuery: EventMapping = eventMapping({
  id: 'dns-query',
  title: 'names looked up, in the words of Sysmon',
  kind: 'dns',
  logSources: [{ category: 'dns_query' }],
  isFor: always,
  fields: {
    QueryName: ['the name, in lower case', (event) => event.query],
    QueryResults: ['addresses and names', (event) => event.answers],
    QueryStatus: ['NOERROR, NXDOMAIN …', (event) => event.responseCode],
  },
})

/** Sigma taxonomy, category network, service dns. */
export const networkDns: EventMapping = eventMapping({
  id: 'network-dns',
  title: 'names looked up, in the words of ECS',
  kind: 'dns',
  logSources: [{ category: 'network', service: 'dns' }],
  isFor: always,
  fields: {
    'source.ip': ['who asked', (event) => event.srcIp],
    'destination.ip': ['the resolver', (event) => event.dstIp],
    'dns.question.name': ['the name, in lower case', (event) => event.query],
    'dns.question.type': ['A, AAAA, TXT …', (event) => event.queryType],
    'dns.answers.data': ['addresses and names', (event) => event.answers],
    'dns.response.code': ['NOERROR, NXDOMAIN …', (event) => event.responseCode],
  },
})

/** As Zeek's dns.log would say it. */
export const zeekDns: EventMapping = eventMapping({
  id: 'zeek-dns',
  title: 'names looked up, in the words of Zeek',
  kind: 'dns',
  logSources: [{ product: 'zeek', service: 'dns' }],
  isFor: ({ origin }) => origin.source !== 'zeek',
  fields: {
    query: ['the name, in lower case', (event) => event.query],
    qtype_name: ['A, AAAA, TXT …', (event) => event.queryType],
    answers: ['addresses and names', (event) => event.answers],
    rcode_name: ['NOERROR, NXDOMAIN …', (event) => event.responseCode],
    'id.orig_h': ['who asked', (event) => event.srcIp],
    'id.resp_h': ['the resolver', (event) => event.dstIp],
  },
})
