import type { Input } from '../../inputs/input.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { isCostExplorer, readCostExplorer } from './cost-explorer.ts'
import { NO_BILL } from './columns.ts'
import { type BillFile, costEvent, SOURCE_ID } from './events.ts'
import { isParquet } from '../parquet/bytes.ts'
import { isBillParquet } from './parquet-tail.ts'
import { csvForm, readCsv } from './read-csv.ts'
import { SeenRows } from './seen-rows.ts'
import { Tally } from './tally.ts'

/** Events handed on at once. */
const BATCH_EVENTS = 2048
const DAY_MS = 86_400_000
const SURE = 0.95

/**
 * What a cloud charges. Bills have up to tens of millions of rows and nobody asks for one of them: they are added up
 * while they are read, per resource, day, category, service, region and meter, and each sum is one event.
 */
export const bill: Source = {
  id: SOURCE_ID,
  title: 'cloud bills: FOCUS 1.0–1.3 and AWS CUR (2.0, legacy) as CSV or Parquet, AWS Cost Explorer JSON',
  kinds: ['cost'],
  hint: 'AWS: a data export "FOCUS 1.2 with AWS columns" or "CUR 2.0" with resource ids, then aws s3 sync s3://BUCKET/PREFIX/ bills/; or aws ce get-cost-and-usage --granularity DAILY --metrics UnblendedCost --group-by Type=DIMENSION,Key=SERVICE Type=DIMENSION,Key=RECORD_TYPE …. Azure and Google: a FOCUS export.',

  recognise(head, tail) {
    if (isParquet(head)) return isBillParquet(tail?.() ?? null) ? SURE : 0
    if (isCostExplorer(head)) return SURE
    return csvForm(head) === null ? 0 : SURE
  },

  firstTime: () => null,

  read: readBills,
}

async function* readBills(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const ordered = inputs.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const tally = new Tally()
  const seen = ordered.length > 1 ? new SeenRows() : null
  const files: BillFile[] = []
  for (const [number, input] of ordered.entries()) {
    seen?.turn()
    files.push(await readBill(input, env, tally, seen, number))
  }
  if (seen !== null && seen.unremembered > 0) {
    const last = ordered.at(-1)
    if (last !== undefined)
      tellDecision(
        env.reportOf(last),
        `${seen.unremembered.toLocaleString('en-US')} rows were not compared with those of other files: too many`,
      )
  }
  yield* eventsOf(tally, files, ordered, env)
}

async function readBill(
  input: Input,
  env: SourceEnv,
  tally: Tally,
  seen: SeenRows | null,
  number: number,
): Promise<BillFile> {
  const report = env.reportOf(input)
  report.format = SOURCE_ID
  if (isCostExplorer(input.head)) return readCostExplorer(input, report, tally, seen, number)
  if (isParquet(input.head)) {
    // The decoder is loaded where it is needed.
    const { readParquet } = await import('./read-parquet.ts')
    return readParquet(input, report, tally, seen, number)
  }
  const form = csvForm(input.head)
  if (form === null) {
    tellProblem(report, 'no bill: not read')
    return { name: input.name, columns: NO_BILL }
  }
  const { columns } = form
  report.format = columns.format
  for (const decision of columns.decisions) tellDecision(report, decision)
  if (columns.obstacle === null) await readCsv(input, report, form, tally, seen, number)
  else tellProblem(report, columns.obstacle)
  return { name: input.name, columns }
}

function* eventsOf(
  tally: Tally,
  files: readonly BillFile[],
  inputs: readonly Input[],
  env: SourceEnv,
): Iterable<Batch> {
  const order = tally.inOrder()
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let events: Batch['events'][number][] = []
  for (const number of order) {
    let isForeign = false
    const group = tally.group(number, (bytes) => {
      try {
        return utf8.decode(bytes)
      } catch {
        isForeign = true
        return bytes.toString('latin1')
      }
    })
    const file = files[group.file]
    const input = inputs[group.file]
    if (file === undefined || input === undefined) continue
    if (isForeign) tellDecision(env.reportOf(input), 'its text is no UTF-8: read as Latin-1')
    events.push(costEvent(group, file))
    if (events.length < BATCH_EVENTS) continue
    yield { events, watermark: group.day * DAY_MS }
    events = []
  }
  yield { events, watermark: Infinity }
}
