import type { LineBatch } from '../../inputs/lines.ts'
import { type IpfixFlow, IpfixReader, isIpfixHeader } from './flow-reader.ts'

export interface IpfixRow {
  readonly flow: IpfixFlow
  /** One-based, with the header. */
  readonly line: number
  /** Bytes into the decompressed input. */
  readonly offset: number
}

/** What one file turned out to be, filled in while it is read. */
export interface IpfixReport {
  rows: number
  /** Rows that made no sense. */
  bad: number
  /** In words for the user, each once. */
  readonly problems: string[]
}

/**
 * The flows of ipfixprobe's CSV, in the order of the file, as they come. Holds one batch of lines and nothing
 * else; a bad row is counted and left out, a file without the columns needed gives nothing and says so.
 */
export async function* readIpfixFlows(
  lines: AsyncIterable<LineBatch> | Iterable<LineBatch>,
  report: IpfixReport,
): AsyncGenerator<IpfixRow, void, undefined> {
  let reader: IpfixReader | null = null
  for await (const batch of lines) {
    const cut = new Set(batch.cut)
    for (const [at, text] of batch.texts.entries()) {
      if (text.trim() === '') continue
      if (reader === null || isIpfixHeader(text)) {
        reader = new IpfixReader(text)
        note(report, reader.problem)
        if (!reader.isUsable) return
        continue
      }
      report.rows++
      const flow = cut.has(at) ? null : reader.row(text)
      if (flow === null) report.bad++
      else yield { flow, line: batch.firstLine + at, offset: batch.offsets[at] ?? 0 }
    }
  }
}

function note(report: IpfixReport, problem: string | null): void {
  if (problem !== null && !report.problems.includes(problem)) report.problems.push(problem)
}
