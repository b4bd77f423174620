import { type Fields, isFields, listAt, objectAt, parseFields, textAt } from '../json/fields.ts'
import type { JsonPath, Opening, TreeReader } from '../json/json-tree.ts'
import { keyText } from './address.ts'
import { Configuration, type Known, regionOf } from './configuration.ts'
import type { Told } from './resource-event.ts'
import { marksOf, masked } from './sensitive.ts'
import { referencesOf, unknownPaths } from './unknown.ts'

export type DocumentKind = 'plan' | 'state' | 'state-file'

/** What the whole of a document says, needed to read each of its resources. */
export class Overview {
  kind: DocumentKind = 'state'
  hasChanges = false
  readonly known: Known[] = []
  configuration: Configuration = new Configuration({}, [])
  configured: Fields = {}
  variables: Fields = {}
  /** Epoch ms; null = the document does not say. */
  time: number | null = null
  version: string | null = null
}

/** First look at a document: what kind it is, its configuration, and the ids of its resources. */
export class OverviewReader implements TreeReader {
  readonly overview = new Overview()
  readonly #scalars: Record<string, unknown> = Object.create(null)

  open(path: JsonPath, isArray: boolean): Opening {
    const [first] = path
    if (path.length === 1) {
      if (first === 'resource_changes') this.overview.hasChanges = true
      if (first === 'planned_values' || first === 'resource_changes') this.overview.kind = 'plan'
      if (first === 'configuration' || first === 'variables') return 'take'
    }
    return opening(path, isArray)
  }

  scalar(path: JsonPath, value: unknown): void {
    if (path.length === 1) this.#scalars[path[0] ?? ''] = value
  }

  take(path: JsonPath, text: string): void {
    const fields = parseFields(text)
    if (fields === null) return
    const [first] = path
    if (path.length === 1 && first === 'configuration') this.overview.configured = fields
    else if (path.length === 1) this.overview.variables = fields
    else
      for (const one of toldBy(path, fields, this.overview))
        this.overview.known.push({ address: one.address, id: one.id })
  }

  end(): void {
    const overview = this.overview
    const time = Date.parse(typeof this.#scalars['timestamp'] === 'string' ? this.#scalars['timestamp'] : '')
    overview.time = Number.isNaN(time) ? null : time
    if (typeof this.#scalars['version'] === 'number' && 'lineage' in this.#scalars)
      overview.kind = 'state-file'
    overview.version = textAt(this.#scalars, 'terraform_version')
    overview.configuration = new Configuration(overview.configured, overview.known)
  }
}

/** Where resources stand in plans and states. */
export function opening(path: JsonPath, isArray: boolean): Opening {
  const last = path.at(-1)
  if (path.length === 0) return isArray ? 'pass' : 'enter'
  const [first] = path
  if (first === 'resource_changes' || first === 'resources')
    return path.length === 1 && isArray ? 'enter' : 'take'
  if (first !== 'planned_values' && first !== 'values' && first !== 'prior_state') return 'pass'
  if (last === 'resources' || last === 'child_modules') return isArray ? 'enter' : 'pass'
  if (last === '*') return path.at(-2) === 'resources' ? 'take' : 'enter'
  return last === first || last === 'values' || last === 'root_module' ? 'enter' : 'pass'
}

/** The resources in a piece of a document; those that a plan removes are none. */
export function toldBy(path: JsonPath, fields: Fields, overview: Overview): Told[] {
  const [first] = path
  if (first === 'resource_changes') return changed(fields, overview)
  if (first === 'resources') return stored(fields)
  if (first === 'values') return [valued(fields, false)]
  if (first === 'prior_state') {
    // Managed ones stand among the changes as well.
    return fields['mode'] === 'data' || !overview.hasChanges ? [valued(fields, false)] : []
  }
  return overview.hasChanges ? [] : [valued(fields, true)]
}

export function isRemoved(path: JsonPath, fields: Fields): boolean {
  return path[0] === 'resource_changes' && !isFields(objectAt(fields, 'change')['after'])
}

/** One of `resource_changes`: what it will be. */
function changed(fields: Fields, { configuration, configured, variables }: Overview): Told[] {
  const change = objectAt(fields, 'change')
  const after = change['after']
  const address = textAt(fields, 'address')
  if (!isFields(after) || address === null) return []
  const moduleAddress = textAt(fields, 'module_address') ?? ''
  const unknown = unknownPaths(change['after_unknown'])
  const actions = listAt(change, 'actions')
  const isReplaced = actions.includes('create')
  const id = textAt(after, 'id') ?? (isReplaced ? null : textAt(objectAt(change, 'before'), 'id'))
  return [
    {
      address,
      type: textAt(fields, 'type') ?? '',
      providerName: textAt(fields, 'provider_name') ?? '',
      values: masked(after, change['after_sensitive']),
      id: id ?? address,
      isPlanned: !actions.every((one) => one === 'no-op'),
      region: regionOf(configured, variables, configuration.resourceOf(address, moduleAddress)),
      unknownAttributes: unknown,
      references:
        unknown.length === 0 ? {} : referencesOf(unknown, after, address, moduleAddress, configuration),
    },
  ]
}

/** One resource of `planned_values`, `prior_state` or a shown state. */
function valued(fields: Fields, isPlanned: boolean): Told {
  const values = objectAt(fields, 'values')
  const address = textAt(fields, 'address') ?? ''
  return {
    address,
    type: textAt(fields, 'type') ?? '',
    providerName: textAt(fields, 'provider_name') ?? '',
    values: masked(values, fields['sensitive_values']),
    id: textAt(values, 'id') ?? address,
    isPlanned,
    region: null,
    unknownAttributes: [],
    references: {},
  }
}

/** One of the resources of a state file, version 4, with all its instances. */
function stored(fields: Fields): Told[] {
  const module = textAt(fields, 'module')
  const isData = fields['mode'] === 'data'
  const type = textAt(fields, 'type') ?? ''
  const base = `${module === null ? '' : `${module}.`}${isData ? 'data.' : ''}${type}.${textAt(fields, 'name') ?? ''}`
  return listAt(fields, 'instances').flatMap((instance): Told[] => {
    // One that is to be destroyed and only waits for it.
    if (!isFields(instance) || 'deposed' in instance) return []
    const values = objectAt(instance, 'attributes')
    const address = `${base}${keyText(instance['index_key'])}`
    return [
      {
        address,
        type,
        providerName: textAt(fields, 'provider') ?? '',
        values: masked(values, marksOf(instance['sensitive_attributes'])),
        id: textAt(values, 'id') ?? address,
        isPlanned: false,
        region: null,
        unknownAttributes: [],
        references: {},
      },
    ]
  })
}
