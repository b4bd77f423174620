/** Below this (percent of one processor) a process is not worth an event. */
export const MIN_PERCENT = 5
export const MAX_PROCESSES = 20

export function isTopHeader(line: string): boolean {
  return line.startsWith('top - ') && line.includes('load average:')
}

export function isPsHeader(line: string): boolean {
  const names = line.trim().split(/\s+/u)
  return names.includes('PID') && names.includes('%CPU') && /^(?:COMMAND|CMD|ARGS)$/u.test(names.at(-1) ?? '')
}

export interface Process {
  readonly pid: number
  readonly user: string | null
  readonly percent: number
  readonly command: string
}

/** A row under a header of top or ps: the last column is the command, which may hold blanks. */
export function readProcess(line: string, columns: readonly string[]): Process | null {
  const cells = line.trim().split(/\s+/u)
  if (cells.length < columns.length) return null
  const at = (name: string): string => cells[columns.indexOf(name)] ?? ''
  const percent = Number(at('%CPU').replace(',', '.'))
  const pid = Number(at('PID'))
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isFinite(percent) || percent < 0) return null
  const user = columns.includes('USER') ? at('USER') : null
  return { pid, user, percent, command: cells.slice(columns.length - 1).join(' ') }
}

/** The busiest that are worth telling. */
export function busiest(processes: readonly Process[]): Process[] {
  return processes
    .filter(({ percent }) => percent >= MIN_PERCENT)
    .toSorted((a, b) => b.percent - a.percent || a.pid - b.pid)
    .slice(0, MAX_PROCESSES)
}
