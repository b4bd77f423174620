import type { Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { cpuEvent, machineCpu, metricEvent } from '../measured/events.ts'
import type { Measurement } from '../measured/record.ts'
import { countBytes, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { busiest, isTopHeader, type Process, readProcess } from './table.ts'

const DAY_MS = 86_400_000
const CLOCK = /^top - (\d{2}):(\d{2}):(\d{2}) /u
const LOAD = /load average: ([\d.,]{1,12}?),? ([\d.,]{1,12}?),? ([\d.,]{1,12})\s*$/u
const DEFAULT_STEP_MS = 3000
const MAX_STEP_MS = 3_600_000
const MAX_EVENTS = 200_000

interface Block {
  /** Of the day, ms. */
  readonly clock: number
  readonly line: number
  readonly offset: number
  readonly text: string
  readonly loads: readonly number[]
  cpu: { text: string; times: Parameters<typeof machineCpu>[2] } | null
  columns: readonly string[]
  processes: (Process & { line: number; offset: number; text: string })[]
}

/**
 * `top -b`: a block for each moment, with a time of day and no date. The last block is taken for written when its file was,
 * and the others before it. The first block is a mean since the machine started.
 */
export async function* readTop(
  input: Input,
  report: InputReport,
  env: SourceEnv,
  machine: Identifier,
): AsyncIterable<readonly Measurement[]> {
  const written = input.modifiedAt
  if (written === null || written > env.now + DAY_MS) {
    tellProblem(report, 'it does not say on which day it was taken, and neither does its file: not used')
    return
  }
  tellDecision(report, "its day: the file's date")
  const blocks: Block[] = []
  let held = 0
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  for await (const { texts, offsets, firstLine } of splitLines(chunks, { maxLineBytes: 8192 })) {
    for (const [index, text] of texts.entries()) {
      if (held > MAX_EVENTS) break
      if (isTopHeader(text)) {
        settle(blocks.at(-1))
        const block = begun(text, firstLine + index, offsets[index] ?? 0)
        report.records++
        if (block === null) report.bad++
        else blocks.push(block)
        held += 1 + (blocks.at(-2)?.processes.length ?? 0)
      } else readLine(blocks.at(-1), text, firstLine + index, offsets[index] ?? 0)
    }
  }
  settle(blocks.at(-1))
  if (held > MAX_EVENTS) tellProblem(report, 'more than 200,000 readings: the rest is not read')
  yield eventsOf(blocks, input, env, written, machine, report)
}

function begun(text: string, line: number, offset: number): Block | null {
  const clock = CLOCK.exec(text)
  if (clock === null) return null
  const [, hours, minutes, seconds] = clock
  const loads = LOAD.exec(text.slice(-80))
  return {
    clock: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000,
    line,
    offset,
    text,
    loads: (loads?.slice(1) ?? []).map((load) => Number(load.replace(',', '.'))),
    cpu: null,
    columns: [],
    processes: [],
  }
}

function readLine(block: Block | undefined, text: string, line: number, offset: number): void {
  if (block === undefined || text.trim() === '') return
  if (/^%?Cpu(?:\(s\)|\d+)?\s*:/u.test(text)) {
    block.cpu ??= { text, times: timesIn(text) }
  } else if (text.includes('PID') && text.includes('%CPU')) block.columns = text.trim().split(/\s+/u)
  else if (block.columns.length > 0) {
    const process = readProcess(text, block.columns)
    if (process !== null && process.percent > 0 && block.processes.length < 5000)
      block.processes.push({ ...process, line, offset, text })
  }
}

/** `%Cpu(s):  2.3 us,  0.7 sy,  0.0 ni, 96.7 id,  0.3 wa,  0.0 hi,  0.0 si,  0.0 st` */
function timesIn(text: string): Parameters<typeof machineCpu>[2] {
  const shares = new Map<string, number>()
  for (const match of text.slice(0, 400).matchAll(/(\d{1,3}(?:[.,]\d{1,2})?)[ %]{0,2}([a-z]{2})\b/gu))
    shares.set(match[2] ?? '', Number((match[1] ?? '').replace(',', '.')))
  const of = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (shares.get(name) ?? 0), 0)
  return {
    user: of('us', 'ni'),
    system: of('sy', 'hi', 'si'),
    idle: of('id'),
    ioWait: of('wa'),
    steal: of('st'),
  }
}

function settle(block: Block | undefined): void {
  if (block === undefined) return
  const kept = new Set(busiest(block.processes).map(({ pid }) => pid))
  block.processes = block.processes.filter(({ pid }) => kept.has(pid))
}

function eventsOf(
  blocks: readonly Block[],
  input: Input,
  env: SourceEnv,
  written: number,
  machine: Identifier,
  report: InputReport,
): Measurement[] {
  const zone = env.zoneOf(input.name)
  if (zone === null) tellDecision(report, 'zone UTC: assumed')
  const offsetMs = zone === null ? 0 : zone.minutesAt(written) * 60_000
  const times = momentsOf(blocks, written + offsetMs).map((wall) => wall - offsetMs)
  const events: Measurement[] = []
  for (const [index, block] of blocks.entries()) {
    const time = times[index] ?? written
    const step = time - (times[index - 1] ?? Number.NaN)
    const start = time - (step > 0 && step <= MAX_STEP_MS ? step : DEFAULT_STEP_MS)
    const base = {
      time,
      timeQuality: zone === null ? ('year-and-zone-assumed' as const) : ('year-assumed' as const),
      observer: machine,
      subjects: [machine],
      origin: {
        source: 'process-table',
        file: input.name,
        line: block.line,
        offset: block.offset,
        raw: block.text,
      },
    }
    const [load = Number.NaN] = block.loads
    if (Number.isFinite(load)) events.push(metricEvent(base, 'load-1', 'load average', load))
    const isLifetime = index === 0
    if (block.cpu !== null) {
      const origin = { ...base.origin, raw: block.cpu.text }
      const cpu = machineCpu({ ...base, origin }, start, block.cpu.times, { isLifetime })
      if (cpu !== null) events.push(cpu)
    }
    for (const { pid, user, percent, command, line, offset, text } of block.processes)
      events.push(
        cpuEvent({ ...base, origin: { ...base.origin, line, offset, raw: text } }, 'process', start, {
          pid,
          user,
          name: command.slice(0, 4096),
          busyCores: percent / 100,
          isLifetime,
        }),
      )
  }
  return events
}

/** Wall times of blocks (epoch ms as if the clock showed UTC), counted back from when the file was written. */
function momentsOf(blocks: readonly Block[], writtenWall: number): number[] {
  const times: number[] = []
  let next = writtenWall
  for (const { clock } of blocks.toReversed()) {
    let time = Math.floor(next / DAY_MS) * DAY_MS + clock
    // A second of grace: the file is written a moment after the clock was read, or its date has whole seconds.
    if (time > next + 1000) time -= DAY_MS
    times.push(time)
    next = time
  }
  return times.toReversed()
}
