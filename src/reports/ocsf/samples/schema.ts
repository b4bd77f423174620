import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The sources of the OCSF schema, where they lie beside the checkout. */
export const OCSF_FOLDER = resolve(import.meta.dirname, '../../../../../shared/corpus/ocsf')
export const hasOcsf = existsSync(join(OCSF_FOLDER, 'dictionary.json'))

const COMPUTED = new Set(['category_uid', 'class_uid', 'type_uid'])

interface Attribute {
  type?: string
  object_type?: string
  is_array?: boolean
  requirement?: string
  profile?: string | null
  enum?: Record<string, { caption: string }>
  sibling?: string
  caption?: string
  observable?: number
  ['@deprecated']?: object
}

interface Definition {
  name: string
  caption?: string
  observable?: number
  extends?: string
  uid?: number
  category?: string
  attributes: Record<string, Attribute>
  constraints?: { at_least_one?: string[]; just_one?: string[] }
}

/** As it stands in a file. */
type Source = Omit<Definition, 'attributes'> & {
  attributes: Record<string, Attribute> | { $include?: string | string[] }
}

interface Type {
  type?: string
  regex?: string
  range?: [number, number]
  max_len?: number
  values?: unknown[]
  caption?: string
  observable?: number
}

/**
 * A reader of OCSF's own sources: attributes of classes and objects with what they extend and include, checked for
 * requirements, types, enumerations with their captions, constraints and profiles.
 */
export class OcsfSchema {
  readonly #objects = new Map<string, Definition>()
  readonly #events = new Map<string, Definition>()
  readonly #attributes: Record<string, Attribute>
  readonly #types: Record<string, Type>
  readonly #categories: Record<string, { uid: number; caption: string }>

  constructor(folder: string = OCSF_FOLDER) {
    const load = (name: string): Source => JSON.parse(readFileSync(join(folder, name), 'utf8'))
    const add = (to: Map<string, Definition>, pattern: string): void => {
      for (const file of globSync(pattern, { cwd: folder })) {
        const read = load(file)
        to.set(read.name, this.#included(read, load))
      }
    }
    add(this.#objects, 'objects/*.json')
    add(this.#events, 'events/**/*.json')
    const dictionary = JSON.parse(readFileSync(join(folder, 'dictionary.json'), 'utf8'))
    this.#attributes = dictionary.attributes
    this.#types = dictionary.types.attributes
    this.#categories = JSON.parse(readFileSync(join(folder, 'categories.json'), 'utf8')).attributes
    this.#nameObservables()
  }

  /** Everything wrong with an event of a class, each with its path. */
  check(event: Record<string, unknown>, className: string): string[] {
    const metadata = event['metadata']
    const profiles =
      typeof metadata === 'object' && metadata !== null && 'profiles' in metadata ? metadata.profiles : []
    const problems: string[] = []
    const used = new Set(Array.isArray(profiles) ? profiles : [])
    problems.push(...this.#numberProblems(event, className))
    this.#checkObject(event, { map: this.#events, name: className, path: '', used, problems })
    return problems
  }

  /** Types, attributes and objects each say which number they have as an observable. */
  #nameObservables(): void {
    const all = [...Object.values(this.#types), ...Object.values(this.#attributes), ...this.#objects.values()]
    const type = this.#objects.get('observable')?.attributes['type_id']
    if (type === undefined) throw new Error('OCSF knows no observables')
    for (const { observable, caption = '' } of all)
      if (observable !== undefined) type.enum = { ...type.enum, [observable]: { caption } }
  }

  /** Numbers of category, class and type are made of each other. */
  #numberProblems(event: Record<string, unknown>, className: string): string[] {
    const { uid = 0, category = '' } = this.#resolved(this.#events, className)
    const kind = this.#categories[category]
    const classUid = (kind?.uid ?? 0) * 1000 + uid
    const wanted = {
      category_uid: kind?.uid,
      category_name: kind?.caption,
      class_uid: classUid,
      class_name: this.#events.get(className)?.caption,
      type_uid: classUid * 100 + Number(event['activity_id']),
    }
    return Object.entries(wanted)
      .filter(([key, value]) => event[key] !== value)
      .map(([key, value]) => `${key}: must be ${value}`)
  }

  #included(definition: Source, load: (name: string) => Source): Definition {
    const { $include = [] } = definition.attributes as { $include?: string | string[] }
    const own = attributesOf(definition)
    const attributes: Record<string, Attribute> = {}
    for (const name of [$include].flat()) {
      const profile = load(name)
      for (const [key, attribute] of Object.entries(attributesOf(profile)))
        attributes[key] = { profile: profile.name, ...attribute }
    }
    for (const [key, attribute] of Object.entries(own)) attributes[key] = { ...attributes[key], ...attribute }
    return { ...definition, attributes }
  }

  #resolved(map: ReadonlyMap<string, Definition>, name: string): Definition {
    const own = map.get(name)
    if (own === undefined) throw new Error(`OCSF knows no ${name}`)
    if (own.extends === undefined) return own
    const base = this.#resolved(map, own.extends)
    const attributes = { ...base.attributes }
    for (const [key, attribute] of Object.entries(own.attributes)) {
      const values = attribute.enum ?? attributes[key]?.enum
      attributes[key] = {
        ...attributes[key],
        ...attribute,
        ...(values === undefined ? {} : { enum: { ...attributes[key]?.enum, ...attribute.enum } }),
      }
    }
    const constraints = own.constraints ?? base.constraints
    return { ...base, ...own, attributes, ...(constraints === undefined ? {} : { constraints }) }
  }

  #checkObject(
    value: Record<string, unknown>,
    at: {
      map: ReadonlyMap<string, Definition>
      name: string
      path: string
      used: ReadonlySet<unknown>
      problems: string[]
    },
  ): void {
    const { attributes, constraints } = this.#resolved(at.map, at.name)
    const tell = (key: string, what: string): void => {
      at.problems.push(`${at.path}${key}: ${what}`)
    }
    for (const [key, attribute] of Object.entries(attributes)) {
      const isOn = typeof attribute.profile !== 'string' || at.used.has(attribute.profile)
      if (attribute.requirement === 'required' && isOn && value[key] === undefined) tell(key, 'is required')
    }
    const some = constraints?.at_least_one
    if (some !== undefined && !some.some((key) => value[key] !== undefined))
      tell('', `needs one of ${some.join(', ')}`)
    for (const [key, item] of Object.entries(value)) {
      const own = attributes[key]
      if (own === undefined) tell(key, `is no attribute of ${at.name}`)
      else if (typeof own.profile === 'string' && !at.used.has(own.profile))
        tell(key, `needs the profile ${own.profile}`)
      else this.#checkAttribute(item, key, value, { ...at, attribute: { ...this.#attributes[key], ...own } })
    }
  }

  #checkAttribute(
    item: unknown,
    key: string,
    parent: Record<string, unknown>,
    at: {
      map: ReadonlyMap<string, Definition>
      path: string
      used: ReadonlySet<unknown>
      problems: string[]
      attribute: Attribute
    },
  ): void {
    const { attribute, path, problems } = at
    const values = { ...this.#attributes[key]?.enum, ...attribute.enum }
    if (attribute['@deprecated'] !== undefined) problems.push(`${path}${key}: is deprecated`)
    if ((attribute.is_array === true) !== Array.isArray(item)) {
      problems.push(`${path}${key}: ${attribute.is_array === true ? 'must be a list' : 'must not be a list'}`)
      return
    }
    for (const [index, one] of [item].flat().entries()) {
      const here = attribute.is_array === true ? `${path}${key}[${index}]` : `${path}${key}`
      if (
        attribute.type === 'object_t' ||
        attribute.object_type !== undefined ||
        this.#objects.has(attribute.type ?? '')
      ) {
        const name = attribute.object_type ?? attribute.type ?? ''
        if (typeof one !== 'object' || one === null) problems.push(`${here}: must be an object`)
        else if (name !== 'object')
          this.#checkObject(
            { ...one },
            { map: this.#objects, name, path: `${here}.`, used: at.used, problems },
          )
        continue
      }
      const wrong = this.#wrongOf(attribute.type ?? 'string_t', one)
      if (wrong !== null) problems.push(`${here}: ${wrong}`)
      if (Object.keys(values).length === 0 || attribute.type === 'string_t') continue
      if (COMPUTED.has(key)) continue
      const meaning = values[String(one)]
      if (meaning === undefined) problems.push(`${here}: ${String(one)} is no value of it`)
      const sibling = attribute.sibling ?? (key.endsWith('_id') ? key.slice(0, -3) : undefined)
      const word = sibling === undefined ? undefined : parent[sibling]
      if (typeof word === 'string' && meaning !== undefined && one !== 99 && word !== meaning.caption)
        problems.push(`${path}${sibling}: must be ${meaning.caption}`)
    }
  }

  #wrongOf(name: string, value: unknown): string | null {
    if (name === 'json_t') return null
    const type = this.#types[name]
    if (type === undefined) return `${name} is no type`
    if (type.values !== undefined)
      return type.values.includes(value) ? null : `must be one of ${type.values.join(', ')}`
    const base = type.type ?? name
    if (base === 'integer_t' || base === 'long_t') {
      if (!Number.isSafeInteger(value)) return 'must be a whole number'
      const [least, most] = type.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      return Number(value) < least || Number(value) > most ? 'is out of range' : null
    }
    if (base === 'float_t') return typeof value === 'number' ? null : 'must be a number'
    if (typeof value !== 'string') return 'must be text'
    if (type.max_len !== undefined && value.length > type.max_len) return 'is too long'
    return type.regex === undefined || new RegExp(type.regex, 'u').test(value) ? null : `is not like ${name}`
  }
}

function attributesOf({ attributes }: Source): Record<string, Attribute> {
  const all = Object.entries(attributes).filter(([key]) => key !== '$include')
  return Object.fromEntries(all) as Record<string, Attribute>
}
