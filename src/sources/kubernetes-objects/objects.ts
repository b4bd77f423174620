import type { ResourceEvent } from '../../event/resource.ts'
import { type Fields, isFields, listAt, objectAt, textAt } from '../json/fields.ts'
import type { KubernetesDocument } from './documents.ts'

export interface Telling {
  readonly file: string
  /** Epoch ms. */
  readonly time: number
}

const MAX_LISTS = 8
const MAX_RAW = 512

/** The objects of a document: itself, or those of its list. Null for what is none. */
export function* resourcesIn(
  document: KubernetesDocument,
  telling: Telling,
): Generator<ResourceEvent | null> {
  let waiting: unknown[] = [document.content]
  for (let depth = 0; depth < MAX_LISTS && waiting.length > 0; depth++) {
    const inner: unknown[] = []
    for (const one of waiting) {
      if (Array.isArray(one)) inner.push(...(one as unknown[]))
      else if (isFields(one) && isList(one)) inner.push(...itemsOf(one))
      else yield isFields(one) ? resourceOf(one, document, telling) : null
    }
    waiting = inner
  }
}

function isList(fields: Fields): boolean {
  return Array.isArray(fields['items']) && (textAt(fields, 'kind') ?? 'List').endsWith('List')
}

/** Elements of a `PodList` and the like often leave their own kind out. */
function itemsOf(list: Fields): unknown[] {
  const kind = textAt(list, 'kind') ?? 'List'
  const inherited = kind === 'List' ? null : kind.slice(0, -4)
  return listAt(list, 'items').map((item) =>
    isFields(item) && inherited !== null && !('kind' in item)
      ? { ...item, kind: inherited, apiVersion: list['apiVersion'] }
      : item,
  )
}

function resourceOf(
  fields: Fields,
  { line, offset }: KubernetesDocument,
  { file, time }: Telling,
): ResourceEvent | null {
  const kind = textAt(fields, 'kind')
  const metadata = objectAt(fields, 'metadata')
  const name = textAt(metadata, 'name') ?? textAt(metadata, 'generateName')
  if (kind === null || name === null) return null
  const namespace = textAt(metadata, 'namespace')
  const id = namespace === null ? name : `${namespace}/${name}`
  return {
    kind: 'resource',
    time,
    timeQuality: 'unknown',
    observer: 'account:kubernetes',
    subjects: kind === 'Node' ? nodeSubjects(fields, name) : [],
    origin: {
      source: 'kubernetes-objects',
      file,
      line,
      offset,
      recordId: `${kind} ${id}`,
      raw: `${kind} ${id}`.slice(0, MAX_RAW),
    },
    provider: 'kubernetes',
    resourceType: kind,
    resourceId: id,
    name,
    account: null,
    region: null,
    state: 'status' in fields ? 'observed' : 'planned',
    attributes: withoutSecrets(kind, fields),
    unknownAttributes: [],
  }
}

function nodeSubjects(fields: Fields, name: string): string[] {
  const addresses = listAt(objectAt(fields, 'status'), 'addresses').flatMap((one) => {
    if (!isFields(one)) return []
    const address = textAt(one, 'address')
    return address === null || !(textAt(one, 'type') ?? '').endsWith('IP') ? [] : [`ip:${address}`]
  })
  return [`host:${name}`, ...addresses]
}

/** What these hold is nobody's business here, and must not get into a report. */
function withoutSecrets(kind: string, fields: Fields): Record<string, unknown> {
  if (kind !== 'Secret' && kind !== 'ConfigMap') return { ...fields }
  const { data: _data, stringData: _text, binaryData: _binary, ...rest } = fields
  return rest
}
