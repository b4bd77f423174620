import { DavylampError, EXIT_FOUND } from '../errors.ts'
import { type Explanation, explainRule } from '../sigma/explain/explain-rule.ts'
import { fieldsOf } from '../sigma/mappings/unknown-fields.ts'
import { readRecord, recordsIn } from '../sigma/record/read-record.ts'
import type { RecordView, SigmaRule } from '../sigma/rule.ts'
import { maskDeep } from '../text/secrets.ts'
import { visible, visibleDeep } from '../text/visible.ts'
import { displayWidth, wrap } from '../text/width.ts'
import type { Composition } from './composition.ts'
import { jsonDocuments } from './sigma-events.ts'
import { loadRules } from './sigma-rules.ts'

export interface SigmaExplainOptions {
  readonly event: string
  readonly mapping?: readonly string[]
  readonly raw?: boolean
  readonly showSecrets?: boolean
  readonly format: 'terminal' | 'json'
}

/** `davylamp sigma explain RULE EVENT`: for each rule in the file, which part holds and which does not. */
export async function sigmaExplain(
  rulePath: string,
  eventPath: string,
  options: SigmaExplainOptions,
  composition: Composition,
): Promise<void> {
  const { rules } = loadRules([rulePath], options.mapping ?? [], options.raw === true).rules
  const record = await eventAt(eventPath, options.event, composition)
  const views = options.raw === true ? [record] : readRecord(record).map(({ view }) => view)
  const told = rules.map((rule) => ({
    rule: rule.id ?? rule.name ?? rule.title,
    title: rule.title,
    explanation: bestOf(rule, views),
  }))
  if (told.some(({ explanation }) => explanation.holds)) process.exitCode = EXIT_FOUND
  const shown = visibleDeep(options.showSecrets === true ? told : maskDeep(told))
  if (options.format === 'json') {
    const results = shown.map(({ rule, title, explanation }) => ({
      rule,
      title,
      matches: explanation.holds,
      explanation,
    }))
    process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
    return
  }
  const lines = shown.flatMap(({ title, explanation }) => [
    ...hanging('', `${explanation.holds ? 'matches' : 'does not match'}: ${title}`),
    ...treeLines(explanation, 1),
  ])
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Of the things a record is to rules the one that the rule holds for, else the one with most of its fields. */
function bestOf(rule: SigmaRule, views: readonly RecordView[]): Explanation {
  const fields = fieldsOf(rule)
  const known = views.toSorted((a, b) => count(b, fields) - count(a, fields))
  const all = known.map((view) => explainRule(rule, view))
  return all.find(({ holds }) => holds) ?? all[0] ?? explainRule(rule, {})
}

function count(view: RecordView, fields: readonly string[]): number {
  return fields.filter((field) => field in view).length
}

async function eventAt(path: string, position: string, composition: Composition): Promise<RecordView> {
  const wanted = Number(position)
  if (!Number.isInteger(wanted) || wanted < 0)
    throw new DavylampError('usage', `--event ${position}: must be a whole number, counted from 0`)
  let count = 0
  const opened = await composition.openInputs([path], false)
  try {
    for (const input of opened.inputs) {
      const problem = (text: string): void => {
        process.stderr.write(`davylamp: ${visible(`${input.name}: ${text}`)}\n`)
      }
      for await (const documents of jsonDocuments(input, problem)) {
        for (const record of documents.flatMap((document) => recordsIn(document))) {
          if (count++ === wanted) return record
        }
      }
    }
    const [skipped] = opened.skipped
    throw new DavylampError(
      'nothing-to-read',
      count === 0
        ? `cannot read ${path}: ${skipped?.reason ?? 'no event in it'}`
        : `${path} has only ${count} events`,
    )
  } finally {
    opened.close()
  }
}

const MIN_ROOM = 20

/** Lines as wide as the terminal (any width where there is none), the later ones further in. */
function hanging(indent: string, text: string): string[] {
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY
  const room = Math.max(MIN_ROOM, columns - indent.length - 2)
  if (displayWidth(text) <= room + 2) return [indent + text]
  return wrap(text, room).map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`)
}

/** Values of a test that does not hold are all shown; of one that holds, those that do. */
function treeLines({ part, holds, seen, parts }: Explanation, depth: number): string[] {
  const mark = holds ? '+' : '-'
  const found =
    seen === null
      ? ''
      : seen.length === 0
        ? '   (not there)'
        : `   is ${seen.map((one) => `'${one}'`).join(', ')}`
  const isTest = seen !== null || parts.every((one) => one.parts.length === 0 && one.seen === null)
  const inner = isTest && holds && parts.some((one) => one.holds) ? parts.filter((one) => one.holds) : parts
  return [
    ...hanging('  '.repeat(depth), `${mark} ${part}${found}`),
    ...inner.flatMap((one) => treeLines(one, depth + 1)),
  ]
}
