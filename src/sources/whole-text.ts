import type { Input } from '../inputs/input.ts'
import { countBytes, tellProblem } from './reading.ts'
import type { InputReport } from './source.ts'
import { Utf8Text } from './json/utf8.ts'

/** Beyond this an inventory is cut: what came before is read, and the report says so. */
export const MAX_TEXT_BYTES = 64 * 2 ** 20

/** A whole input as text, at most 64 MiB of it. For formats that make sense as a whole only. */
export async function wholeText(input: Input, report: InputReport): Promise<string> {
  const text = new Utf8Text()
  const parts: Buffer[] = []
  let size = 0
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  for await (const chunk of chunks) {
    const part = Buffer.from(text.push(chunk))
    size += part.length
    if (size > MAX_TEXT_BYTES) {
      tellProblem(report, 'longer than 64 MiB: the rest was not read')
      break
    }
    parts.push(part)
  }
  parts.push(Buffer.from(text.end()))
  return Buffer.concat(parts).toString('utf8')
}

export function headText(head: Uint8Array, most = 16_384): string {
  const text = new Utf8Text()
  const first = Buffer.from(text.push(head.subarray(0, most)))
  return Buffer.concat([first, Buffer.from(text.end())]).toString('utf8')
}
