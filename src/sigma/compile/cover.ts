import { fold } from '../fold.ts'
import { plainText } from '../parse/text-pattern.ts'
import { regexOf } from './regex-of.ts'
import type { Condition, Detection, Selection, Value } from '../rule.ts'
import type { FieldSlots } from './field-slots.ts'
import { requiredLiteral } from './glob.ts'

/**
 * Something cheap to find out about a record. `slot` WHOLE stands for all values of the record;
 * texts are folded. `any` holds for every record.
 */
export type Key =
  | { readonly kind: 'exact'; readonly slot: number; readonly text: string }
  | { readonly kind: 'part'; readonly slot: number; readonly text: string }
  | { readonly kind: 'present'; readonly slot: number }
  | { readonly kind: 'any' }

export const WHOLE = -1
/** Shorter parts of patterns are in nearly every text. */
const LEAST_PART = 3

/** How often each key is asked for: what many rules ask for says little. */
export type KeyCounts = ReadonlyMap<string, number>

export function keyName(key: Key): string {
  return key.kind === 'any'
    ? 'any'
    : key.kind === 'present'
      ? `p${key.slot}`
      : `${key.kind[0]}${key.slot}:${key.text}`
}

/** Keys of which one holds for every record that the rule can match. Null for rules that only say what must not be. */
export function coverOf(
  { selections, condition }: Detection,
  slots: FieldSlots,
  counts: KeyCounts,
): readonly Key[] | null {
  const covers = new Map<string, readonly Key[] | null>()
  for (const [name, selection] of selections) covers.set(name, ofSelection(selection, slots, counts))
  return ofCondition(condition, covers, counts)
}

function ofCondition(
  condition: Condition,
  covers: ReadonlyMap<string, readonly Key[] | null>,
  counts: KeyCounts,
): readonly Key[] | null {
  switch (condition.kind) {
    case 'and':
      return best(
        condition.parts.map((part) => ofCondition(part, covers, counts)),
        counts,
      )
    case 'or':
      return allOf(condition.parts.map((part) => ofCondition(part, covers, counts)))
    case 'not':
      return null
    case 'selection':
      return covers.get(condition.name) ?? null
    default: {
      const named = condition.names.map((name) => covers.get(name) ?? null)
      return condition.atLeast === 'all' ? best(named, counts) : allOf(named)
    }
  }
}

function ofSelection(selection: Selection, slots: FieldSlots, counts: KeyCounts): readonly Key[] | null {
  if (selection.kind === 'every' || selection.kind === 'some') {
    const parts = selection.parts.map((part) => ofSelection(part, slots, counts))
    return selection.kind === 'every' ? best(parts, counts) : allOf(parts)
  }
  const isNegated = selection.kind === 'field' ? selection.isNegated : selection.modifiers.includes('neq')
  if (isNegated) return null
  const slot = selection.kind === 'field' ? slots.slotOf(selection.field) : WHOLE
  const all = selection.values.map((value) => ofValue(value, slot))
  return selection.link === 'every' ? best(all, counts) : allOf(all)
}

function ofValue(value: Value, slot: number): readonly Key[] | null {
  const present: Key = slot === WHOLE ? { kind: 'any' } : { kind: 'present', slot }
  switch (value.kind) {
    case 'text': {
      const plain = plainText(value.pieces)
      if (plain !== null && slot !== WHOLE) return [{ kind: 'exact', slot, text: fold(plain) }]
      const part = requiredLiteral(value)
      return part === null ? [present] : [{ kind: 'part', slot, text: part }]
    }
    case 'regex': {
      const regex = regexOf(value)
      const required = 'fault' in regex ? null : regex.required
      if (required === null || required.some((text) => text.length < LEAST_PART)) return [present]
      return required.map((text) => ({ kind: 'part', slot, text }))
    }
    case 'cidr':
    case 'number':
    case 'field-reference':
      return [present]
    case 'exists':
      return value.isExpected ? [present] : null
    case 'null':
      return null
    default:
      return allOf(value.values.map((one) => ofValue(one, slot)))
  }
}

/** All of these hold, so the one that says most will do. */
function best(covers: readonly (readonly Key[] | null)[], counts: KeyCounts): readonly Key[] | null {
  let found: readonly Key[] | null = null
  let least = Infinity
  for (const cover of covers) {
    if (cover === null) continue
    const likely = likelihood(cover, counts)
    if (likely < least) {
      least = likely
      found = cover
    }
  }
  return found
}

/** One of these holds, so all are needed. */
function allOf(covers: readonly (readonly Key[] | null)[]): readonly Key[] | null {
  const keys: Key[] = []
  for (const cover of covers) {
    if (cover === null) return null
    for (const key of cover) keys.push(key)
  }
  return keys
}

/** Roughly how many records have a part of so many characters. */
const PART_LIKELIHOOD = [1, 0.6, 0.5, 0.3, 0.15, 0.08, 0.04, 0.03]
const LEAST_LIKELIHOOD = 0.02

function likelihood(cover: readonly Key[], counts: KeyCounts): number {
  let sum = 0
  for (const key of cover) {
    if (key.kind === 'any') return 2
    if (key.kind === 'present') return 1
    const own =
      key.kind === 'exact' ? LEAST_LIKELIHOOD : (PART_LIKELIHOOD[key.text.length] ?? LEAST_LIKELIHOOD)
    sum += own + 0.0005 * (counts.get(keyName(key)) ?? 0)
  }
  return Math.min(0.95, sum)
}

/** Every key that a rule's selections could be found by, for counting. */
export function keysOf({ selections }: Detection, slots: FieldSlots): Key[] {
  const keys: Key[] = []
  const add = (selection: Selection): void => {
    if (selection.kind === 'every' || selection.kind === 'some') {
      for (const part of selection.parts) add(part)
      return
    }
    const slot = selection.kind === 'field' ? slots.slotOf(selection.field) : WHOLE
    for (const value of selection.values)
      if (value.kind === 'text') keys.push(...(ofValue(value, slot) ?? []))
  }
  for (const selection of selections.values()) add(selection)
  return keys
}

function referredTo(values: readonly Value[]): string[] {
  return values.flatMap((value) => (value.kind === 'field-reference' ? [value.field] : []))
}

/** The fields a rule names. */
export function slotsOf({ selections }: Detection, slots: FieldSlots): number[] {
  const found = new Set<number>()
  const add = (selection: Selection): void => {
    if (selection.kind === 'field') {
      found.add(slots.slotOf(selection.field))
      for (const field of referredTo(selection.values)) found.add(slots.slotOf(field))
    } else if (selection.kind !== 'keywords') for (const part of selection.parts) add(part)
  }
  for (const selection of selections.values()) add(selection)
  return [...found]
}
