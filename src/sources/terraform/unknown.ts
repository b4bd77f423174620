import { type Fields, isFields } from '../json/fields.ts'
import type { Configuration, Reference } from './configuration.ts'

const MAX_PATHS = 2000
const MAX_DEPTH = 32

/** Paths of what a plan does not know, `ingress[0].security_groups`: `after_unknown` marks them with true. */
export function unknownPaths(unknown: unknown): string[] {
  const paths: string[] = []
  const walk = (value: unknown, path: string, depth: number): void => {
    if (paths.length >= MAX_PATHS || depth > MAX_DEPTH) return
    if (value === true) paths.push(path)
    else if (Array.isArray(value))
      for (const [i, one] of value.entries()) walk(one, `${path}[${i}]`, depth + 1)
    else if (isFields(value))
      for (const name in value) walk(value[name], path === '' ? name : `${path}.${name}`, depth + 1)
  }
  walk(unknown, '', 0)
  return paths
}

/** For every path that is not known, the resources that its configuration names. */
export function referencesOf(
  paths: readonly string[],
  after: Fields,
  address: string,
  moduleAddress: string,
  configuration: Configuration,
): Record<string, Reference[]> {
  const references: Record<string, Reference[]> = Object.create(null)
  const expressions = configuration.expressionsOf(address, moduleAddress)
  for (const path of paths) {
    const [top = '', ...rest] = path.split('.')
    const name = top.replace(/\[\d+\]$/u, '')
    const expression = expressions[name]
    const blocks = rest.length === 0 ? [expression] : candidates(expression, elementOf(after[name], top))
    const inner = rest.map((part) => part.replace(/\[\d+\]$/u, ''))
    const found = blocks
      .map((block) => inner.reduce<unknown>((value, part) => memberOf(value, part), block))
      .flatMap((value) =>
        value === undefined ? [] : configuration.resolve(asFields(value), address, moduleAddress),
      )
    const key = rest.length === 0 ? name : path.replace(/\[\d+\]$/u, '')
    if (found.length > 0) references[key] = distinct([...(references[key] ?? []), ...found])
  }
  return references
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : { blocks: value }
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value))
    return value.map((one: unknown) => memberOf(one, name)).filter((one) => one !== undefined)
  return isFields(value) ? value[name] : undefined
}

function elementOf(list: unknown, part: string): Fields {
  const index = Number(/\[(\d+)\]$/u.exec(part)?.[1] ?? 0)
  const element: unknown = Array.isArray(list) ? list[index] : list
  return isFields(element) ? element : {}
}

/** A plan puts blocks in another order: those of which no constant says otherwise. */
function candidates(expression: unknown, element: Fields): unknown[] {
  if (!Array.isArray(expression)) return [expression]
  const fitting = expression.filter((block: unknown) => {
    if (!isFields(block)) return false
    return Object.entries(block).every(([name, value]) => {
      const constant = isFields(value) ? value['constant_value'] : undefined
      return (
        constant === undefined ||
        !(name in element) ||
        JSON.stringify(constant) === JSON.stringify(element[name])
      )
    })
  })
  return fitting.length > 0 ? fitting : expression
}

function distinct(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((one) => [`${one.resourceId}|${one.attribute}`, one])).values()]
}
