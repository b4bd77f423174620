import { once } from 'node:events'
import { DavylampError, EXIT_FOUND } from '../errors.ts'
import type { LogSource } from '../event/log-record.ts'
import { compileRules, type RuleSet } from '../sigma/compile/compile-rules.ts'
import { ANYTHING } from '../sigma/compile/log-source.ts'
import { readRecord, recordsIn } from '../sigma/record/read-record.ts'
import type { RecordView, SigmaRule } from '../sigma/rule.ts'
import { plural } from '../text/plural.ts'
import { visible } from '../text/visible.ts'
import type { Composition } from './composition.ts'
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

/** `davylamp sigma test`: one line per rule that holds for an event. `event` counts from zero over the whole file. */
export async function sigmaTest(options: SigmaTestOptions, composition: Composition): Promise<void> {
  const rules = compileLoaded(options)
  const given = givenLogSource(options)
  const opened = await composition.openInputs([options.events], false)
  let event = -1
  let matches = 0
  try {
    for (const { file, reason } of opened.skipped)
      process.stderr.write(`davylamp: ${visible(file)}: skipped: ${visible(reason)}\n`)
    if (opened.inputs.length === 0)
      throw new DavylampError(
        'nothing-to-read',
        `cannot read ${options.events}: ${opened.skipped[0]?.reason ?? 'nothing there'}`,
      )
    for (const input of opened.inputs) {
      const problems = new FirstFew(input.name)
      for await (const documents of jsonDocuments(input, (text) => problems.add(text))) {
        const lines: string[] = []
        for (const record of documents.flatMap((document) => recordsIn(document))) {
          event++
          for (const rule of matching(rules, record, given, options.raw === true))
            lines.push(lineOf(rule, event, options.format))
        }
        matches += lines.length
        if (lines.length > 0 && !process.stdout.write(`${lines.join('\n')}\n`))
          await once(process.stdout, 'drain')
      }
      problems.tellRest()
    }
  } finally {
    opened.close()
  }
  if (matches > 0) process.exitCode = EXIT_FOUND
  if (options.format === 'terminal')
    process.stderr.write(
      `${plural(matches, 'match', 'matches')} of ${plural(rules.rules.length, 'rule')} in ${plural(event + 1, 'event')}\n`,
    )
}

function compileLoaded({ rules: paths, mapping, raw }: SigmaTestOptions): RuleSet {
  const set = compileRules(loadRules(paths, mapping ?? [], raw === true))
  for (const { rule, reason } of set.refused)
    process.stderr.write(
      `davylamp: ${visible(`${rule.origin.file}:${rule.origin.line}: left out: ${reason}`)}\n`,
    )
  if (set.rules.length === 0)
    throw new DavylampError('config-invalid', `no rule in ${paths.join(', ')} can be used`)
  return set
}

/** A record may be several things to rules; each rule counts once. */
function matching(
  rules: RuleSet,
  record: RecordView,
  given: LogSource | null,
  isRaw: boolean,
): Iterable<SigmaRule> {
  if (isRaw) return rules.match(record, given)
  const [first, ...more] = readRecord(record)
  if (first === undefined) return []
  const found = rules.match(first.view, given ?? first.logSources)
  if (more.length === 0) return found
  return new Set([
    ...found,
    ...more.flatMap(({ view, logSources }) => rules.match(view, given ?? logSources)),
  ])
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

function lineOf(
  { id, name, title, level }: SigmaRule,
  event: number,
  format: SigmaTestOptions['format'],
): string {
  if (format === 'jsonl') return JSON.stringify({ rule: id ?? name ?? title, title, level, event })
  return visible(`event ${event}  ${level.padEnd(13)} ${title}`)
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
