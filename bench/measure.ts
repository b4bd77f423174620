import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** Exit codes that mean it did its work. */
  readonly exitCodes: readonly number[]
}

/** A whole process, from its start to its end. */
export interface Measured {
  readonly wallSeconds: number
  /** User and system, all threads. */
  readonly cpuSeconds: number
  readonly peakBytes: number
}

export interface Runs {
  readonly median: Measured
  readonly count: number
  /** Standard output of the last run, where it was asked for. */
  readonly output: string
}

const TIME = '/usr/bin/time'
const MAX_OUTPUT_BYTES = 1 << 28

/** GNU time tells CPU seconds and peak memory of a child, which Node does not. */
export function canMeasure(): boolean {
  return existsSync(TIME) && spawnSync(TIME, ['-f', '%M', '-o', '/dev/null', 'true']).status === 0
}

/** Runs the command `count` times, one after the other; medians of each figure on its own. */
export function measure(command: Command, count: number, folder: string, keepsOutput = false): Runs {
  const all: Measured[] = []
  let output = ''
  for (let run = 0; run < count; run++) {
    const once = runOnce(command, folder, keepsOutput)
    all.push(once.measured)
    output = once.output
  }
  const middle = (figure: (measured: Measured) => number): number => median(all.map(figure))
  return {
    median: {
      wallSeconds: middle((one) => one.wallSeconds),
      cpuSeconds: middle((one) => one.cpuSeconds),
      peakBytes: middle((one) => one.peakBytes),
    },
    count,
    output,
  }
}

function runOnce(
  command: Command,
  folder: string,
  keepsOutput: boolean,
): { measured: Measured; output: string } {
  const told = join(folder, 'time.txt')
  const startedAt = process.hrtime.bigint()
  const run = spawnSync(TIME, ['-f', '%U %S %M', '-o', told, command.program, ...command.args], {
    stdio: ['ignore', keepsOutput ? 'pipe' : 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  })
  const wallSeconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  if (run.status === null || !command.exitCodes.includes(run.status)) {
    throw new Error(
      `${command.program} ${command.args.join(' ')}: exit ${run.status ?? run.signal}\n${run.stderr}`,
    )
  }
  // A line about a non-zero exit code may stand before the figures.
  const figures = readFileSync(told, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  const [user = 0, system = 0, kibibytes = 0] = figures.split(' ').map(Number)
  return {
    measured: { wallSeconds, cpuSeconds: user + system, peakBytes: kibibytes * 1024 },
    output: keepsOutput ? run.stdout : '',
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
