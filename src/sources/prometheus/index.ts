import type { Input } from '../../inputs/input.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { type EventRecord, mergeEvents } from '../json/merge-events.ts'
import { MEASURED_DISORDER_MS, measuredStreams } from '../measured/read-measured.ts'
import { measuredRecord } from '../measured/record.ts'
import { headText } from '../measured/whole-text.ts'
import { namelessMachines } from '../nameless.ts'
import type { RecordStream } from '../record-merge.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { isExposition } from './exposition.ts'
import { firstPointTime } from './first-point.ts'
import { readQuery } from './query.ts'
import { ratesOf, readScrapes, type Scrape } from './scrapes.ts'

const SOURCE_ID = 'prometheus'

/** What node_exporter counts, as it says it itself or as Prometheus has kept it. https://prometheus.io/docs/prometheus/latest/querying/api/ */
export const prometheus: Source = {
  id: SOURCE_ID,
  title: 'node_exporter text (two scrapes or more) and Prometheus query JSON (CPU, load, pressure)',
  kinds: ['cpu', 'metric'],
  hint: "curl 'http://prometheus:9090/api/v1/query_range?query=node_cpu_seconds_total&start=…&end=…&step=300' (also node_load1, node_pressure_cpu_waiting_seconds_total); or curl http://web-1:9100/metrics, twice, some minutes apart.",
  recognise(head) {
    if (isQuery(head)) return 0.95
    return isExposition(headText(head)) ? 0.9 : 0
  },
  firstTime: () => null,
  read: readAll,
}

function isQuery(head: Uint8Array): boolean {
  const text = headText(head).slice(0, 4096)
  return /^\s*\{\s*"status"\s*:/u.test(text) && text.includes('"resultType"')
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const queries = inputs.filter((input) => isQuery(input.head))
  const others = inputs.filter((input) => !isQuery(input.head))
  const unnamed = namelessMachines(
    SOURCE_ID,
    inputs.map((input) => ({
      input,
      firstTime: input.modifiedAt,
      firstRecord: headText(input.head).slice(0, 2000),
    })),
  )
  const nameOf = (input: Input): Identifier => unnamed.get(input) ?? identifier('trail', SOURCE_ID)
  const streams = await measuredStreams(queries, env, SOURCE_ID, {
    firstTimeOf: firstPointTime,
    read: (input, report) => readQuery(input, report, nameOf(input)),
  })
  const scraped = await scrapedStream(others, env, nameOf)
  yield* mergeEvents(scraped === null ? streams : [scraped, ...streams], MEASURED_DISORDER_MS)
}

/** Rates lie between scrapes, which may stand in a file each: all are read before the first is told. */
async function scrapedStream(
  inputs: readonly Input[],
  env: SourceEnv,
  nameOf: (input: Input) => Identifier,
): Promise<RecordStream<EventRecord> | null> {
  const [first] = inputs
  if (first === undefined) return null
  const scrapes: Scrape[] = []
  for (const input of inputs) {
    const report = env.reportOf(input)
    report.format = SOURCE_ID
    for (const scrape of await readScrapes(input, report, nameOf(input))) scrapes.push(scrape)
  }
  const told = ratesOf(scrapes).toSorted((a, b) => a.time - b.time)
  const report = env.reportOf(first)
  return {
    input: first,
    report,
    firstTime: null,
    async *records() {
      yield told.map((event) => measuredRecord(event, report))
    },
  }
}
