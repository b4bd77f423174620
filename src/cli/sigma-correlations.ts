import type { RuleMatchEvent } from '../event/rule-match.ts'
import { ruleKey } from '../sigma/correlation/correlation.ts'
import { Correlator } from '../sigma/correlation/correlator.ts'
import type { Firing } from '../sigma/correlation/firing.ts'
import { recordTime } from '../sigma/record/record-time.ts'
import type { RecordView, SigmaRule } from '../sigma/rule.ts'
import type { RuleBook } from '../sigma/rule-book.ts'

/** A match that a correlation has still to see; the record itself is gone by then. */
interface Kept {
  readonly rule: string
  readonly time: number
  readonly event: number
  readonly fields: RuleMatchEvent['fields']
}

/** A correlation that held, and the record that made it hold. */
export interface Fired {
  readonly firing: Firing
  readonly event: number
}

/**
 * The correlations of one file of events. Records may stand in any order in it, and correlations are about
 * time: what they need of matches is kept and goes through them in order of time when all has been read.
 */
export class FileCorrelations {
  readonly #book: RuleBook
  readonly #kept: Kept[] = []
  /** Records that a correlation asks for and that say no time. */
  timeless = 0
  #lastTimeless = -1

  constructor(book: RuleBook) {
    this.#book = book
  }

  get isNeeded(): boolean {
    return this.#book.correlations.correlations.length > 0
  }

  /** Whether a rule is reported on its own. */
  isHeard(rule: SigmaRule): boolean {
    return !this.#book.correlations.silent.has(ruleKey(rule))
  }

  /** `record` is the document as it was read, `view` as rules see it. */
  add(rule: SigmaRule, event: number, record: RecordView, view: RecordView): void {
    const key = ruleKey(rule)
    if (!this.#book.correlations.neededFields.has(key)) return
    const time = recordTime(record) ?? recordTime(view)
    if (time !== null)
      this.#kept.push({ rule: key, time, event, fields: this.#book.matchFields.of(key, view) })
    else if (event !== this.#lastTimeless) {
      this.#lastTimeless = event
      this.timeless++
    }
  }

  /** Each episode of each correlation once, where it began. */
  run(): Fired[] {
    const fired = new Map<string, Fired>()
    let event = 0
    const correlator = new Correlator(this.#book.correlations, (firing) => {
      if (!fired.has(firing.id)) fired.set(firing.id, { firing, event })
    })
    for (const one of this.#kept.toSorted((a, b) => a.time - b.time || a.event - b.event)) {
      event = one.event
      correlator.accept(matchEvent(one))
      correlator.advance(one.time)
    }
    return [...fired.values()].toSorted((a, b) => a.event - b.event)
  }
}

const NOBODY = 'host:events'

/** What correlations look at is the rule, the time and the fields; a test has no machines and shows no proofs. */
function matchEvent({ rule, time, event, fields }: Kept): RuleMatchEvent {
  return {
    kind: 'rule-match',
    rule,
    title: rule,
    level: 'medium',
    attack: [],
    fields,
    time,
    timeQuality: 'exact',
    observer: NOBODY,
    subjects: [NOBODY],
    origin: { source: 'events', file: '', recordId: String(event), offset: event, raw: '' },
  }
}
