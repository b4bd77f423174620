import { firingFinding } from '../detectors/rule-match/firing.ts'
import type { Event } from '../event/event.ts'
import type { Finding } from '../event/finding.ts'
import type { LogRecord, LogSource } from '../event/log-record.ts'
import type { RuleMatchEvent } from '../event/rule-match.ts'
import type { Intel } from '../intel/intel.ts'
import { RecentMap } from '../recent-map.ts'
import { appliesTo } from '../sigma/compile/log-source.ts'
import { ruleKey } from '../sigma/correlation/correlation.ts'
import { type CorrelationLoad, Correlator } from '../sigma/correlation/correlator.ts'
import { Ancestry } from '../sigma/mappings/ancestry.ts'
import { mappingsOf } from '../sigma/mappings/event-views.ts'
import type { RecordView, SigmaRule } from '../sigma/rule.ts'
import type { RuleBook } from '../sigma/rule-book.ts'

type Witness = Event | LogRecord

const NONE: readonly RuleMatchEvent[] = []
/** Matches on records whose events may still come. */
const MAX_TOLD = 20_000

/**
 * The rules of one reading. Records are matched where they are read, in their producer's fields; events
 * in order of time, as their mappings show them to rules. What held goes on to the detector that folds
 * repeats and to the correlations.
 */
export class RuleRun {
  readonly #book: RuleBook
  readonly #ancestry = new Ancestry()
  readonly #correlator: Correlator
  /** What held on a record: the event that is made of it is no second time. */
  readonly #told = new RecentMap<true>(MAX_TOLD)
  /** Kinds of events that a rule looks at. */
  readonly #isAsked = new Map<string, boolean>()

  constructor(book: RuleBook, intel: Intel, report: (finding: Finding) => void) {
    this.#book = book
    this.#correlator = new Correlator(book.correlations, (firing) => report(firingFinding(firing, intel)))
  }

  /** What held on a record as its producer wrote it. */
  matchesOf(record: LogRecord): readonly RuleMatchEvent[] {
    const matches = this.#match(record.fields, record.logSource, record)
    for (const match of matches) this.#told.set(placeOf(match), true)
    return matches
  }

  /** Whether a rule looks at records of this log source. */
  isAsked(logSource: LogSource): boolean {
    return this.#book.rules.rules.some((rule) => appliesTo(rule.logSource, logSource))
  }

  /** What held on an event. Events are given in order of time. */
  matchesOn(event: Event): readonly RuleMatchEvent[] {
    let found = NONE
    if (this.#isLookedAt(event.kind)) {
      for (const mapping of mappingsOf(event.kind)) {
        const view = mapping.viewOf(event, this.#ancestry)
        if (view === null) continue
        const matches = this.#match(view, mapping.logSources, event)
        const fresh = matches.filter((match) => !this.#told.has(placeOf(match)))
        if (fresh.length > 0) found = withoutRepeats([...found, ...fresh])
      }
    }
    if (event.kind === 'process') this.#ancestry.note(event)
    return found
  }

  /** Matches, of records and of events alike, in order of time. Those that speak only through a correlation are not for anybody else. */
  correlate(match: RuleMatchEvent): { readonly isSilent: boolean } {
    this.#correlator.accept(match)
    return { isSilent: this.#book.correlations.silent.has(match.rule) }
  }

  advance(watermark: number): void {
    this.#correlator.advance(watermark)
  }

  settle(): void {
    this.#correlator.settle()
  }

  load(): CorrelationLoad[] {
    return this.#correlator.load()
  }

  #isLookedAt(kind: Event['kind']): boolean {
    const known = this.#isAsked.get(kind)
    if (known !== undefined) return known
    const sources = mappingsOf(kind).flatMap(({ logSources }) => logSources)
    const isAsked = sources.some((source) => this.isAsked(source))
    this.#isAsked.set(kind, isAsked)
    return isAsked
  }

  #match(
    view: RecordView,
    logSource: LogSource | readonly LogSource[],
    witness: Witness,
  ): readonly RuleMatchEvent[] {
    const rules = this.#book.rules.match(view, logSource)
    return rules.length === 0 ? NONE : rules.map((rule) => this.#event(rule, view, witness))
  }

  #event(rule: SigmaRule, view: RecordView, witness: Witness): RuleMatchEvent {
    const { time, timeQuality, observer, subjects, origin } = witness
    const deed = 'kind' in witness ? deedOf(witness) : null
    const key = ruleKey(rule)
    return {
      kind: 'rule-match',
      time,
      timeQuality,
      observer,
      subjects: [...subjects],
      origin,
      rule: key,
      title: rule.title,
      level: rule.level,
      attack: [...rule.attack],
      fields: this.#book.matchFields.of(key, view),
      ...(deed === null ? {} : { deed }),
    }
  }
}

/** One event may be several things to rules, and a rule holds for it once. */
function withoutRepeats(matches: readonly RuleMatchEvent[]): readonly RuleMatchEvent[] {
  const seen = new Set<string>()
  return matches.filter(({ rule }) => !seen.has(rule) && seen.add(rule))
}

/** Who did what on the machine. */
function deedOf(event: Event): NonNullable<RuleMatchEvent['deed']> | null {
  if (event.kind === 'process') {
    const { actor, commandLine, paths } = event
    return { actor, commandLine, path: paths[0] ?? null }
  }
  return event.kind === 'file' ? { actor: event.actor, commandLine: null, path: event.path } : null
}

function placeOf({ rule, origin }: RuleMatchEvent): string {
  return `${rule}|${origin.file}|${origin.offset}`
}
