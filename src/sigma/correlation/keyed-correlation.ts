import type { Keyed } from '../../engine/keyed.ts'
import { contentId } from '../../event/content-id.ts'
import type { Correlation } from './correlation.ts'
import type { FieldValue, Firing, Item, Told } from './firing.ts'
import { type Episode, type Group, mergeEpisodes, withSubjects } from './group.ts'
import { groupKey, numberOf, valueOf } from './group-key.ts'
import { keepProof, PROOF_BYTES } from './proofs.ts'
import type { Window } from './windows/window.ts'

export type KeyedCorrelation = Keyed<unknown, Item, Told, null>

export interface Bounds {
  readonly maxKeys: number
  /** Of all groups together, about. */
  readonly maxBytes: number
}

export interface Wiring {
  readonly key: string
  /** Keys of the rules it refers to, in its order. */
  readonly inputs: readonly string[]
  /** Its firings are for the user. */
  readonly isReported: boolean
  /** Other correlations refer to it. */
  readonly isInput: boolean
  readonly bounds: Bounds
  /** An event that was of no use, because it lacks a field. */
  readonly onUnusable: () => void
}

/** What a group takes before its window and proofs, about. */
const GROUP_BYTES = 300

/** A correlation as a computation of the engine: the key is the group, the state its window and its episode. */
export function keyedCorrelation<State>(
  correlation: Correlation,
  wiring: Wiring,
  window: Window<State>,
): Keyed<Group<State>, Item, Told, null> {
  const { timespanMs } = correlation
  const { bounds, inputs, isInput, isReported, key } = wiring
  const fields = fieldsByRule(correlation, inputs)
  const wantsRepeats = correlation.type.startsWith('temporal')
  const isMetric = correlation.type !== 'value_count'
  const counted = correlation.condition.kind === 'threshold' ? correlation.condition.fields : []

  return {
    id: key,
    kinds: inputs,
    windowMs: timespanMs,
    ...bounds,
    keysOf(item) {
      if (item.isRepeat && !wantsRepeats) return null
      const names = fields.get(item.kind)
      const group = names === undefined ? null : groupKey(item.fields, names.groupBy)
      if (group === null) wiring.onUnusable()
      return group
    },
    create: () => ({
      window: window.create(),
      newest: Number.MIN_SAFE_INTEGER,
      subjects: [],
      episode: null,
    }),
    step(group, item, tell) {
      const names = fields.get(item.kind)
      if (names === undefined) return
      const value =
        counted.length === 0
          ? null
          : isMetric
            ? numberOf(item.fields[names.counted[0] ?? ''])
            : valueOf(item.fields, names.counted)
      const sample = { time: item.time, rule: names.rule, value, proof: item.proof }
      if (!window.add(group.window, sample)) {
        wiring.onUnusable()
        return
      }
      group.newest = Math.max(group.newest, item.time)
      group.subjects = withSubjects(group.subjects, item.subjects)
      const from = group.newest - timespanMs
      if (!window.holds(group.window, from)) {
        if (group.episode !== null) group.episode.pending++
        return
      }
      const before = group.episode
      if (before !== null && group.newest - before.lastSeen <= timespanMs) goOn(before, group.newest, item)
      else {
        if (before !== null && isReported) tellRest(before, group, tell)
        group.episode = begin(group, item, from)
      }
      if (group.episode === null) return
      if (isReported && group.episode.count >= group.episode.told * 2) tellAgain(group.episode, group, tell)
      if (isInput) tellAbove(group.episode, item, group.newest, tell)
    },
    merge: (into, from) => ({
      window: window.merge(into.window, from.window),
      newest: Math.max(into.newest, from.newest),
      subjects: withSubjects(into.subjects, from.subjects),
      episode: mergeEpisodes(into.episode, from.episode),
    }),
    settle(group, tell) {
      if (group.episode !== null && isReported) tellRest(group.episode, group, tell)
    },
    bytesOf: (group) =>
      GROUP_BYTES + window.bytesOf(group.window) + (group.episode?.proofs.length ?? 0) * PROOF_BYTES,
  }

  function begin(group: Group<State>, item: Item, from: number): Episode {
    const members = window.membersOf(group.window, from)
    const known = [...members.proofs]
    const proofs = known.includes(item.proof) ? known : keepProof(known, item.proof)
    const shared = sharedFields(item)
    return {
      id: contentId('finding', key, ...Object.values(shared).map(String), members.firstSeen),
      fields: shared,
      observer: item.observer,
      timeQuality: item.timeQuality,
      firstSeen: members.firstSeen,
      lastSeen: group.newest,
      count: members.count,
      pending: 0,
      told: 0,
      counted: Number.MIN_SAFE_INTEGER,
      proofs,
      isPartial: members.isPartial,
    }
  }

  /** `group-by` under its own names, whatever the rule calls them. */
  function sharedFields(item: Item): Record<string, FieldValue> {
    const names = fields.get(item.kind)?.groupBy ?? []
    return Object.fromEntries(
      correlation.groupBy.map((name, at) => [name, item.fields[names[at] ?? name] ?? null]),
    )
  }

  function tellAgain(episode: Episode, group: Group<State>, tell: (told: Told) => void): void {
    episode.told = episode.count
    tell({ kind: 'firing', firing: firingOf(correlation, key, episode, group) })
  }

  function tellRest(episode: Episode, group: Group<State>, tell: (told: Told) => void): void {
    if (episode.count > episode.told) tellAgain(episode, group, tell)
  }

  function tellAbove(episode: Episode, item: Item, now: number, tell: (told: Told) => void): void {
    const isRepeat = now - episode.counted <= timespanMs
    if (!isRepeat) episode.counted = now
    const shared = { ...item.fields, ...sharedFields(item) }
    tell({ kind: 'input', item: { ...item, kind: key, time: now, fields: shared, isRepeat } })
  }
}

function goOn(episode: Episode, now: number, item: Item): void {
  episode.count += episode.pending + 1
  episode.pending = 0
  episode.lastSeen = now
  episode.proofs = keepProof(episode.proofs, item.proof)
}

function firingOf(
  { title, level, attack }: Correlation,
  rule: string,
  episode: Episode,
  { subjects }: Group<unknown>,
): Firing {
  return {
    id: episode.id,
    rule,
    title,
    level,
    attack,
    group: episode.fields,
    firstSeen: episode.firstSeen,
    lastSeen: episode.lastSeen,
    count: episode.count,
    evidence: [...episode.proofs],
    subjects,
    observer: episode.observer,
    timeQuality: episode.timeQuality,
    isPartial: episode.isPartial,
  }
}

/** What a rule's events call the fields that a correlation asks for. */
export interface RuleFields {
  /** Place of the rule in the correlation. */
  readonly rule: number
  readonly groupBy: readonly string[]
  readonly counted: readonly string[]
}

/** By key of the rule. */
export function fieldsByRule(
  { groupBy, aliases, rules, condition }: Correlation,
  inputs: readonly string[],
): Map<string, RuleFields> {
  const counted = condition.kind === 'threshold' ? condition.fields : []
  return new Map(
    inputs.map((input, rule) => {
      const nameOf = (name: string): string => {
        const fields = aliases.get(name)
        return fields?.get(rules[rule]?.text ?? '') ?? fields?.get(input) ?? name
      }
      return [input, { rule, groupBy: groupBy.map(nameOf), counted: counted.map(nameOf) }]
    }),
  )
}
