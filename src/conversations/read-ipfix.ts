import type { Input } from '../inputs/input.ts'
import { splitLines } from '../inputs/lines.ts'
import { counted, countBytes, tellProblem } from '../sources/reading.ts'
import type { InputReport } from '../sources/source.ts'
import { judgeFlow, suspicionOf } from '../wire/behaviour/judge.ts'
import type { FlowModel } from '../wire/behaviour/model.ts'
import type { IpfixFlow } from '../wire/ipfix/flow-reader.ts'
import { type IpfixReport, type IpfixRow, readIpfixFlows } from '../wire/ipfix/read-flows.ts'
import type { Conversation } from './conversation.ts'
import { poolOf, type PoolTables } from './suspicion.ts'

export interface IpfixOptions {
  readonly model: FlowModel
  readonly intel: PoolTables
  /** Flows with nothing to them are told as well. */
  readonly tellsAll: boolean
  told(conversation: Conversation): void
}

/** A pool's address in a list: it raises attention, as the flow alone does. */
const LISTED = 0.3
const TCP = 6
const UDP = 17

/** Flows that ipfixprobe exported, one file after the other, in the order of their lines. Calls `pause` now and then. */
export async function readIpfix(
  input: Input,
  report: InputReport,
  options: IpfixOptions,
  pause: () => Promise<void> | void,
): Promise<number> {
  report.format = 'ipfixprobe'
  const seen: IpfixReport = { rows: 0, bad: 0, problems: [] }
  const chunks = input.chunks((text) => tellProblem(report, text))
  let count = 0
  for await (const row of readIpfixFlows(splitLines(countBytes(chunks, report)), seen)) {
    const conversation = conversationOf(input.name, row, options)
    if (options.tellsAll || conversation.verdict !== 'none') options.told(conversation)
    if (++count % ROWS_AT_ONCE === 0) {
      report.records = seen.rows
      await pause()
    }
  }
  report.records = seen.rows
  report.bad = seen.bad
  for (const problem of seen.problems) tellProblem(report, problem)
  if (seen.bad > 0) tellProblem(report, `${counted(seen.bad, 'row', 'rows')} left out: they make no sense`)
  return count
}

const ROWS_AT_ONCE = 512

function conversationOf(file: string, { flow, line, offset }: IpfixRow, options: IpfixOptions): Conversation {
  const judgement = judgeFlow(options.model, flow.packets)
  const byFlow = suspicionOf(judgement)
  const listed = listedPool(flow, options.intel)
  const confidence = Math.max(byFlow ?? 0, listed === null ? 0 : LISTED)
  const reasons = [
    ...(listed === null ? [] : [`a list of ${listed.date} names its address as a mining pool's`]),
    ...(byFlow === null ? [] : judgement.why),
  ]
  const [start, last] = [flow.start ?? Number.NaN, flow.last ?? flow.start ?? Number.NaN]
  return {
    communityId: null,
    file,
    client: { ip: flow.srcIp, port: flow.srcPort ?? 0 },
    server: { ip: flow.dstIp, port: flow.dstPort ?? 0, name: null },
    transport: transportOf(flow.protocol),
    dialogue: null,
    poolCoin: listed?.coin ?? null,
    firstSeen: start,
    lastSeen: last,
    isTimed: !Number.isNaN(start),
    packets: (flow.packetsOut ?? 0) + (flow.packetsIn ?? 0),
    bytesOut: flow.bytesOut ?? 0,
    bytesIn: flow.bytesIn ?? 0,
    confidence,
    verdict: confidence > 0 ? 'suspect' : 'none',
    reasons,
    origin: { source: 'ipfixprobe', file, line, offset, raw: '' },
    miningProbability: judgement.miningProbability,
  }
}

function listedPool({ dstIp, dstPort }: IpfixFlow, intel: PoolTables) {
  if (dstIp === null || dstPort === null) return null
  return poolOf({ ip: dstIp, port: dstPort }, null, null, intel)?.pool ?? null
}

function transportOf(protocol: number | null): string {
  if (protocol === null || protocol === TCP) return 'tcp'
  return protocol === UDP ? 'udp' : `ip-${protocol}`
}
