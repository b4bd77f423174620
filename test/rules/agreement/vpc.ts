import { loadIntel } from '../../../src/intel/load.ts'
import { normaliseQuery } from '../../../src/sources/route53/normalise.ts'
import { fromOcsf } from '../../../src/sources/route53/ocsf.ts'
import type { SameQuestions } from './agreement.ts'
import { rulesSay } from './rules-say.ts'

const OWN_LIST = 'needs the reader’s own list of doors or servers; nothing here alerts on a port alone'
const intel = loadIntel()

/** Lookups through the source and its rules; `known pool` is what the table of pools says of a name. */
export const vpc: SameQuestions = {
  folder: 'aws_vpc_flow_rules',
  logs: 'VPC DNS and flows',
  asked: {
    aws_dns_crypto_domain: ['pool_name_lookup', 'known pool'],
  },
  notAsked: {
    aws_vpc_healthy_log_status:
      'what the log could not record is told in the report of the input, not as a finding',
    aws_vpc_inbound_traffic_port_allowlist: OWN_LIST,
    aws_vpc_inbound_traffic_port_blocklist: OWN_LIST,
    aws_vpc_port_scanning:
      'a count over time, whose examples are single flows; a flow from one port to another is no scan',
    aws_vpc_ssh_allowed_signal: OWN_LIST,
    aws_vpc_unapproved_outbound_dns: OWN_LIST,
  },
  disagreements: {
    'aws_dns_crypto_domain: Checking Against Subdomain IOC':
      'the name of a gang’s server at a service for changing addresses, not of a pool; nothing in it says so',
    'aws_dns_crypto_domain: Checking Against Subdomain IOC Trailing Period': 'the same name',
  },
  said(log) {
    const fields = fromOcsf(log)
    if (!('query_name' in fields)) return null
    const meaning = normaliseQuery({
      fields,
      time: 0,
      timeQuality: 'exact',
      origin: { source: 'route53', file: 'example', line: 1, offset: 0, raw: '' },
    })
    const said = new Set<string>()
    for (const event of meaning?.events ?? []) {
      if (event.kind !== 'dns') continue
      if (intel.poolByHost(event.query) !== null) said.add('known pool')
      for (const name of rulesSay({ query: event.query, answer: event.answers }, { category: 'dns' }))
        said.add(name)
    }
    return said
  },
}
