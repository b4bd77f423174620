import type { Condition, Detection, FieldTest, KeywordTest, Selection, SigmaRule, Value } from '../../rule.ts'

/** A field or keywords against values: what transformations work on. */
export type DetectionItem = FieldTest | KeywordTest

/** What becomes of an item; null: it is dropped. */
export type ItemChange = (item: DetectionItem) => Selection | null

/** The rule with every item changed; null where nothing is left that could hold. The same rule where nothing changed. */
export function changeItems(rule: SigmaRule, change: ItemChange): SigmaRule | null {
  const selections = new Map<string, Selection>()
  let isChanged = false
  for (const [name, selection] of rule.detection.selections) {
    const changed = changeSelection(selection, change)
    isChanged ||= changed !== selection
    if (changed !== null) selections.set(name, changed)
  }
  if (!isChanged) return rule
  const condition = withoutMissing(rule.detection.condition, selections)
  return condition === null ? null : { ...rule, detection: { selections, condition } }
}

export function itemsOf({ selections }: Detection): DetectionItem[] {
  return [...selections.values()].flatMap((selection) => leavesOf(selection))
}

function leavesOf(selection: Selection): DetectionItem[] {
  if (selection.kind === 'field' || selection.kind === 'keywords') return [selection]
  return selection.parts.flatMap((part) => leavesOf(part))
}

function changeSelection(selection: Selection, change: ItemChange): Selection | null {
  if (selection.kind === 'field' || selection.kind === 'keywords') return change(selection)
  const parts = selection.parts.map((part) => changeSelection(part, change))
  if (parts.every((part, at) => part === selection.parts[at])) return selection
  const kept = parts.filter((part) => part !== null)
  return kept.length === 0 ? null : { ...selection, parts: kept }
}

/** What speaks of dropped selections alone is dropped with them. */
function withoutMissing(condition: Condition, selections: ReadonlyMap<string, Selection>): Condition | null {
  switch (condition.kind) {
    case 'selection':
      return selections.has(condition.name) ? condition : null
    case 'of': {
      const names = condition.names.filter((name) => selections.has(name))
      return names.length === 0 ? null : { ...condition, names }
    }
    case 'not': {
      const part = withoutMissing(condition.part, selections)
      return part === null ? null : { kind: 'not', part }
    }
    default: {
      const parts = condition.parts
        .map((part) => withoutMissing(part, selections))
        .filter((part) => part !== null)
      return parts.length === 0 ? null : { ...condition, parts }
    }
  }
}

/** A field under other names. With several, one of them must hold; where the item is negated, all. */
export function renameItem(
  item: DetectionItem,
  namesOf: (field: string) => readonly string[] | null,
): Selection {
  if (item.kind === 'keywords') return item
  const values = item.values.map((value) => renameReference(value, namesOf))
  const isSame = values.every((value, at) => value === item.values[at])
  const names = namesOf(item.field)
  const renamed = (field: string): FieldTest => ({ ...item, field, values: isSame ? item.values : values })
  if (names === null) return isSame ? item : renamed(item.field)
  const [only] = names
  if (names.length === 1 && only !== undefined) return renamed(only)
  return { kind: item.isNegated ? 'every' : 'some', parts: names.map((name) => renamed(name)) }
}

function renameReference(value: Value, namesOf: (field: string) => readonly string[] | null): Value {
  if (value.kind !== 'field-reference') return value
  const names = namesOf(value.field)
  if (names === null) return value
  const values = names.map((field) => ({ ...value, field }))
  const [only] = values
  return values.length === 1 && only !== undefined ? only : { kind: 'one-of', values }
}

/** Values changed one by one; null keeps one as it is, several stand for any of them. */
export function changeValues(
  item: DetectionItem,
  change: (value: Value) => Value | readonly Value[] | null,
): DetectionItem {
  let isChanged = false
  const values = item.values.flatMap((value): readonly Value[] => {
    const changed = change(value)
    if (changed === null) return [value]
    isChanged = true
    if ('kind' in changed) return [changed]
    const [only] = changed
    // With `all` each value as written must be met, by one of those it became.
    if (item.link === 'some' || changed.length === 1) return changed
    return only === undefined ? [] : [{ kind: 'one-of', values: changed }]
  })
  return isChanged ? { ...item, values } : item
}
