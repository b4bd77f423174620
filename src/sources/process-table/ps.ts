import type { Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { cpuEvent } from '../measured/events.ts'
import type { Measurement } from '../measured/record.ts'
import { countBytes, counted, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { busiest, isPsHeader, type Process, readProcess } from './table.ts'

/** `ps aux` and its relatives with %CPU and a command: means over the life of each process. */
export async function* readPs(
  input: Input,
  report: InputReport,
  env: SourceEnv,
  machine: Identifier,
): AsyncIterable<readonly Measurement[]> {
  const time = input.modifiedAt
  if (time === null || time > env.now) {
    tellProblem(report, 'it does not say when it was taken, and neither does its file: not used')
    return
  }
  tellDecision(report, "its time: the file's date")
  let columns: readonly string[] = []
  const found: (Process & { line: number; offset: number; text: string })[] = []
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  for await (const { texts, offsets, firstLine } of splitLines(chunks, { maxLineBytes: 8192 })) {
    for (const [index, text] of texts.entries()) {
      if (text.trim() === '') continue
      if (isPsHeader(text)) {
        columns = text.trim().split(/\s+/u)
        continue
      }
      report.records++
      const process = readProcess(text, columns)
      if (process === null) report.bad++
      else if (process.percent > 0 && found.length < 100_000)
        found.push({ ...process, line: firstLine + index, offset: offsets[index] ?? 0, text })
      else report.unused++
    }
  }
  if (report.bad > 0) tellProblem(report, counted(report.bad, 'line is no process', 'lines are no processes'))
  const kept = new Set(busiest(found).map(({ pid }) => pid))
  yield found
    .filter(({ pid }) => kept.has(pid))
    .map(({ pid, user, percent, command, line, offset, text }) =>
      cpuEvent(
        {
          time,
          timeQuality: 'unknown',
          observer: machine,
          subjects: [machine],
          origin: { source: 'process-table', file: input.name, line, offset, raw: text },
        },
        'process',
        time,
        { pid, user, name: command.slice(0, 4096), busyCores: percent / 100, isLifetime: true },
      ),
    )
}
