import { once } from 'node:events'
import { DavylampError, EXIT_FOUND } from '../errors.ts'
import type { LogSource } from '../event/log-record.ts'
import type { RuleSet } from '../sigma/compile/compile-rules.ts'
import { ANYTHING } from '../sigma/compile/log-source.ts'
import { readRecord, recordsIn } from '../sigma/record/read-record.ts'
import type { RecordView, SigmaRule } from '../sigma/rule.ts'
import type { RuleBook } from '../sigma/rule-book.ts'
import { plural } from '../text/plural.ts'
import { visible } from '../text/visible.ts'
import type { Composition } from './composition.ts'
import { FileCorrelations } from './sigma-correlations.ts'
import { jsonDocuments } from './sigma-events.ts'
import { loadRules } from './sigma-rules.ts'

export interface SigmaTestOptions {
  readonly rules: readonly string[]
  readonly events: string
  readonly category?: string
  readonly product?: string
  readonly service?: string
  /** Mapping files (pySigma's processing pipelines). */
  readonly mapping?: readonly string[]
  readonly raw?: boolean
  readonly format: 'terminal' | 'jsonl'
}

/** A line of the answer: a rule that held for an event, or a correlation that held from that event on. */
interface Found {
  readonly rule: Pick<SigmaRule, 'id' | 'name' | 'title' | 'level'>
  readonly event: number
}

/**
 * `davylamp sigma test`: one line per rule that holds for an event, and per correlation at the event that
 * made it hold. `event` counts from zero over the whole file. Without correlations lines come as events are read.
 */
export async function sigmaTest(options: SigmaTestOptions, composition: Composition): Promise<void> {
  const book = loadRules(options.rules, options.mapping ?? [], options.raw === true)
  const given = givenLogSource(options)
  const correlations = new FileCorrelations(book)
  const waiting: Found[] = []
  const told = new Lines(options.format)
  let event = -1
  for await (const records of recordsOf(options.events, composition)) {
    const found: Found[] = []
    for (const record of records) {
      event++
      for (const { rule, view } of matching(book.rules, record, given, options.raw === true)) {
        if (correlations.isHeard(rule)) found.push({ rule, event })
        correlations.add(rule, event, record, view)
      }
    }
    if (correlations.isNeeded) for (const one of found) waiting.push(one)
    else await told.write(found)
  }
  for (const { firing, event: at } of correlations.run())
    waiting.push({
      rule: { id: firing.rule, name: null, title: firing.title, level: firing.level },
      event: at,
    })
  await told.write(waiting.toSorted((a, b) => a.event - b.event))
  if (told.count > 0) process.exitCode = EXIT_FOUND
  if (correlations.timeless > 0)
    process.stderr.write(
      `davylamp: ${plural(correlations.timeless, 'event')} without a time that can be read: no correlation counts them\n`,
    )
  if (options.format === 'terminal') tellTotals(told.count, book, event + 1)
}

/** The records of a file, or of standard input, some at a time. */
async function* recordsOf(path: string, composition: Composition): AsyncGenerator<RecordView[]> {
  const opened = await composition.openInputs([path], false)
  try {
    for (const { file, reason } of opened.skipped)
      process.stderr.write(`davylamp: ${visible(file)}: skipped: ${visible(reason)}\n`)
    if (opened.inputs.length === 0)
      throw new DavylampError(
        'nothing-to-read',
        `cannot read ${path}: ${opened.skipped[0]?.reason ?? 'nothing there'}`,
      )
    for (const input of opened.inputs) {
      const problems = new FirstFew(input.name)
      for await (const documents of jsonDocuments(input, (text) => problems.add(text)))
        yield documents.flatMap((document) => recordsIn(document))
      problems.tellRest()
    }
  } finally {
    opened.close()
  }
}

interface Match {
  readonly rule: SigmaRule
  readonly view: RecordView
}

/** A record may be several things to rules; each rule counts once. */
function matching(
  rules: RuleSet,
  record: RecordView,
  given: LogSource | null,
  isRaw: boolean,
): readonly Match[] {
  if (isRaw) return rules.match(record, given).map((rule) => ({ rule, view: record }))
  const seen = new Set<SigmaRule>()
  return readRecord(record).flatMap(({ view, logSources }) =>
    rules
      .match(view, given ?? logSources)
      .filter((rule) => !seen.has(rule) && seen.add(rule))
      .map((rule) => ({ rule, view })),
  )
}

/** What the user says the log is; parts not said could be anything. Null when nothing is said. */
function givenLogSource({ category, product, service }: SigmaTestOptions): LogSource | null {
  if (category === undefined && product === undefined && service === undefined) return null
  return {
    category: category?.toLowerCase() ?? ANYTHING,
    product: product?.toLowerCase() ?? ANYTHING,
    service: service?.toLowerCase() ?? ANYTHING,
  }
}

/** Writes lines, and waits where nobody takes them. */
class Lines {
  readonly #format: SigmaTestOptions['format']
  count = 0

  constructor(format: SigmaTestOptions['format']) {
    this.#format = format
  }

  async write(found: readonly Found[]): Promise<void> {
    for (let at = 0; at < found.length; at += LINES_AT_ONCE) {
      const lines = found.slice(at, at + LINES_AT_ONCE).map((one) => this.#lineOf(one))
      this.count += lines.length
      if (!process.stdout.write(`${lines.join('\n')}\n`)) await once(process.stdout, 'drain')
    }
  }

  #lineOf({ rule: { id, name, title, level }, event }: Found): string {
    if (this.#format === 'jsonl') return JSON.stringify({ rule: id ?? name ?? title, title, level, event })
    return visible(`event ${event}  ${level.padEnd(13)} ${title}`)
  }
}

const LINES_AT_ONCE = 1000

function tellTotals(matches: number, { rules, correlations }: RuleBook, events: number): void {
  const asked = [
    plural(rules.rules.length, 'rule'),
    ...(correlations.correlations.length === 0
      ? []
      : [plural(correlations.correlations.length, 'correlation')]),
  ].join(' and ')
  process.stderr.write(`${plural(matches, 'match', 'matches')} of ${asked} in ${plural(events, 'event')}\n`)
}

const MAX_TOLD = 5

/** Tells the first problems of a file one by one, and counts the rest. */
class FirstFew {
  readonly #file: string
  #count = 0

  constructor(file: string) {
    this.#file = file
  }

  add(text: string): void {
    if (++this.#count <= MAX_TOLD) process.stderr.write(`davylamp: ${visible(`${this.#file}: ${text}`)}\n`)
  }

  tellRest(): void {
    if (this.#count > MAX_TOLD)
      process.stderr.write(`davylamp: ${visible(this.#file)}: and ${this.#count - MAX_TOLD} more problems\n`)
  }
}
