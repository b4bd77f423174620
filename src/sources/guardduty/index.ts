import { defineJsonSource } from '../json/define-json-source.ts'
import { countAt, type Fields, numberAt, objectAt, textAt, timeAt } from '../json/fields.ts'
import { camelCase } from './camel-case.ts'
import { normaliseFinding } from './normalise.ts'

/** Findings are exported when they change, whatever time they are about. */
const DISORDER_MS = 6 * 3600_000

/** What GuardDuty found: exports to S3, EventBridge events, answers of its API. */
export const guardduty = defineJsonSource({
  id: 'guardduty',
  title: 'AWS GuardDuty findings (S3 exports, EventBridge, get-findings)',
  kinds: ['alert'],
  hint: 'aws guardduty get-findings --detector-id ID --finding-ids $(aws guardduty list-findings …) > findings.json, or its export to S3. Switch it on in every region, with Runtime Monitoring and EKS protection.',
  words: { one: 'finding', many: 'findings' },
  disorderMs: DISORDER_MS,
  prepare: camelCase,
  recogniseRecord,
  timeOf,
  identityOf,
  normalise: normaliseFinding,
})

/** `CryptoCurrency:EC2/BitcoinTool.B!DNS`. */
const TYPE = /^[A-Za-z]{3,40}:[A-Za-z0-9]{2,40}\/[\w.!:-]{1,100}$/u

function recogniseRecord(record: Fields): number {
  const type = textAt(record, 'type')
  if (type === null || !TYPE.test(type) || numberAt(record, 'severity') === null) return 0
  const service = objectAt(record, 'service')
  const isNamed = service['serviceName'] === 'guardduty' || typeof service['detectorId'] === 'string'
  return isNamed ? 1 : typeof record['arn'] === 'string' && timeOf(record) !== null ? 0.6 : 0.2
}

/** When it was last seen. */
function timeOf(record: Fields): number | null {
  return (
    timeAt(objectAt(record, 'service'), 'eventLastSeen') ??
    timeAt(record, 'updatedAt') ??
    timeAt(record, 'createdAt')
  )
}

/** A finding keeps its id while its count goes up. */
function identityOf(record: Fields): string | null {
  const id = textAt(record, 'id')
  return id === null ? null : `${id}|${countAt(objectAt(record, 'service'), 'count') ?? 1}`
}
