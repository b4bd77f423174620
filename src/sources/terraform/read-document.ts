import type { ResourceEvent } from '../../event/resource.ts'
import type { Input } from '../../inputs/input.ts'
import { type Fields, parseFields } from '../json/fields.ts'
import { type JsonPath, JsonTree, type TreeReader, walkJson } from '../json/json-tree.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { isRemoved, opening, type Overview, OverviewReader, toldBy } from './document.ts'
import { SOURCE } from './id.ts'
import { resourceEvent, type Standing } from './resource-event.ts'

/** A configuration is one piece; a resource with all its instances another. */
const MAX_PIECE_BYTES = 1 << 26
const BATCH_EVENTS = 256

/** The time of a document's resources: its own, else its file's. Epoch ms. */
export function timeOf({ time }: Overview, input: Input, now: number): number {
  return Math.min(time ?? input.modifiedAt ?? now, now)
}

/** First look. Damage is told by the second. */
export async function overviewOf(input: Input): Promise<Overview> {
  const reader = new OverviewReader()
  const tree = new JsonTree(reader, MAX_PIECE_BYTES)
  const walk = walkJson(
    input.chunks(() => undefined),
    tree,
    () => false,
    () => undefined,
  )
  for await (const _ of walk) {
    // Nothing is handed on.
  }
  return reader.overview
}

/** The resources of one plan or state. */
export async function* readDocument(
  input: Input,
  report: InputReport,
  overview: Overview,
  now: number,
): AsyncGenerator<readonly ResourceEvent[], void, undefined> {
  const time = timeOf(overview, input, now)
  report.format = SOURCE
  noteTime(report, time)
  if (overview.time === null)
    tellDecision(report, input.modifiedAt === null ? 'time: when it was read' : "time: the file's date")
  const reader = new ResourceReader(report, overview, {
    file: input.name,
    time,
    isTimeExact: overview.time !== null && overview.time <= now,
  })
  const tree = new JsonTree(reader, MAX_PIECE_BYTES)
  const chunks = countBytes(
    input.chunks((text) => tellProblem(report, text)),
    report,
  )
  let isWhole = true
  const walk = walkJson(
    chunks,
    tree,
    () => reader.events.length >= BATCH_EVENTS,
    (whole) => {
      isWhole = whole
    },
  )
  for await (const _ of walk) yield reader.give()
  yield reader.give()
  reader.finish(tree, isWhole)
}

class ResourceReader implements TreeReader {
  events: ResourceEvent[] = []
  readonly #report: InputReport
  readonly #overview: Overview
  readonly #standing: Omit<Standing, 'line' | 'offset'>
  #malformed = 0
  #removed = 0
  #unknown = 0

  constructor(report: InputReport, overview: Overview, standing: Omit<Standing, 'line' | 'offset'>) {
    this.#report = report
    this.#overview = overview
    this.#standing = standing
  }

  open(path: JsonPath, isArray: boolean): ReturnType<typeof opening> {
    return opening(path, isArray)
  }

  scalar(): void {
    // Values beside the resources were read at the first look.
  }

  take(path: JsonPath, text: string, line: number, offset: number): void {
    const fields = parseFields(text)
    if (fields === null) {
      this.#report.records++
      this.#report.bad++
      this.#malformed++
    } else this.#resource(path, fields, line, offset)
  }

  #resource(path: JsonPath, fields: Fields, line: number, offset: number): void {
    if (isRemoved(path, fields)) {
      this.#report.records++
      this.#report.unused++
      this.#removed++
      return
    }
    for (const told of toldBy(path, fields, this.#overview)) {
      this.#report.records++
      if (told.unknownAttributes.length > 0) this.#unknown++
      this.events.push(resourceEvent(told, { ...this.#standing, line, offset }))
    }
  }

  end(): void {
    // Told by whether the walk was whole.
  }

  give(): readonly ResourceEvent[] {
    const events = this.events
    this.events = []
    return events
  }

  finish({ flaws }: JsonTree, isWhole: boolean): void {
    const report = this.#report
    const left = flaws.cut + flaws.long + flaws.deep + flaws.text
    report.records += left
    report.bad += left
    const told: [number, string, string][] = [
      [flaws.cut, 'resource is cut off', 'resources are cut off'],
      [flaws.long, 'part is longer than 64 MiB', 'parts are longer than 64 MiB'],
      [flaws.deep, 'resource is nested too deeply', 'resources are nested too deeply'],
      [flaws.text, 'piece is no JSON', 'pieces are no JSON'],
      [this.#malformed, 'resource is not valid JSON', 'resources are not valid JSON'],
    ]
    for (const [count, single, several] of told)
      if (count > 0) tellProblem(report, counted(count, single, several))
    if (!isWhole) tellProblem(report, 'its end is missing: what came before it was read')
    if (this.#removed > 0)
      tellDecision(
        report,
        `${counted(this.#removed, 'resource is', 'resources are')} removed by this plan: left out`,
      )
    if (this.#unknown > 0)
      tellDecision(
        report,
        `${counted(this.#unknown, 'resource has', 'resources have')} values that nobody knows until the plan is applied`,
      )
  }
}
