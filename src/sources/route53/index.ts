import { defineJsonSource } from '../json/define-json-source.ts'
import { type Fields, timeAt } from '../json/fields.ts'
import { normaliseQuery } from './normalise.ts'
import { fromFirewallEvent } from './firewall-event.ts'
import { fromOcsf } from './ocsf.ts'

/** Deliveries collect some minutes of many resolvers. */
const DISORDER_MS = 900_000

/**
 * Queries that machines of a VPC asked the Route 53 Resolver: its query log, and the events of its DNS Firewall.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 * Answers from the cache are not logged: a name that is asked for all the time shows once per its time to live.
 */
export const route53 = defineJsonSource({
  id: 'route53',
  title: 'AWS Route 53 Resolver (query logs, also as OCSF of Security Lake; DNS Firewall events)',
  kinds: ['alert', 'dns'],
  hint: 'aws route53resolver create-resolver-query-log-config … for each VPC, into a bucket; then aws s3 sync s3://BUCKET/AWSLogs/ACCOUNT/vpcdnsquerylogs/ dns/.',
  words: { one: 'query', many: 'queries' },
  disorderMs: DISORDER_MS,
  prepare: (record) => fromOcsf(fromFirewallEvent(record)),
  isTable: (columns) => columns.includes('query_name') && columns.includes('query_timestamp'),
  recogniseRecord: (record) =>
    typeof record['query_name'] === 'string' && timeOf(record) !== null ? (hasAsker(record) ? 1 : 0.3) : 0,
  timeOf,
  normalise: normaliseQuery,
})

function hasAsker(record: Fields): boolean {
  return ['srcaddr', 'srcids', 'vpc_id', 'firewall_rule_action'].some((name) => name in record)
}

function timeOf(record: Fields): number | null {
  return timeAt(record, 'query_timestamp')
}
