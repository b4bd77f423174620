import type { ResourceEvent } from '../../event/resource.ts'
import type { Input } from '../../inputs/input.ts'
import { JsonTree, walkJson } from '../json/json-tree.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { AnswerReader, type AnswerSink, type Rest, type Standing } from './answer.ts'
import { CREDENTIAL_REPORT_HEAD, credentialRows } from './credential-report.ts'
import { SOURCE } from './id.ts'
import type { Found } from './lists.ts'
import { placeInName } from './place.ts'
import { resourceEvent, type Telling } from './resource-event.ts'

/** A reservation may hold hundreds of instances. */
const MAX_ELEMENT_BYTES = 1 << 26
const MAX_REPORT_BYTES = 1 << 26
const BATCH_EVENTS = 512
const MAX_NAMED_LISTS = 20

/** The resources of one input. Damage is told in its report. */
export async function* readAnswers(
  input: Input,
  report: InputReport,
  now: number,
): AsyncGenerator<readonly ResourceEvent[], void, undefined> {
  const telling: Telling = {
    file: input.name,
    time: Math.min(input.modifiedAt ?? now, now),
    place: placeInName(input.name),
  }
  report.format = SOURCE
  noteTime(report, telling.time)
  tellDecision(report, input.modifiedAt === null ? 'time: when it was read' : "time: the file's date")
  const sink = new Gathering(report, telling)
  const chunks = countBytes(
    input.chunks((text) => tellProblem(report, text)),
    report,
  )
  if (isCredentialReport(input.head)) {
    for (const found of credentialRows(await textOf(chunks, report)))
      sink.resource(found, { line: 1, offset: 0, raw: '' })
    yield sink.give()
    return
  }
  const tree = new JsonTree(new AnswerReader(sink, stemOf(input.name)), MAX_ELEMENT_BYTES)
  let isWhole = true
  const walk = walkJson(
    chunks,
    tree,
    () => sink.size >= BATCH_EVENTS,
    (whole) => {
      isWhole = whole
    },
  )
  for await (const _ of walk) yield sink.give()
  yield sink.give()
  sink.finish(tree, isWhole)
}

export function isCredentialReport(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, CREDENTIAL_REPORT_HEAD.length)).toString('latin1')
  return start === CREDENTIAL_REPORT_HEAD
}

class Gathering implements AnswerSink {
  readonly #report: InputReport
  readonly #telling: Telling
  readonly #unused = new Map<string, number>()
  #events: ResourceEvent[] = []
  #bad = 0

  constructor(report: InputReport, telling: Telling) {
    this.#report = report
    this.#telling = telling
  }

  get size(): number {
    return this.#events.length
  }

  give(): readonly ResourceEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  resource(found: Found, standing: Standing): void {
    this.#report.records++
    this.#events.push(resourceEvent(found, standing, this.#telling))
  }

  bad(): void {
    this.#report.records++
    this.#report.bad++
    this.#bad++
  }

  unused(list: string, count: number): void {
    this.#report.records += count
    this.#report.unused += count
    this.#unused.set(list, (this.#unused.get(list) ?? 0) + count)
  }

  leftOut(list: string, count: number, gap: string | null): void {
    if (count > 0) this.unused(list, count)
    if (count === 0 || gap === null) return
    const found = { type: 'listing', id: list, attributes: { List: list, Entries: count, NotUsed: gap } }
    this.#events.push(resourceEvent(found, { line: 1, offset: 0, raw: '' }, this.#telling))
  }

  /** That somebody asked and there is nothing, or not everything, is told as a resource of its own. */
  listed(list: string, entries: number, rest: Rest): void {
    const isComplete = rest === 'none'
    if (rest === 'pages') tellProblem(this.#report, `${list}: more pages follow that are not here`)
    if (entries > 0 && isComplete) return
    const found = {
      type: 'listing',
      id: list,
      attributes: { List: list, Entries: entries, IsComplete: isComplete },
    }
    this.#events.push(resourceEvent(found, { line: 1, offset: 0, raw: '' }, this.#telling))
  }

  finish({ flaws }: JsonTree, isWhole: boolean): void {
    const report = this.#report
    report.records += flaws.cut + flaws.long + flaws.deep + flaws.text
    report.bad += flaws.cut + flaws.long + flaws.deep + flaws.text
    const told: [number, string, string][] = [
      [flaws.cut, 'entry is cut off', 'entries are cut off'],
      [flaws.long, 'entry is longer than 64 MiB', 'entries are longer than 64 MiB'],
      [flaws.deep, 'entry is nested too deeply', 'entries are nested too deeply'],
      [flaws.text, 'piece is no JSON', 'pieces are no JSON'],
      [this.#bad, 'entry has no id or is not valid JSON', 'entries have no id or are not valid JSON'],
    ]
    for (const [count, single, several] of told)
      if (count > 0) tellProblem(report, counted(count, single, several))
    if (!isWhole) tellProblem(report, 'its end is missing: what came before it was read')
    const lists = [...this.#unused].slice(0, MAX_NAMED_LISTS)
    if (lists.length > 0) {
      const names = lists.map(([list, count]) => `${list} (${count.toLocaleString('en-US')})`)
      const more = this.#unused.size > lists.length ? ` and ${this.#unused.size - lists.length} more` : ''
      tellDecision(report, `lists that say nothing here, left out: ${names.join(', ')}${more}`)
    }
  }
}

function stemOf(name: string): string {
  const last = name.split(/[/\\!]/u).at(-1) ?? ''
  return last.replace(/\.(?:json|txt|csv|out|gz|zst)$/u, '')
}

async function textOf(chunks: AsyncIterable<Uint8Array>, report: InputReport): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > MAX_REPORT_BYTES) {
      tellProblem(report, 'longer than 64 MiB: the rest was not read')
      break
    }
    parts.push(Buffer.from(chunk))
  }
  return Buffer.concat(parts).toString('utf8')
}
