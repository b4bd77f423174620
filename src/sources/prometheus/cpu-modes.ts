import type { Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { type CpuTimes, machineCpu } from '../measured/events.ts'
import { MODES, noTimes, timesBetween } from '../measured/modes.ts'
import type { MeasuredRun } from '../measured/run.ts'
import { tellDecision } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { baseOf } from './point-event.ts'
import type { Points } from './points.ts'

/** A gap between two points that is no rate any more. */
export const MAX_STEP_MS = 6 * 3_600_000
const DEFAULT_STEP_MS = 300_000

const MODE_NAMES = Object.keys(MODES)
const IDLE_BIT = 1 << MODE_NAMES.indexOf('idle')

/** Of one moment: what processors did, in the columns of a table, and which modes were said (a bit each). */
const COLUMNS = ['user', 'system', 'idle', 'ioWait', 'steal'] as const
const BITS = COLUMNS.length
const WIDTH = COLUMNS.length + 1

/** What the processors of one machine did, by moment; from counters or from rates of them. */
export class CpuModes {
  readonly #machine: Identifier
  readonly #isCounter: boolean
  readonly #processors = new Set<string>()
  /** Row of each moment. */
  readonly #rows = new Map<number, number>()
  #table = new Float64Array(WIDTH * 256)

  constructor(machine: Identifier, isCounter: boolean) {
    this.#machine = machine
    this.#isCounter = isCounter
  }

  /** One series: `mode` is one of MODES. */
  add(processor: string, mode: string, { times, values }: Points): void {
    this.#processors.add(processor)
    const meaning = MODES[mode]
    const column = meaning === undefined ? -1 : COLUMNS.indexOf(meaning)
    if (column < 0) return
    const bit = 1 << MODE_NAMES.indexOf(mode)
    for (const [index, time] of times.entries()) {
      const at = this.#rowAt(time) * WIDTH
      this.#table[at + column] = (this.#table[at + column] ?? 0) + (values[index] ?? 0)
      this.#table[at + BITS] = (this.#table[at + BITS] ?? 0) | bit
    }
  }

  /** What was measured, a moment each. Nothing is added afterwards. */
  run(input: Input, report: InputReport): MeasuredRun {
    const cores = this.#processors.has('') ? null : this.#processors.size
    const moments = [...this.#rows].toSorted(([a], [b]) => a - b)
    const table = new Float64Array(WIDTH * moments.length)
    for (const [index, [, row]] of moments.entries())
      table.set(this.#table.subarray(row * WIDTH, (row + 1) * WIDTH), index * WIDTH)
    const times = Float64Array.from(moments, ([time]) => time)
    const machine = this.#machine
    const isCounter = this.#isCounter
    this.#rows.clear()
    this.#table = new Float64Array(0)
    return {
      times,
      measure(entry) {
        const time = times[entry] ?? 0
        // The first moment has no other before it: as long as the next, or as steps mostly are.
        const before = times[entry - 1]
        const step = before === undefined ? DEFAULT_STEP_MS : time - before
        if (step > MAX_STEP_MS || (isCounter && before === undefined)) return []
        const own = timesIn(table, entry)
        const spent = isCounter
          ? timesBetween(timesIn(table, entry - 1), own)
          : sharesOf(own, table[entry * WIDTH + BITS] ?? 0, cores, report)
        if (spent === null) return []
        const base = baseOf(time, machine, input.name, 'node_cpu_seconds_total', own.idle)
        const event = machineCpu(base, time - step, spent, { cores })
        return event === null ? [] : [event]
      },
    }
  }

  #rowAt(time: number): number {
    const known = this.#rows.get(time)
    if (known !== undefined) return known
    const row = this.#rows.size
    this.#rows.set(time, row)
    if ((row + 1) * WIDTH > this.#table.length) {
      const larger = new Float64Array(this.#table.length * 2)
      larger.set(this.#table)
      this.#table = larger
    }
    return row
  }
}

function timesIn(table: Float64Array, entry: number): CpuTimes {
  const at = entry * WIDTH
  const [user = 0, system = 0, idle = 0, ioWait = 0, steal = 0] = table.subarray(at, at + BITS)
  return { user, system, idle, ioWait, steal }
}

/** Rates as they are; where idle time alone was asked for, the rest of it is work. Null where it cannot be told. */
function sharesOf(rates: CpuTimes, bits: number, cores: number | null, report: InputReport): CpuTimes | null {
  if ((bits & IDLE_BIT) === 0) return null
  if (bits !== IDLE_BIT) return rates
  // The one mode people ask for: its mean over the processors is the idle share.
  const idle = rates.idle / Math.max(1, cores ?? 1)
  if (idle > 1.001) {
    tellDecision(report, 'idle time alone, summed over processors: how many there are is not said')
    return null
  }
  return { ...noTimes(), idle: Math.min(1, idle), user: Math.max(0, 1 - idle) }
}
