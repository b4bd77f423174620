import type { Input } from '../../inputs/input.ts'
import { jsonStream, recogniseRecords } from '../json/define-json-source.ts'
import { type EventRecord, mergeEvents } from '../json/merge-events.ts'
import type { RecordStream } from '../record-merge.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { FLOW_JSON } from './json-form.ts'
import { HeldFiles, isParquet } from '../parquet/bytes.ts'
import { readText } from './read-text.ts'
import { SOURCE_ID } from './record.ts'
import { formOf } from './text-form.ts'

/** Records sum up a minute or ten and are delivered some minutes later, interface by interface. */
const DISORDER_MS = 1_800_000

const TITLE = 'AWS VPC flow logs (text, Parquet, CSV, CloudWatch Logs exports; versions 2 to 8)'
const HINT =
  'aws ec2 create-flow-logs --traffic-type ALL --max-aggregation-interval 60 … with instance-id, tcp-flags, pkt-srcaddr, pkt-dstaddr and flow-direction in its format; then aws s3 sync s3://BUCKET/AWSLogs/ACCOUNT/vpcflowlogs/ flows/.'
const KINDS = ['flow'] as const
const DEFINITION = { ...FLOW_JSON, title: TITLE, kinds: KINDS, hint: HINT, disorderMs: DISORDER_MS }

/**
 * Connections of a VPC's network interfaces. A custom format is read by its header line; without one only
 * the default format is known.
 */
export const vpcFlow: Source = {
  id: SOURCE_ID,
  title: TITLE,
  kinds: [...KINDS, 'rule-match'],
  hint: HINT,
  recognise: recogniseFlows,
  firstTime: (head) => formOf(head)?.firstTime ?? null,
  read: readFlows,
}

/** Of Parquet only the end of the file tells what its columns are: there is no other source of it. */
function recogniseFlows(head: Uint8Array): number {
  if (isParquet(head)) return PARQUET_SCORE
  return formOf(head)?.share ?? recogniseRecords(head, DEFINITION)
}

const PARQUET_SCORE = 0.5

async function* readFlows(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const held = new HeldFiles()
  // The decoder is loaded where it is needed.
  const parquet = inputs.some((input) => isParquet(input.head)) ? await import('./parquet.ts') : null
  const streams = inputs.map((input) => {
    if (parquet === null || !isParquet(input.head)) return streamOf(input, env)
    const report = env.reportOf(input)
    report.format = SOURCE_ID
    const records = (): AsyncIterable<readonly EventRecord[]> => parquet.readParquet(input, report, env, held)
    return { input, report, firstTime: parquet.firstParquetTime(input), records }
  })
  yield* mergeEvents(streams, DISORDER_MS)
}

function streamOf(input: Input, env: SourceEnv): RecordStream<EventRecord> {
  const found = formOf(input.head)
  if (found === null) return jsonStream(input, env, DEFINITION)
  const report = env.reportOf(input)
  report.format = SOURCE_ID
  return {
    input,
    report,
    firstTime: found.firstTime,
    records: () => readText(input, report, env, found.form),
  }
}
