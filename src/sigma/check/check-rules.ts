import { FieldSlots } from '../compile/field-slots.ts'
import { selectionTest } from '../compile/rule-test.ts'
import { Refusal } from '../compile/value-test.ts'
import { applyFilters } from '../filter/apply-filters.ts'
import { Locator, type RawDocument } from '../parse/documents.ts'
import { type ParsedRules, parseRules } from '../parse/parse-rules.ts'
import { hasPlaceholder } from '../parse/text-pattern.ts'
import type { Condition, FieldTest, RuleProblem, Selection, SigmaRule } from '../rule.ts'
import { checkCorrelations } from './check-correlations.ts'
import { contradictions } from './contradiction.ts'
import { valueDoubts } from './value-doubt.ts'

export interface RuleFile {
  readonly file: string
  readonly text: string
}

export interface CheckOptions {
  /** Of a rule's fields, or of these, those that no record of its log source has, each with the one that was probably meant. */
  readonly unknownFields?: (rule: SigmaRule, fields?: readonly string[]) => readonly UnknownField[]
  /** Names of placeholders that have values. */
  readonly placeholders?: ReadonlySet<string>
}

export interface UnknownField {
  readonly field: string
  readonly meant: string | null
}

/** What was looked at, and what is wrong with it. */
export interface Checked {
  readonly rules: number
  readonly correlations: number
  readonly filters: number
  /** In the order of the files, and by line. */
  readonly problems: readonly RuleProblem[]
}

/**
 * What is wrong with rule files, each with its line: what keeps rules, correlations and filters from
 * loading (errors) and what cannot be meant (warnings). Correlations and filters may name rules of any of the files.
 */
export function checkRules(files: readonly RuleFile[], options: CheckOptions = {}): Checked {
  const problems: RuleProblem[] = []
  const firstOf = new Map<string, SigmaRule>()
  const all: SigmaRule[] = []
  const correlations: RawDocument[] = []
  const filters: RawDocument[] = []
  for (const { file, text } of files) {
    const parsed = parseRules(text, file)
    problems.push(...parsed.problems, ...ofRules(parsed, text, firstOf, options))
    all.push(...parsed.rules)
    correlations.push(...parsed.correlations)
    filters.push(...parsed.filters)
  }
  const texts = new Map(files.map(({ file, text }) => [file, text]))
  const textOf = (file: string): string | null => texts.get(file) ?? null
  problems.push(...applyFilters(all, filters, textOf).problems)
  problems.push(...checkCorrelations(correlations, all, textOf, options))
  const places = new Map(files.map(({ file }, at) => [file, at]))
  const placeOf = ({ file }: RuleProblem): number => places.get(file) ?? 0
  return {
    rules: all.length,
    correlations: correlations.length,
    filters: filters.length,
    problems: problems.toSorted((a, b) => placeOf(a) - placeOf(b) || a.line - b.line || a.column - b.column),
  }
}

/** Says what is wrong at one place of a rule. */
type Doubt = (message: string, severity?: RuleProblem['severity']) => void

function ofRules(
  { rules }: ParsedRules,
  text: string,
  firstOf: Map<string, SigmaRule>,
  options: CheckOptions,
): RuleProblem[] {
  const problems: RuleProblem[] = []
  const locator = new Locator(text)
  for (const rule of rules) {
    const { file, document } = rule.origin
    const at = (path: readonly (string | number)[], key: string | null, nth: number): Doubt => {
      return (message, severity = 'warning') => {
        const position = locator.positionOfKey(document, path, key, nth)
        problems.push({ file, ...position, severity, message })
      }
    }
    const first = rule.id === null ? undefined : firstOf.get(rule.id)
    if (first !== undefined)
      at(['id'], null, 0)(`the id is that of ${first.origin.file}:${first.origin.line} as well`)
    else if (rule.id !== null) firstOf.set(rule.id, rule)
    const used = namesIn(rule.detection.condition)
    for (const name of rule.detection.selections.keys()) {
      if (!used.has(name)) at(['detection', name], null, 0)(`the condition does not use ${name}`)
    }
    for (const message of conditionDoubts(rule.detection.condition))
      at(['detection', 'condition'], null, 0)(message)
    const unknown = options.unknownFields?.(rule) ?? []
    for (const [name, selection] of rule.detection.selections)
      checkSelection(name, selection, unknown, at, options)
  }
  return problems
}

type At = (path: readonly (string | number)[], key: string | null, nth: number) => Doubt

function checkSelection(
  name: string,
  selection: Selection,
  unknown: readonly UnknownField[],
  at: At,
  options: CheckOptions,
): void {
  const path = ['detection', name]
  const seen = new Map<string, number>()
  const visit = (one: Selection): void => {
    if (one.kind === 'every' || one.kind === 'some') {
      for (const part of one.parts) visit(part)
      if (one.kind === 'every') for (const message of contradictions(one.parts)) at(path, null, 0)(message)
      return
    }
    const key = one.kind === 'field' ? [one.field, ...one.modifiers].join('|') : null
    const nth = seen.get(key ?? '') ?? 0
    seen.set(key ?? '', nth + 1)
    const doubt = at(path, key, nth)
    checkTest(one, doubt, options)
    if (one.kind === 'field') checkField(one, unknown, doubt)
  }
  visit(selection)
}

function checkTest(test: Selection, doubt: Doubt, { placeholders }: CheckOptions): void {
  if (test.kind === 'every' || test.kind === 'some') return
  const open = test.values.flatMap((value) =>
    value.kind === 'text' && hasPlaceholder(value.pieces)
      ? value.pieces.flatMap((piece) =>
          typeof piece === 'object' && 'placeholder' in piece ? [piece.placeholder] : [],
        )
      : [],
  )
  const unfilled = open.filter((one) => placeholders?.has(one) !== true)
  if (unfilled.length > 0) {
    doubt(`needs a value for ${unfilled.map((one) => `%${one}%`).join(', ')} from a mapping`)
    return
  }
  if (open.length > 0) return
  try {
    selectionTest(test, new FieldSlots())
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    doubt(error.message, 'error')
  }
  for (const message of valueDoubts(test)) doubt(message)
}

function checkField({ field }: FieldTest, unknown: readonly UnknownField[], doubt: Doubt): void {
  const found = unknown.find((one) => one.field === field)
  if (found === undefined) return
  const hint = found.meant === null ? '' : ` (did you mean ${found.meant}?)`
  doubt(`records of this log source have no field ${field}${hint}`)
}

function namesIn(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (one: Condition): void => {
    if (one.kind === 'selection') names.add(one.name)
    else if (one.kind === 'of') for (const name of one.names) names.add(name)
    else if (one.kind === 'not') visit(one.part)
    else for (const part of one.parts) visit(part)
  }
  visit(condition)
  return names
}

/** `a and not a` in any bracket of the condition. */
function conditionDoubts(condition: Condition): string[] {
  const found: string[] = []
  const visit = (one: Condition): void => {
    if (one.kind === 'not') visit(one.part)
    if (one.kind !== 'and' && one.kind !== 'or') return
    const needed = one.parts.flatMap((part) => (part.kind === 'selection' ? [part.name] : []))
    const barred = new Set(one.parts.flatMap((part) => (part.kind === 'not' ? impliedBy(part.part) : [])))
    const both = needed.find((name) => barred.has(name))
    if (both !== undefined && one.kind === 'and')
      found.push(`the condition can never hold: ${both} and not ${both}`)
    for (const part of one.parts) visit(part)
  }
  visit(condition)
  for (const one of wholes(condition)) {
    if (one.atLeast !== 'all' && one.atLeast > one.names.length)
      found.push(`the condition can never hold: there are only ${one.names.length} of ${one.pattern}`)
  }
  return found
}

/** Selections whose holding makes a condition hold. */
function impliedBy(condition: Condition): readonly string[] {
  if (condition.kind === 'selection') return [condition.name]
  if (condition.kind === 'of' && condition.atLeast === 1) return condition.names
  return condition.kind === 'or' ? condition.parts.flatMap((part) => impliedBy(part)) : []
}

function wholes(condition: Condition): Extract<Condition, { kind: 'of' }>[] {
  if (condition.kind === 'of') return [condition]
  if (condition.kind === 'not') return wholes(condition.part)
  return condition.kind === 'selection' ? [] : condition.parts.flatMap((part) => wholes(part))
}
