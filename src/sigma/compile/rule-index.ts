import { type Key, WHOLE } from './cover.ts'
import type { FieldPlaces, FieldSlots } from './field-slots.ts'
import type { FieldValues } from './field-values.ts'
import { PartTable } from './part-table.ts'
import { SeenTexts } from './seen-texts.ts'

/** A rule's place in the rule set, and the keys it is found by (null: it only says what must not be). */
export interface Indexed {
  readonly rule: number
  readonly cover: readonly Key[] | null
  /** Fields it names. */
  readonly slots: readonly number[]
}

interface SlotIndex {
  exact: Map<string, number[]> | null
  /** Of the texts in `exact`: longer ones need not be looked up. */
  longest: number
  parts: PartTable | null
  present: number[] | null
  /** What was found by texts that come again and again. */
  readonly seen: SeenTexts
}

/** Which of the rules for one log source can match a record at all. */
export class RuleIndex {
  readonly #slots: SlotIndex[] = []
  readonly #whole: PartTable | null
  readonly #always: number[] = []
  readonly size: number
  /** Where the fields are that these rules name. */
  readonly places: FieldPlaces

  /** `isGated`: rules that only say what must not be are asked about records that have one of their fields. */
  constructor(rules: readonly Indexed[], slots: FieldSlots, isGated: boolean) {
    this.size = rules.length
    this.places = slots.placesOf(new Set(rules.flatMap((one) => one.slots)))
    const parts = new Map<number, Map<string, number[]>>()
    for (const { rule, cover, slots: named } of rules) {
      for (const key of cover ?? gate(named, isGated)) this.#insert(key, rule, parts)
    }
    this.#whole = tableOf(parts.get(WHOLE))
    for (const [slot, literals] of parts) if (slot !== WHOLE) this.#at(slot).parts = tableOf(literals)
  }

  #insert(key: Key, rule: number, parts: Map<number, Map<string, number[]>>): void {
    if (key.kind === 'any') addOnce(this.#always, rule)
    else if (key.kind === 'present') addOnce((this.#at(key.slot).present ??= []), rule)
    else if (key.kind === 'exact') {
      const index = this.#at(key.slot)
      index.longest = Math.max(index.longest, key.text.length)
      addTo((index.exact ??= new Map()), key.text, rule)
    } else {
      const literals = parts.get(key.slot) ?? new Map<string, number[]>()
      parts.set(key.slot, literals)
      addTo(literals, key.text, rule)
    }
  }

  #at(slot: number): SlotIndex {
    return (this.#slots[slot] ??= {
      exact: null,
      longest: 0,
      parts: null,
      present: null,
      seen: new SeenTexts(),
    })
  }

  /** Hands over every rule that can match, some of them more than once. */
  candidates(values: FieldValues, found: (rules: readonly number[]) => void): void {
    if (this.#always.length > 0) found(this.#always)
    for (let at = 0; at < values.presentCount; at++) {
      const slot = values.present[at] ?? 0
      const index = this.#slots[slot]
      if (index === undefined) continue
      if (index.present !== null) found(index.present)
      if (index.exact === null && index.parts === null) continue
      const only = index.seen.isWorthwhile ? values.onlyText(slot) : null
      if (only === null) for (const text of values.folded(slot)) lookUp(index, text, found)
      else recall(index, { values, slot, only }, found)
    }
    this.#whole?.scan(values.wholeFolded(), found)
  }
}

type Found = (rules: readonly number[]) => void

function lookUp({ exact, longest, parts }: SlotIndex, text: string, found: Found): void {
  if (exact !== null && text.length <= longest) {
    const rules = exact.get(text)
    if (rules !== undefined) found(rules)
  }
  parts?.scan(text, found)
}

/** As `lookUp`, for a field that holds one text: what the same text of an earlier record led to is not looked for again. */
function recall(
  index: SlotIndex,
  { values, slot, only }: { readonly values: FieldValues; readonly slot: number; readonly only: string },
  found: Found,
): void {
  const known = index.seen.get(only)
  if (known !== undefined) {
    values.setFolded(slot, known.folded)
    if (known.rules.length > 0) found(known.rules)
    return
  }
  const folded = values.folded(slot)
  const rules = new Set<number>()
  for (const text of folded)
    lookUp(index, text, (some) => {
      for (const rule of some) rules.add(rule)
    })
  const seen = { folded, rules: [...rules] }
  index.seen.set(only, seen)
  if (seen.rules.length > 0) found(seen.rules)
}

function gate(slots: readonly number[], isGated: boolean): readonly Key[] {
  return isGated && slots.length > 0 ? slots.map((slot) => ({ kind: 'present', slot })) : [{ kind: 'any' }]
}

function tableOf(literals: ReadonlyMap<string, readonly number[]> | undefined): PartTable | null {
  return literals === undefined || literals.size === 0 ? null : new PartTable(literals)
}

function addTo(map: Map<string, number[]>, text: string, rule: number): void {
  const known = map.get(text)
  if (known === undefined) map.set(text, [rule])
  else addOnce(known, rule)
}

/** Rules come in their order, so a rule that is there is the last. */
function addOnce(rules: number[], rule: number): void {
  if (rules.at(-1) !== rule) rules.push(rule)
}
