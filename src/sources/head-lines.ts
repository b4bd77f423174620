import { LineSplitter } from '../inputs/lines.ts'
import { HEAD_BYTES } from '../inputs/limits.ts'

/** Complete lines at the start of an input, whatever its encoding; the last may have been cut by the end of the head. */
export function headLines(head: Uint8Array): readonly string[] {
  const lines = linesOf(head)
  return lines.length > 1 && head.length >= HEAD_BYTES ? lines.slice(0, -1) : lines
}

/** All lines of a piece of text; the first and last may be cut. Each is a string of its own, which pins nothing else in memory. */
export function linesOf(bytes: Uint8Array): readonly string[] {
  const splitter = new LineSplitter()
  const batches = [splitter.push(bytes), splitter.end()]
  return batches.flatMap((batch) => batch?.texts ?? [])
}
