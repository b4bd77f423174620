import { formatTime } from '../../text/time.ts'
import { countAt, type Fields, listAt, objectAt, textAt } from '../json/fields.ts'

/** OCSF: DNS Activity. https://schema.ocsf.io/classes/dns_activity */
const DNS_ACTIVITY = 4003
const LATEST_MS = 8.64e15

/** A query as the Resolver logs it, out of the OCSF that Security Lake keeps; anything else as it is. */
export function fromOcsf(record: Fields): Fields {
  if (countAt(record, 'class_uid') !== DNS_ACTIVITY || !isOfRoute53(record)) return record
  const query = objectAt(record, 'query')
  const source = objectAt(record, 'src_endpoint')
  const cloud = objectAt(record, 'cloud')
  const time = countAt(record, 'time')
  const instance = textAt(source, 'instance_uid')
  return {
    account_id: textAt(cloud, 'account_uid') ?? textAt(objectAt(cloud, 'account'), 'uid'),
    region: textAt(cloud, 'region'),
    vpc_id: textAt(source, 'vpc_uid'),
    query_timestamp:
      time !== null && time < LATEST_MS ? formatTime(time) : (record['time_dt'] ?? record['time']),
    query_name: textAt(query, 'hostname'),
    query_type: textAt(query, 'type'),
    query_class: textAt(query, 'class'),
    rcode: textAt(record, 'rcode')?.toUpperCase() ?? null,
    answers: listAt(record, 'answers'),
    srcaddr: textAt(source, 'ip'),
    srcport: textAt(source, 'port'),
    srcids: instance === null ? {} : { instance },
  }
}

/** Other name servers are told in the same class. */
function isOfRoute53(record: Fields): boolean {
  const product = objectAt(objectAt(record, 'metadata'), 'product')
  return textAt(product, 'name') === 'Route 53' && textAt(product, 'vendor_name') === 'AWS'
}
