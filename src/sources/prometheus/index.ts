import type { Input } from '../../inputs/input.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { mergeEvents } from '../json/merge-events.ts'
import { readMeasured } from '../measured/read-measured.ts'
import { measuredRecord } from '../measured/record.ts'
import { headText } from '../measured/whole-text.ts'
import { namelessMachines } from '../nameless.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { isExposition } from './exposition.ts'
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
  if (others.length === 0) {
    yield* readMeasured(queries, env, SOURCE_ID, (input, report) => readQuery(input, report, nameOf(input)))
    return
  }
  // Rates lie between scrapes, which may stand in a file each: all are read before the first is told.
  const scrapes: Scrape[] = []
  for (const input of others) {
    const report = env.reportOf(input)
    report.format = SOURCE_ID
    scrapes.push(...(await readScrapes(input, report, nameOf(input))))
  }
  const first = others[0]
  if (first === undefined) return
  const told = ratesOf(scrapes).toSorted((a, b) => a.time - b.time)
  const report = env.reportOf(first)
  const streams = queries.map((input) => {
    const own = env.reportOf(input)
    own.format = SOURCE_ID
    return {
      input,
      report: own,
      firstTime: null,
      async *records() {
        for await (const events of readQuery(input, own, nameOf(input)))
          yield events.toSorted((a, b) => a.time - b.time).map((event) => measuredRecord(event, own))
      },
    }
  })
  const scraped = {
    input: first,
    report,
    firstTime: null,
    async *records() {
      yield told.map((event) => measuredRecord(event, report))
    },
  }
  yield* mergeEvents([scraped, ...streams], 60_000)
}
