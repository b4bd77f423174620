import { openAsBlob } from 'node:fs'
import { splitLines } from '../../src/inputs/lines.ts'
import { isOut, lengthOf } from '../../src/wire/behaviour/first-packets.ts'
import { type IpfixReport, readIpfixFlows } from '../../src/wire/ipfix/read-flows.ts'
import { Groups } from './groups.ts'

/** A flow of the design set. Ports keep training and test apart and serve for nothing else. */
export interface DesignFlow {
  readonly packets: Int32Array
  readonly isMiner: boolean
  /** Port of the pool; of other flows the one that more flows have. */
  readonly port: number
  /** Flows of one connection or service, as far as the set tells, have the same number: they are never on both sides. */
  readonly group: number
}

type Row = Omit<DesignFlow, 'port' | 'group'> & { readonly ports: readonly [src: number, dst: number] }

/** Ports behind which many services are: there the beginning of the flow stands for the service. */
const SHARED_PORTS: ReadonlySet<number> = new Set([80, 443])
const BEGINNING_PACKETS = 4

export async function readDesign(path: string): Promise<DesignFlow[]> {
  const report: IpfixReport = { rows: 0, bad: 0, problems: [] }
  const rows: Row[] = []
  const file = await openAsBlob(path)
  for await (const { flow } of readIpfixFlows(splitLines(file.stream()), report)) {
    if (flow.packets.length === 0 || flow.label === null) continue
    const isMiner = flow.label.toLowerCase() === 'miner'
    rows.push({ packets: flow.packets, isMiner, ports: [flow.srcPort ?? 0, flow.dstPort ?? 0] })
  }
  if (rows.length === 0) throw new Error(`no labelled flow in ${path}: ${report.problems.join('; ')}`)
  return grouped(rows)
}

function grouped(rows: readonly Row[]): DesignFlow[] {
  const uses = new Map<number, number>()
  for (const { ports, isMiner } of rows) {
    if (isMiner) continue
    for (const port of ports) uses.set(port, (uses.get(port) ?? 0) + 1)
  }
  const groups = new Groups()
  const flows = rows.map(({ packets, isMiner, ports }) => {
    const [src, dst] = ports
    const port = isMiner || (uses.get(dst) ?? 0) >= (uses.get(src) ?? 0) ? dst : src
    const connection = `${isMiner} ${Math.min(src, dst)} ${Math.max(src, dst)}`
    const service = isMiner ? connection : serviceOf(port, packets)
    groups.join(connection, service)
    return { packets, isMiner, port, connection }
  })
  return flows.map(({ packets, isMiner, port, connection }) => ({
    packets,
    isMiner,
    port,
    group: groups.numberOf(connection),
  }))
}

function serviceOf(port: number, packets: Int32Array): string {
  if (!SHARED_PORTS.has(port)) return `port ${port}`
  const beginning = [...packets.subarray(0, BEGINNING_PACKETS)]
  return `port ${port} ${beginning.map((packet) => `${isOut(packet)}${lengthOf(packet)}`).join(' ')}`
}
