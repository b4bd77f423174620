import type { Input } from '../../inputs/input.ts'
import { linesOf } from '../head-lines.ts'
import { tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'

/** Weeks of measurements of a machine, every minute. */
const MAX_BYTES = 48 << 20

/** A document that can only be read as a whole; null where it is too large, which is told. */
export async function wholeText(input: Input, report: InputReport): Promise<string | null> {
  const parts: Buffer[] = []
  for await (const chunk of input.chunks((problem) => tellProblem(report, problem))) {
    report.bytes += chunk.length
    if (report.bytes > MAX_BYTES) {
      tellProblem(report, 'larger than 48 MiB: not read; ask for fewer days at a time')
      return null
    }
    parts.push(Buffer.from(chunk))
  }
  return decoded(Buffer.concat(parts))
}

/** The start of an input as text, whatever its encoding. */
export function headText(head: Uint8Array): string {
  return linesOf(head.subarray(0, 16_384)).join('\n')
}

function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
  return bytes.toString('utf8').replace(/^\uFEFF/u, '')
}

export async function wholeJson(input: Input, report: InputReport): Promise<unknown> {
  const text = await wholeText(input, report)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    report.records++
    report.bad++
    tellProblem(report, 'not valid JSON: damaged or cut off')
    return null
  }
}
