import { type Fields, isFields, listAt, objectAt, textAt } from '../json/fields.ts'
import { commonLength, keyOf, moduleNames, withoutKeys } from './address.ts'

/** Where something that a plan does not know yet will come from. */
export interface Reference {
  readonly resourceId: string
  readonly attribute: string | null
}

/** A resource that the plan tells of, for references to it. */
export interface Known {
  readonly address: string
  readonly id: string
}

/** Calls of modules in calls of modules, and variables passed on through them. */
const MAX_DEPTH = 24
const MAX_REFERENCES = 256
const REFERENCE = /^(data\.)?([A-Za-z][\w-]*)\.([A-Za-z_][\w-]*)(\[(?:\d+|"[^"]*")\])?(?:\.([\w-]+))?/u

/**
 * The `configuration` of a plan: which resource an expression of another one names, through variables and outputs
 * of modules. https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
 */
export class Configuration {
  readonly #root: Fields
  readonly #byName = new Map<string, Known[]>()

  constructor(configuration: Fields, resources: readonly Known[]) {
    this.#root = objectAt(configuration, 'root_module')
    for (const one of resources) {
      const name = withoutKeys(one.address)
      const list = this.#byName.get(name)
      if (list === undefined) this.#byName.set(name, [one])
      else list.push(one)
    }
  }

  /** The expressions of a resource as configured; empty where the plan does not tell. */
  expressionsOf(address: string, moduleAddress: string): Fields {
    return objectAt(this.resourceOf(address, moduleAddress), 'expressions')
  }

  resourceOf(address: string, moduleAddress: string): Fields {
    const local = withoutKeys(address).slice(moduleAddress === '' ? 0 : withoutKeys(moduleAddress).length + 1)
    const resources = listAt(this.#module(moduleNames(moduleAddress)) ?? {}, 'resources')
    return resources.find((one): one is Fields => isFields(one) && one['address'] === local) ?? {}
  }

  /** The resources that an expression names. */
  resolve(expression: Fields, address: string, moduleAddress: string): Reference[] {
    const found = new Map<string, Reference>()
    const names = textsOf(expression)
    const isByKey = names.some((name) => name.startsWith('count.') || name.startsWith('each.'))
    for (const { name, attribute, key } of this.#follow(names, moduleNames(moduleAddress), 0)) {
      for (const one of this.#pick(name, key, address, isByKey)) {
        if (found.size >= MAX_REFERENCES) return [...found.values()]
        found.set(`${one.id}|${attribute}`, { resourceId: one.id, attribute })
      }
    }
    return [...found.values()]
  }

  /** Of several instances: that of the key; else the one beside it; else all. */
  #pick(name: string, key: string, address: string, isByKey: boolean): readonly Known[] {
    let candidates: readonly Known[] = this.#byName.get(name) ?? []
    if (candidates.length < 2) return candidates
    const wanted = key !== '' ? key : isByKey ? keyOf(address) : ''
    const keyed = wanted === '' ? [] : candidates.filter((one) => keyOf(one.address) === wanted)
    if (keyed.length > 0) candidates = keyed
    const shared = Math.max(...candidates.map((one) => commonLength(one.address, address)))
    const near = candidates.filter((one) => commonLength(one.address, address) === shared)
    // Only modules keep instances apart like this; instances of one resource differ in the last key.
    const isOfModules =
      new Set(candidates.map((one) => one.address.slice(0, -keyOf(one.address).length || undefined))).size > 1
    return isOfModules ? near : candidates
  }

  *#follow(
    names: readonly string[],
    modules: readonly string[],
    depth: number,
  ): Iterable<{ name: string; attribute: string | null; key: string }> {
    if (depth > MAX_DEPTH) return
    for (const name of mostSpecific(names)) {
      const parts = name.split('.')
      if (parts[0] === 'var') {
        const call = modules.at(-1)
        const parent = this.#module(modules.slice(0, -1))
        if (call === undefined || parent === null) continue
        const expressions = objectAt(objectAt(objectAt(parent, 'module_calls'), call), 'expressions')
        const passed = expressions[bare(parts[1])]
        yield* this.#follow(textsOf(passed), modules.slice(0, -1), depth + 1)
      } else if (parts[0] === 'module') {
        const inner = [...modules, bare(parts[1])]
        const outputs = objectAt(this.#module(inner) ?? {}, 'outputs')
        const output = objectAt(outputs, bare(parts[2]))
        yield* this.#follow(textsOf(output['expression']), inner, depth + 1)
      } else yield* resourceIn(name, modules)
    }
  }

  #module(names: readonly string[]): Fields | null {
    let module = this.#root
    for (const name of names) {
      const calls = objectAt(module, 'module_calls')
      const call = Object.hasOwn(calls, name) ? objectAt(calls, name) : null
      if (call === null) return null
      module = objectAt(call, 'module')
    }
    return module
  }
}

const NO_RESOURCES: ReadonlySet<string> = new Set(['count', 'each', 'local', 'path', 'self', 'terraform'])

function* resourceIn(
  name: string,
  modules: readonly string[],
): Iterable<{ name: string; attribute: string | null; key: string }> {
  const match = REFERENCE.exec(name)
  if (match === null || NO_RESOURCES.has(match[2] ?? '')) return
  const prefix = modules.map((one) => `module.${one}.`).join('')
  yield {
    name: `${prefix}${match[1] ?? ''}${match[2]}.${match[3]}`,
    key: match[4] ?? '',
    attribute: match[5] ?? null,
  }
}

function bare(part: string | undefined): string {
  return part?.replace(/\[.*$/u, '') ?? ''
}

/** `a.b.id`, `a.b` and `a` are one reference: the first. */
function mostSpecific(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      !names.some(
        (other) => other !== name && (other.startsWith(`${name}.`) || other.startsWith(`${name}[`)),
      ),
  )
}

/** All references in an expression, or in blocks of expressions. */
export function textsOf(expression: unknown, depth = 0): string[] {
  if (depth > MAX_DEPTH) return []
  if (Array.isArray(expression)) return expression.flatMap((one: unknown) => textsOf(one, depth + 1))
  if (!isFields(expression)) return []
  const references = expression['references']
  if (Array.isArray(references)) return references.filter((one) => typeof one === 'string')
  return Object.values(expression).flatMap((one) => textsOf(one, depth + 1))
}

/** The region of the provider that a resource is configured with, where it is written down. */
export function regionOf(configuration: Fields, variables: Fields, resource: Fields): string | null {
  const providers = objectAt(configuration, 'provider_config')
  const key = textAt(resource, 'provider_config_key') ?? 'aws'
  const provider = [key, key.slice(key.lastIndexOf(':') + 1)].find((name) => Object.hasOwn(providers, name))
  const region = objectAt(objectAt(objectAt(providers, provider ?? ''), 'expressions'), 'region')
  const constant = textAt(region, 'constant_value')
  if (constant !== null) return constant
  const variable = textsOf(region).find((name) => name.startsWith('var.'))
  return variable === undefined ? null : textAt(objectAt(variables, variable.slice('var.'.length)), 'value')
}
