import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import type { EventRecord } from '../json/merge-events.ts'
import { countBytes, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { FlowReader, SOURCE_ID } from './record.ts'
import { formOfHeader, rowOfLine, type TextForm, withoutExportTime } from './text-form.ts'

/** A record of every field there is takes no kilobyte. */
const MAX_LINE_BYTES = 4096

/** Records as lines of text. A header may come again where files were joined. */
export async function* readText(
  input: Input,
  report: InputReport,
  env: SourceEnv,
  begin: TextForm,
): AsyncIterable<readonly EventRecord[]> {
  const reader = new FlowReader(report, env)
  const chunks = countBytes(
    input.chunks((text) => tellProblem(report, text)),
    report,
  )
  let form = begin
  for await (const { texts, offsets, firstLine } of splitLines(chunks, { maxLineBytes: MAX_LINE_BYTES })) {
    const records: EventRecord[] = []
    for (let index = 0; index < texts.length; index++) {
      const raw = texts[index] ?? ''
      if (raw === '') continue
      const line = withoutExportTime(raw)
      const header = isLetter(line.charCodeAt(0)) ? formOfHeader(line) : null
      if (header !== null) {
        form = header
        continue
      }
      const row = rowOfLine(line, form)
      if (row === null) {
        reader.refuse()
        continue
      }
      const offset = offsets[index] ?? 0
      const origin = { source: SOURCE_ID, file: input.name, line: firstLine + index, offset, raw }
      const record = reader.read(row, origin)
      if (record !== null) records.push(record)
    }
    yield records
  }
  reader.end()
}

/** Also the quote that a cell of a table begins with. */
function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x22
}
