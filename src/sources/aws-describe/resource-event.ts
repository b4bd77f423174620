import type { ResourceEvent } from '../../event/resource.ts'
import { type Fields, objectAt, textAt } from '../json/fields.ts'
import { SOURCE } from './id.ts'
import type { Standing } from './answer.ts'
import type { Found } from './lists.ts'
import { type Place, placeOf } from './place.ts'

/** What one input says of itself. */
export interface Telling {
  readonly file: string
  /** Epoch ms. */
  readonly time: number
  readonly place: Place
}

export function resourceEvent(
  { type, id, attributes, isSecret }: Found,
  standing: Standing,
  telling: Telling,
): ResourceEvent {
  const { account, region } = placeOf(type, id, attributes, telling.place)
  return {
    kind: 'resource',
    time: telling.time,
    timeQuality: 'unknown',
    observer: `account:${account ?? 'unknown'}`,
    subjects: type === 'aws_instance' ? [`instance:${id}`] : [],
    origin: {
      source: SOURCE,
      file: telling.file,
      recordId: id,
      ...standing,
      ...(isSecret === true ? { raw: id } : {}),
    },
    provider: 'aws',
    resourceType: type,
    resourceId: id,
    name: nameOf(attributes),
    account,
    region,
    state: 'observed',
    attributes,
    unknownAttributes: [],
  }
}

const NAMES = [
  'GroupName',
  'LoadBalancerName',
  'TargetGroupName',
  'DBInstanceIdentifier',
  'UserName',
  'RoleName',
  'Name',
] as const

/** The Name tag, else what the resource is called. */
function nameOf(attributes: Fields): string | null {
  return (
    tagsOf(attributes)['Name'] ??
    NAMES.map((name) => textAt(attributes, name)).find((name) => name !== null) ??
    null
  )
}

/** Tags as most answers have them: a list of `Key` and `Value`. */
function tagsOf(attributes: Fields): Readonly<Record<string, string>> {
  const tags: Record<string, string> = Object.create(null)
  const list = attributes['Tags'] ?? attributes['TagSet']
  if (!Array.isArray(list)) return tags
  for (const tag of list as readonly unknown[]) {
    const fields = objectAt({ tag }, 'tag')
    const key = textAt(fields, 'Key')
    const value = textAt(fields, 'Value')
    if (key !== null && value !== null) tags[key] = value
  }
  return tags
}
