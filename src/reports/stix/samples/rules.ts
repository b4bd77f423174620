import type { Bundle } from '../bundle.ts'
import type { StixObject } from '../objects.ts'

/** Properties that STIX 2.1 requires of each type, beyond the common ones (sections 4, 5 and 6). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'attack-pattern': ['name'],
  identity: ['name'],
  indicator: ['pattern', 'pattern_type', 'valid_from'],
  malware: ['is_family'],
  note: ['content', 'object_refs'],
  'observed-data': ['first_observed', 'last_observed', 'number_observed', 'object_refs'],
  relationship: ['relationship_type', 'source_ref', 'target_ref'],
  sighting: ['sighting_of_ref'],
  'marking-definition': [],
  directory: ['path'],
  'domain-name': ['value'],
  file: [],
  'ipv4-addr': ['value'],
  'ipv6-addr': ['value'],
  'network-traffic': ['protocols'],
  url: ['value'],
  'user-account': [],
}
const OBSERVABLES = new Set([
  'directory',
  'domain-name',
  'file',
  'ipv4-addr',
  'ipv6-addr',
  'network-traffic',
  'url',
  'user-account',
])
/** Relationships between our types that the specification lists. */
const RELATIONSHIPS = new Set([
  'indicator indicates malware',
  'indicator indicates attack-pattern',
  'malware uses attack-pattern',
])
const ID =
  /^[a-z][a-z0-9-]{1,248}[a-z0-9]--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u
const TIMES = new Set([
  'created',
  'modified',
  'valid_from',
  'first_seen',
  'last_seen',
  'first_observed',
  'last_observed',
])
const SPANS = [
  ['created', 'modified'],
  ['first_seen', 'last_seen'],
  ['first_observed', 'last_observed'],
] as const
/** `'…'` with escaped backslashes and apostrophes, a number, or a path; enough of section 9 for what is written. */
const COMPARISON = /^[a-z0-9-]+:[a-z0-9_.'-]+(?:'[A-Z0-9-]+')? (?:=|LIKE) (?:'(?:[^'\\]|\\['\\])*'|\d+)$/iu

/** What in a bundle breaks the rules of STIX 2.1 that the export relies on. */
export function problemsOf({ id, objects }: Bundle): string[] {
  const ids = new Map(objects.map((object) => [object.id as string, object]))
  const problems = ID.test(id) ? [] : [`${id}: id is not well formed`]
  if (ids.size !== objects.length) problems.push('an object is there twice')
  return [...problems, ...objects.flatMap((object) => problemsOfOne(object, ids))]
}

function problemsOfOne(object: StixObject, ids: ReadonlyMap<string, StixObject>): string[] {
  const problems: string[] = []
  const tell = (what: string): void => {
    problems.push(`${object.id}: ${what}`)
  }
  const required = REQUIRED[object.type]
  if (required === undefined) tell(`${object.type} is no type of ours`)
  if (!ID.test(object.id) || !object.id.startsWith(`${object.type}--`)) tell('id is not well formed')
  if (object['spec_version'] !== '2.1') tell('spec_version is required')
  const common = OBSERVABLES.has(object.type)
    ? []
    : object.type === 'marking-definition'
      ? ['created']
      : ['created', 'modified']
  for (const name of [...common, ...(required ?? [])])
    if (object[name] === undefined) tell(`${name} is required`)
  for (const [name, value] of Object.entries(object)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) tell(`${name} must not be empty`)
    if (TIMES.has(name) && !TIME.test(String(value))) tell(`${name} is no time with milliseconds`)
    if (name.endsWith('_ref') || name.endsWith('_refs'))
      for (const ref of [value].flat()) if (!ids.has(String(ref))) tell(`${name} points nowhere`)
  }
  for (const [from, to] of SPANS)
    if (object[to] !== undefined && textOf(object[from]) > textOf(object[to])) tell(`${to} is before ${from}`)
  for (const name of ['count', 'number_observed', 'confidence']) {
    const value = object[name]
    const most = name === 'confidence' ? 100 : 999_999_999
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most))
      tell(`${name} is out of range`)
  }
  if (object.type === 'file' && object['name'] === undefined && object['hashes'] === undefined)
    tell('a file needs a name or hashes')
  if (object.type === 'network-traffic' && object['src_ref'] === undefined && object['dst_ref'] === undefined)
    tell('traffic needs an end')
  if (object.type === 'sighting' && !String(object['sighting_of_ref']).startsWith('indicator--'))
    tell('sighting_of_ref is no indicator')
  if (object.type === 'relationship') {
    const [source, target] = [object['source_ref'], object['target_ref']].map(
      (ref) => String(ref).split('--')[0],
    )
    const what = `${source} ${String(object['relationship_type'])} ${target}`
    if (!RELATIONSHIPS.has(what)) tell(`${what} is not in the specification`)
  }
  if (object.type === 'indicator' && !isPattern(String(object['pattern']))) tell('pattern is not well formed')
  return problems
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isPattern(pattern: string): boolean {
  return pattern.split(/(?<=\]) OR (?=\[)/u).every(
    (one) =>
      one.startsWith('[') &&
      one.endsWith(']') &&
      one
        .slice(1, -1)
        .split(/ AND (?=[a-z-]+:)/u)
        .every((comparison) => COMPARISON.test(comparison)),
  )
}
