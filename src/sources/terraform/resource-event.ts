import type { ResourceEvent } from '../../event/resource.ts'
import { type Fields, objectAt, textAt } from '../json/fields.ts'
import type { Reference } from './configuration.ts'
import { SOURCE } from './id.ts'

export interface Told {
  readonly address: string
  readonly type: string
  readonly providerName: string
  readonly values: Fields
  /** Id of the resource where it is known, else its address. */
  readonly id: string
  readonly isPlanned: boolean
  /** Of the provider's configuration. */
  readonly region: string | null
  readonly unknownAttributes: string[]
  readonly references: Record<string, Reference[]>
}

export interface Standing {
  readonly file: string
  readonly line: number
  readonly offset: number
  readonly time: number
  readonly isTimeExact: boolean
}

const ARN = /^arn:[a-z-]{1,20}:[a-z0-9-]{1,40}:([a-z0-9-]{0,30}):(\d{12})?:/u

export function resourceEvent(told: Told, at: Standing): ResourceEvent {
  const { values, type, address, id } = told
  const arn = ARN.exec(textAt(values, 'arn') ?? '')
  const provider = providerOf(told.providerName, type)
  const isAws = provider === 'aws'
  const account = arn?.[2] ?? textAt(values, 'owner_id') ?? textAt(values, 'account_id')
  const zone = /^[a-z]{2}(?:-[a-z]+){1,2}-\d/u.exec(textAt(values, 'availability_zone') ?? '')?.[0]
  const isGlobal = /^aws_(?:iam_|budgets_|ce_)/u.test(type)
  return {
    kind: 'resource',
    time: at.time,
    timeQuality: at.isTimeExact ? 'exact' : 'unknown',
    observer: `account:${account ?? 'unknown'}`,
    subjects: type === 'aws_instance' && id.startsWith('i-') ? [`instance:${id}`] : [],
    origin: {
      source: SOURCE,
      file: at.file,
      recordId: address,
      line: at.line,
      offset: at.offset,
      raw: address,
    },
    provider,
    resourceType: type,
    resourceId: id,
    name: textAt(objectAt(values, 'tags'), 'Name') ?? textAt(objectAt(values, 'tags_all'), 'Name') ?? address,
    account,
    region: !isAws || isGlobal ? null : textOr(arn?.[1], zone ?? textAt(values, 'region') ?? told.region),
    state: told.isPlanned ? 'planned' : 'observed',
    attributes: values,
    unknownAttributes: told.unknownAttributes,
    references: told.references,
  }
}

function textOr(text: string | undefined, other: string | null): string | null {
  return text === undefined || text === '' ? other : text
}

/** By the last part of `registry.terraform.io/hashicorp/aws`, else by how the type begins. */
function providerOf(providerName: string, type: string): ResourceEvent['provider'] {
  const name = /([A-Za-z0-9-]+)["\]]*$/u.exec(providerName)?.[1] ?? ''
  if (name === 'aws' || type.startsWith('aws_')) return 'aws'
  if (name.startsWith('google') || type.startsWith('google_')) return 'gcp'
  if (name.startsWith('azure') || name === 'azapi' || type.startsWith('azurerm_')) return 'azure'
  return name === 'kubernetes' || name === 'helm' || type.startsWith('kubernetes_') ? 'kubernetes' : 'other'
}
