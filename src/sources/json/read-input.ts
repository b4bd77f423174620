import { hash } from 'node:crypto'
import type { Event } from '../../event/event.ts'
import type { Input } from '../../inputs/input.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { type JsonMeaning, type JsonSourceDefinition, prepared } from './definition.ts'
import { type Fields, parseFields } from './fields.ts'
import { splitJson } from './json-records.ts'
import { type JsonPiece, JsonSplitter } from './json-splitter.ts'
import type { EventRecord } from './merge-events.ts'
import { oldestFirst, sortedIfShort } from './input-order.ts'
import { rowOf, splitTable, type Table } from './table.ts'

/** Of a record's text no more is kept: many are held at once. */
const MAX_KEPT_CHARS = 8192

/** Handed on at once: the merge goes over what it holds with every batch. */
const BATCH_RECORDS = 256

export interface InputReading {
  readonly input: Input
  readonly report: InputReport
  readonly env: SourceEnv
  readonly definition: JsonSourceDefinition
  /** The input has its newest record first. */
  readonly isTurned: boolean
  /** The input is a table: how its rows are read. Absent = JSON. */
  readonly table?: Table | null
}

/** The records of one input, each already read into events. */
export function readInput(reading: InputReading): AsyncIterable<readonly EventRecord[]> {
  const records = readRecords(reading)
  return reading.isTurned ? oldestFirst(records, reading.report) : sortedIfShort(records)
}

async function* readRecords({
  input,
  report,
  env,
  definition,
  table = null,
}: InputReading): AsyncGenerator<readonly EventRecord[]> {
  const parse =
    table === null ? parseFields : (text: string): Fields => rowOf(text, table.columns, table.separator)
  const reader = new RecordReader(input.name, report, env, definition, parse)
  const chunks = countBytes(
    input.chunks((text) => tellProblem(report, text)),
    report,
  )
  const splitter = new JsonSplitter()
  const split = table === null ? splitJson(chunks, splitter) : splitTable(chunks, splitter.flaws)
  let batch: EventRecord[] = []
  for await (const pieces of split) {
    reader.read(pieces, batch)
    if (batch.length < BATCH_RECORDS) continue
    yield batch
    batch = []
  }
  yield batch
  reader.end(splitter)
}

class RecordReader {
  readonly #file: string
  readonly #report: InputReport
  readonly #env: SourceEnv
  readonly #definition: JsonSourceDefinition
  readonly #decide: (why: string) => void
  readonly #parse: (text: string) => Fields | null
  #malformed = 0
  #timeless = 0

  constructor(
    file: string,
    report: InputReport,
    env: SourceEnv,
    definition: JsonSourceDefinition,
    parse: (text: string) => Fields | null,
  ) {
    this.#file = file
    this.#parse = parse
    this.#report = report
    this.#env = env
    this.#definition = definition
    this.#decide = (why) => tellDecision(report, why)
  }

  read(pieces: readonly JsonPiece[], records: EventRecord[]): void {
    for (const piece of pieces) {
      const record = this.#recordOf(piece)
      if (record !== null) records.push(record)
    }
  }

  end({ flaws, isIncomplete }: JsonSplitter): void {
    const report = this.#report
    const left = flaws.cut + flaws.long + flaws.deep + flaws.text
    report.records += left
    report.bad += left
    const { one, many } = this.#definition.words
    const told: [number, string, string][] = [
      [flaws.cut, 'record is cut off', 'records are cut off'],
      [flaws.long, 'record is longer than 1 MiB', 'records are longer than 1 MiB'],
      [flaws.deep, 'record is nested too deeply', 'records are nested too deeply'],
      [flaws.text, 'piece is no JSON object', 'pieces are no JSON objects'],
      [this.#malformed, 'record is not valid JSON', 'records are not valid JSON'],
      [this.#timeless, `record is no ${one} with a time`, `records are no ${many} with a time`],
    ]
    for (const [count, single, several] of told)
      if (count > 0) tellProblem(report, counted(count, single, several))
    if (isIncomplete) tellProblem(report, 'its end is missing')
  }

  #recordOf({ text, line, offset }: JsonPiece): EventRecord | null {
    const report = this.#report
    const definition = this.#definition
    report.records++
    const outer = this.#parse(text)
    if (outer === null) {
      this.#malformed++
      report.bad++
      return null
    }
    const fields = prepared(outer, definition)
    const time = definition.timeOf(fields)
    if (time === null || !Number.isFinite(time)) {
      this.#timeless++
      report.bad++
      return null
    }
    noteTime(report, time)
    const raw = kept(onOneLine(text))
    const id = definition.identityOf?.(fields) ?? null
    const place = { source: definition.id, file: this.#file, line, offset }
    const origin = id === null ? { ...place, raw } : { ...place, recordId: id, raw }
    const timeQuality = definition.timeQualityOf?.(fields) ?? 'exact'
    const record = { fields, time, timeQuality, origin }
    const meaning = definition.normalise(record, this.#decide)
    if (meaning === null) {
      report.unused++
      return null
    }
    return {
      time,
      identity: id ?? identityOf(text, raw),
      raw,
      hasOwnId: id !== null,
      events: this.#eventsOf(fields, record, meaning),
      report,
    }
  }

  #eventsOf(
    fields: Fields,
    { time, timeQuality, origin }: Pick<EventRecord['events'][number], 'time' | 'timeQuality' | 'origin'>,
    { logSource, observer, subjects, events }: JsonMeaning,
  ): readonly Event[] {
    const matches = this.#env.matchesOf({ logSource, fields, time, timeQuality, observer, subjects, origin })
    return matches.length === 0 ? events : [...events, ...matches]
  }
}

/** The whole text, or what stands for it where it is long. */
function identityOf(text: string, raw: string): string {
  return text.length === raw.length ? raw : hash('sha256', text)
}

/** A record may stand on many lines; as proof it is read on one. */
function onOneLine(text: string): string {
  if (!text.includes('\n')) return text
  return text
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
}

/** A string of its own: a slice would keep the whole in memory. */
function kept(text: string): string {
  return text.length <= MAX_KEPT_CHARS ? text : Buffer.from(text.slice(0, MAX_KEPT_CHARS)).toString('utf8')
}
