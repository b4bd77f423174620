import type { InputReport } from './source.ts'

const MAX_PROBLEMS = 20

/** The report of an input of which nothing was read yet. */
export function emptyReport(file: string): InputReport {
  return {
    file,
    format: '',
    bytes: 0,
    records: 0,
    bad: 0,
    unused: 0,
    duplicates: 0,
    late: 0,
    from: null,
    to: null,
    decisions: [],
    problems: [],
  }
}

/** Adds a problem in words for the user, each once. */
export function tellProblem(report: InputReport, problem: string): void {
  if (report.problems.length < MAX_PROBLEMS && !report.problems.includes(problem))
    report.problems.push(problem)
}

/** Adds what had to be decided and why, each once. */
export function tellDecision(report: InputReport, decision: string): void {
  if (!report.decisions.includes(decision)) report.decisions.push(decision)
}

const SLICE_BYTES = 16 * 1024

/**
 * Passes chunks on in small slices and counts their bytes. What is made of a slice is all that is held
 * of an input while others are read, and there may be many; and what is made of a small one is used and
 * gone before the garbage collector moves it to where it stays for long.
 */
export async function* countBytes(
  chunks: AsyncIterable<Uint8Array>,
  report: InputReport,
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    report.bytes += chunk.length
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) yield chunk.subarray(at, at + SLICE_BYTES)
  }
}

/** Counts `time` (epoch ms) into the range that the report covers. */
export function noteTime(report: InputReport, time: number): void {
  if (report.from === null || time < report.from) report.from = time
  if (report.to === null || time > report.to) report.to = time
}

/** `1 line is`, `3,000 lines are`. */
export function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString('en-US')} ${many}`
}
