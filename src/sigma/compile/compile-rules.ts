import type { LogSource } from '../../event/log-record.ts'
import type { RecordView, SigmaRule } from '../rule.ts'
import { fillPlaceholders, type Placeholders } from '../parse/placeholders.ts'
import { coverOf, keyName, keysOf, slotsOf } from './cover.ts'
import { FieldSlots } from './field-slots.ts'
import { FieldValues } from './field-values.ts'
import { appliesTo, logSourceName } from './log-source.ts'
import { type Indexed, RuleIndex } from './rule-index.ts'
import { ruleTest } from './rule-test.ts'
import { Refusal, type Test } from './value-test.ts'

export interface CompileOptions {
  /** What `%name%` stands for in values with `expand`; values may have wildcards. */
  readonly placeholders?: Placeholders
  /** A clock in ms, for the time rules take; without one no time is taken. */
  readonly clock?: () => number
}

export interface RefusedRule {
  readonly rule: SigmaRule
  readonly reason: string
}

export interface RuleStatistics {
  readonly rule: SigmaRule
  /** Records it was asked about; the index keeps it from all others. */
  readonly evaluated: number
  readonly matched: number
  /** Estimated from every 64th evaluation. */
  readonly ms: number
}

/** Rules ready to match. One is used by one reader at a time. */
export interface RuleSet {
  /** The rules that can be used, in the order given. */
  readonly rules: readonly SigmaRule[]
  readonly refused: readonly RefusedRule[]
  /**
   * The rules that hold for a record, in their order. Of several log sources a rule must ask for one.
   * Null: not known, so every rule is asked; those that only say what must not be, about records
   * that have one of the fields they name.
   */
  match(record: RecordView, logSource: LogSource | readonly LogSource[] | null): readonly SigmaRule[]
  statistics(): readonly RuleStatistics[]
}

/** Compiles rules. One that cannot be used is refused with its reason and keeps no other from its work. */
export function compileRules(rules: readonly SigmaRule[], options: CompileOptions = {}): RuleSet {
  const slots = new FieldSlots()
  const usable: { rule: SigmaRule; test: Test }[] = []
  const refused: RefusedRule[] = []
  for (const rule of rules) {
    try {
      const filled = fillPlaceholders(rule, options.placeholders ?? NO_PLACEHOLDERS)
      usable.push({ rule: filled, test: ruleTest(filled.detection, slots) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ rule, reason: error.message })
    }
  }
  return new CompiledRules(usable, refused, slots, options.clock ?? null)
}

const NO_PLACEHOLDERS: Placeholders = new Map()
const NO_MATCHES: readonly SigmaRule[] = []
/** Every so many evaluations one is timed. */
const SAMPLE = 64
/** Log sources are few; should they not be, their indexes are made anew. */
const MAX_INDEXES = 256

class CompiledRules implements RuleSet {
  readonly rules: readonly SigmaRule[]
  readonly refused: readonly RefusedRule[]
  readonly #tests: readonly Test[]
  readonly #indexed: readonly Indexed[]
  readonly #slots: FieldSlots
  readonly #values = new FieldValues()
  readonly #clock: (() => number) | null
  readonly #indexes = new Map<string, RuleIndex>()
  #lastSource: LogSource | readonly LogSource[] | null | undefined
  #lastIndex: RuleIndex | null = null

  readonly #asked: Int32Array
  #stamp = 0
  /** So many of the list, which is used again for every record. */
  readonly #candidates: number[] = []
  #candidateCount = 0
  readonly #evaluated: Float64Array
  readonly #matched: Float64Array
  readonly #ms: Float64Array
  #untilSample = SAMPLE

  constructor(
    usable: readonly { rule: SigmaRule; test: Test }[],
    refused: readonly RefusedRule[],
    slots: FieldSlots,
    clock: (() => number) | null,
  ) {
    this.rules = usable.map(({ rule }) => rule)
    this.refused = refused
    this.#tests = usable.map(({ test }) => test)
    const counts = new Map<string, number>()
    for (const { rule } of usable) {
      for (const key of keysOf(rule.detection, slots))
        counts.set(keyName(key), (counts.get(keyName(key)) ?? 0) + 1)
    }
    this.#indexed = usable.map(({ rule }, i) => ({
      rule: i,
      cover: coverOf(rule.detection, slots, counts),
      slots: slotsOf(rule.detection, slots),
    }))
    this.#slots = slots
    this.#clock = clock
    this.#asked = new Int32Array(usable.length)
    this.#evaluated = new Float64Array(usable.length)
    this.#matched = new Float64Array(usable.length)
    this.#ms = new Float64Array(usable.length)
  }

  match(record: RecordView, logSource: LogSource | readonly LogSource[] | null): readonly SigmaRule[] {
    const index = this.#indexFor(logSource)
    if (index.size === 0) return NO_MATCHES
    const values = this.#values
    values.begin(record, index.places)
    const candidates = this.#candidates
    this.#candidateCount = 0
    this.#stamp = (this.#stamp + 1) | 0
    index.candidates(values, this.#add)
    let matches: number[] | null = null
    for (let at = 0; at < this.#candidateCount; at++) {
      const rule = candidates[at] ?? 0
      if (this.#evaluate(rule, values)) (matches ??= []).push(rule)
    }
    if (matches === null) return NO_MATCHES
    if (matches.length > 1) matches.sort((a, b) => a - b)
    return matches.flatMap((rule) => this.rules[rule] ?? [])
  }

  readonly #add = (rules: readonly number[]): void => {
    for (const rule of rules) {
      if (this.#asked[rule] === this.#stamp) continue
      this.#asked[rule] = this.#stamp
      this.#candidates[this.#candidateCount++] = rule
    }
  }

  #evaluate(rule: number, values: FieldValues): boolean {
    const test = this.#tests[rule]
    if (test === undefined) return false
    this.#evaluated[rule] = (this.#evaluated[rule] ?? 0) + 1
    let holds: boolean
    if (this.#clock !== null && --this.#untilSample === 0) {
      this.#untilSample = SAMPLE
      const before = this.#clock()
      holds = test(values)
      this.#ms[rule] = (this.#ms[rule] ?? 0) + (this.#clock() - before) * SAMPLE
    } else holds = test(values)
    if (holds) this.#matched[rule] = (this.#matched[rule] ?? 0) + 1
    return holds
  }

  #indexFor(logSource: LogSource | readonly LogSource[] | null): RuleIndex {
    if (this.#lastIndex !== null && this.#lastSource === logSource) return this.#lastIndex
    const sources = logSource === null ? null : isList(logSource) ? logSource : [logSource]
    const name = sources === null ? '' : sources.map((one) => logSourceName(one)).join('\n')
    let index = this.#indexes.get(name)
    if (index === undefined) {
      if (this.#indexes.size >= MAX_INDEXES) this.#indexes.clear()
      const applying =
        sources === null
          ? this.#indexed
          : this.#indexed.filter(({ rule }) => {
              const asked = this.rules[rule]?.logSource ?? {}
              return sources.some((source) => appliesTo(asked, source))
            })
      index = new RuleIndex(applying, this.#slots, sources === null)
      this.#indexes.set(name, index)
    }
    this.#lastSource = logSource
    this.#lastIndex = index
    return index
  }

  statistics(): readonly RuleStatistics[] {
    return this.rules.map((rule, i) => ({
      rule,
      evaluated: this.#evaluated[i] ?? 0,
      matched: this.#matched[i] ?? 0,
      ms: this.#ms[i] ?? 0,
    }))
  }
}

function isList(source: LogSource | readonly LogSource[]): source is readonly LogSource[] {
  return Array.isArray(source)
}
