import type { ResourceEvent } from '../../event/resource.ts'
import { defineJsonSource, type JsonMeaning, type JsonRecord } from '../json/define-json-source.ts'
import { type Fields, isFields, listAt, numberAt, objectAt, textAt, timeAt } from '../json/fields.ts'

/** A scan writes its findings in the order of its checks. */
const DISORDER_MS = 24 * 3_600_000
/** OCSF: Compliance Finding, Detection Finding. */
const CLASSES = new Set([2003, 2004])
const MAX_RESOURCES = 100

/**
 * What a scanner of configurations found, as Prowler writes it in OCSF (`--output-formats json-ocsf`), and others of
 * the same classes. https://schema.ocsf.io/classes/detection_finding
 */
export const prowler = defineJsonSource({
  id: 'prowler',
  title: 'Posture findings in OCSF (Prowler json-ocsf)',
  kinds: ['resource'],
  hint: 'prowler aws --output-formats json-ocsf',
  words: { one: 'finding', many: 'findings' },
  disorderMs: DISORDER_MS,
  recogniseRecord,
  timeOf,
  identityOf: (fields) =>
    textAt(objectAt(fields, 'finding_info'), 'uid') === null
      ? null
      : JSON.stringify([
          objectAt(fields, 'finding_info')['uid'],
          checkOf(fields),
          ...resourcesOf(fields).map((one) => textAt(one, 'uid')),
          timeOf(fields),
        ]),
  normalise,
})

function recogniseRecord(fields: Fields): number {
  const number = numberAt(fields, 'class_uid')
  if (number === null || !CLASSES.has(number) || !isFields(fields['finding_info'])) return 0
  return textAt(objectAt(objectAt(fields, 'metadata'), 'product'), 'name') === 'Prowler' ? 1 : 0.5
}

/** Epoch ms. Prowler leaves the zone out where it means UTC. */
function timeOf(fields: Fields): number | null {
  const info = objectAt(fields, 'finding_info')
  const seconds = numberAt(info, 'created_time') ?? numberAt(fields, 'time')
  return (
    timeAt(fields, 'time_dt') ??
    timeAt(info, 'created_time_dt') ??
    (seconds === null ? null : seconds > 1e11 ? seconds : seconds * 1000)
  )
}

function checkOf(fields: Fields): string | null {
  return textAt(objectAt(fields, 'metadata'), 'event_code') ?? textAt(objectAt(fields, 'finding_info'), 'uid')
}

function resourcesOf(fields: Fields): Fields[] {
  return listAt(fields, 'resources').filter(isFields).slice(0, MAX_RESOURCES)
}

function normalise({ fields, time, timeQuality, origin }: JsonRecord): JsonMeaning | null {
  const check = checkOf(fields)
  if (check === null) return null
  const cloud = objectAt(fields, 'cloud')
  const account = textAt(objectAt(cloud, 'account'), 'uid')
  const observer = `account:${account ?? 'unknown'}`
  const resources = resourcesOf(fields)
  const events = (resources.length === 0 ? [{}] : resources).map((resource): ResourceEvent => {
    const uid = textAt(resource, 'uid')
    return {
      kind: 'resource',
      time,
      timeQuality,
      observer,
      subjects: [],
      origin,
      provider: providerOf(textAt(cloud, 'provider')),
      resourceType: 'posture-finding',
      resourceId: `${check}/${uid ?? account ?? ''}`,
      name: textAt(resource, 'name'),
      account,
      region: textAt(resource, 'region') ?? textAt(cloud, 'region'),
      state: 'observed',
      attributes: {
        tool: textAt(objectAt(objectAt(fields, 'metadata'), 'product'), 'name') ?? 'OCSF',
        check,
        status: isMuted(fields) ? 'MUTED' : (textAt(fields, 'status_code') ?? 'FAIL').toUpperCase(),
        severity: (textAt(fields, 'severity') ?? '').toLowerCase(),
        title: textAt(objectAt(fields, 'finding_info'), 'title') ?? check,
        detail: textAt(fields, 'status_detail') ?? textAt(fields, 'message'),
        risk: textAt(fields, 'risk_details'),
        remediation: textAt(objectAt(fields, 'remediation'), 'desc'),
        targets: [uid, textAt(resource, 'name')].filter((one) => one !== null),
        targetType: textAt(resource, 'type'),
      },
      unknownAttributes: [],
    }
  })
  return { logSource: { product: 'prowler' }, observer, subjects: [], events }
}

function isMuted(fields: Fields): boolean {
  return objectAt(fields, 'unmapped')['muted'] === true || textAt(fields, 'status') === 'Suppressed'
}

function providerOf(name: string | null): ResourceEvent['provider'] {
  return name === 'aws' || name === 'gcp' || name === 'azure' || name === 'kubernetes' ? name : 'other'
}
