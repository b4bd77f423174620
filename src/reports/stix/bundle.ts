import type { Investigation, Occupant } from '../../story/document.ts'
import { artefactsOf, type FoundArtefact } from '../artefacts.ts'
import type { TlpLevel } from '../report.ts'
import { shapeOf } from '../shape.ts'
import { ownId, type StixId } from './id.ts'
import {
  attackPattern,
  IDENTITY,
  observablesOf,
  patternOf,
  type Sighted,
  sightedOf,
  type StixObject,
  stixTime,
} from './objects.ts'
import { markingOf } from './tlp.ts'

export interface Bundle {
  readonly type: 'bundle'
  readonly id: StixId
  readonly objects: readonly StixObject[]
}

/**
 * What gives the intruders away, as STIX 2.1: an indicator for each artefact that would say something elsewhere, what
 * it indicates, and when it was sighted. Ids come from content, so the same artefact has the same id in every bundle.
 * Of the machines it was seen on nothing is told but what the artefacts themselves show.
 */
export function bundleOf(investigation: Investigation, tlp: TlpLevel | null): Bundle {
  const pool = new Map<StixId, StixObject>()
  const add = (...objects: readonly StixObject[]): void => {
    for (const object of objects) pool.set(object.id, merged(pool.get(object.id), object))
  }
  add(IDENTITY)
  for (const sighted of artefactsOf(investigation).map(sightedOf)) {
    add(...objectsOf(sighted, stixTime(investigation.generatedAt)))
  }
  for (const incident of investigation.incidents) {
    for (const occupant of incident.occupants) {
      const note = noteOf(incident.id, occupant, incident.firstSeen, stixTime(investigation.generatedAt))
      if (note !== null && pool.has(malwareId(incident.id, occupant))) add(note)
    }
  }
  const marking = tlp === null ? null : markingOf(tlp)
  const objects = [...pool.values()].map((object) =>
    marking === null ? object : { ...object, object_marking_refs: [marking.id] },
  )
  const all = marking === null ? objects : [marking, ...objects]
  return { type: 'bundle', id: ownId('bundle', ...all.map((object) => object.id)), objects: all }
}

function objectsOf({ artefact, shape }: Sighted, now: string): StixObject[] {
  const about = aboutOf(artefact, now)
  const observables = observablesOf(shape)
  const observed = observables.length === 0 ? [] : [observedData(artefact, observables, now), ...observables]
  const pattern = patternOf(shape)
  if (pattern === null) return [...about.objects, ...observed]
  const [first, last] = [stixTime(artefact.first), stixTime(artefact.last)]
  const indicator = own('indicator', [pattern], first, now, {
    name: `${artefact.type} ${artefact.value}`,
    description: artefact.reason,
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: first,
    confidence: Math.round(artefact.confidence * 100),
  })
  const sighting = own('sighting', [indicator.id, artefact.incident.id], first, now, {
    first_seen: first,
    last_seen: last,
    count: countOf(artefact),
    sighting_of_ref: indicator.id,
    ...(observed[0] === undefined ? {} : { observed_data_refs: [observed[0].id] }),
  })
  const indicates = about.targets.map((target) => relationship(indicator.id, 'indicates', target, first, now))
  return [...about.objects, ...observed, indicator, ...indicates, sighting]
}

/** What an artefact indicates: the miner of its occupant, or else the techniques of the way in. */
function aboutOf(
  { occupant, incident, findings, first, last }: FoundArtefact,
  now: string,
): { objects: StixObject[]; targets: StixId[] } {
  const techniques = new Map(findings.flatMap((one) => one.attack).map((one) => [one.id, attackPattern(one)]))
  const patterns = [...techniques.values()]
  if (occupant === null) return { objects: patterns, targets: patterns.map((one) => one.id) }
  const isMiner = incident.tenures.some((tenure) => tenure.occupant === occupant.id)
  const id = malwareId(incident.id, occupant)
  const malware: StixObject = {
    ...own('malware', [], stixTime(first), now, {
      name: occupant.family ?? `${isMiner ? 'coin miner' : 'intruder'} ${occupant.id}`,
      malware_types: [isMiner ? 'resource-exploitation' : 'unknown'],
      is_family: occupant.family !== null,
      first_seen: stixTime(first),
      last_seen: stixTime(last),
    }),
    id,
  }
  const uses = patterns.map((one) => relationship(id, 'uses', one.id, stixTime(first), now))
  return { objects: [malware, ...patterns, ...uses], targets: [id] }
}

/** A family has one name, a wallet one owner; who has neither is known in this incident alone. */
function malwareId(incident: string, { id, family, artefacts }: Occupant): StixId {
  const wallet = artefacts.find((artefact) => artefact.type === 'wallet')?.value
  if (family !== null) return ownId('malware', 'family', family)
  return wallet === undefined
    ? ownId('malware', 'occupant', incident, id)
    : ownId('malware', 'wallet', wallet)
}

const IN_WORDS = new Set(['wallet', 'command', 'other'])

/** What STIX has no objects for, in words. */
function noteOf(incident: string, occupant: Occupant, firstSeen: string, now: string): StixObject | null {
  const told = occupant.artefacts.filter(({ type, value }) => IN_WORDS.has(shapeOf(type, value).kind))
  if (told.length === 0) return null
  return own('note', [incident, occupant.id], stixTime(firstSeen), now, {
    abstract: `What ${occupant.id} is known by`,
    content: told.map(({ type, value }) => `${type}: ${value}`).join('\n'),
    object_refs: [malwareId(incident, occupant)],
  })
}

function observedData(artefact: FoundArtefact, observables: readonly StixObject[], now: string): StixObject {
  const refs = observables.map((object) => object.id)
  const parts = [artefact.incident.id, refs.at(-1) ?? '']
  return own('observed-data', parts, stixTime(artefact.first), now, {
    first_observed: stixTime(artefact.first),
    last_observed: stixTime(artefact.last),
    number_observed: countOf(artefact),
    object_refs: refs,
  })
}

const MAX_COUNT = 999_999_999

function countOf({ findings }: FoundArtefact): number {
  return Math.min(MAX_COUNT, Math.max(1, ...findings.map((finding) => finding.count)))
}

function relationship(
  source: StixId,
  kind: 'indicates' | 'uses',
  target: StixId,
  created: string,
  now: string,
): StixObject {
  const properties = { relationship_type: kind, source_ref: source, target_ref: target }
  return own('relationship', [source, kind, target], created, now, properties)
}

/** `created` is when it was first seen, which later runs see as well; `modified` is this run. */
function own(
  type: string,
  parts: readonly string[],
  created: string,
  now: string,
  properties: Readonly<Record<string, unknown>>,
): StixObject {
  const id = ownId(type, ...parts)
  const modified = now > created ? now : created
  return { type, spec_version: '2.1', id, created_by_ref: IDENTITY.id, created, modified, ...properties }
}

const EARLIEST = ['created', 'valid_from', 'first_seen']
const LATEST = ['modified', 'last_seen', 'confidence']

/** One object told twice (the same wallet on two machines) spans both. */
function merged(known: StixObject | undefined, next: StixObject): StixObject {
  if (known === undefined) return next
  const pick = (name: string, isFirst: boolean): unknown => {
    const [a, b] = [known[name], next[name]]
    if ((typeof a === 'string' && typeof b === 'string') || (typeof a === 'number' && typeof b === 'number'))
      return a < b === isFirst ? a : b
    return a
  }
  return {
    ...known,
    ...Object.fromEntries(EARLIEST.filter((name) => name in known).map((name) => [name, pick(name, true)])),
    ...Object.fromEntries(LATEST.filter((name) => name in known).map((name) => [name, pick(name, false)])),
  }
}
