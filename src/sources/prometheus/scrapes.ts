import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { machineCpu, metricEvent } from '../measured/events.ts'
import { MODES, type ModeTimes, noTimes, timesBetween } from '../measured/modes.ts'
import type { Measurement } from '../measured/record.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { readSample } from './exposition.ts'

/** What node_exporter said at one moment. */
export interface Scrape {
  readonly machine: Identifier
  readonly time: number
  readonly isExact: boolean
  readonly file: string
  readonly line: number
  readonly offset: number
  readonly raw: string
  readonly cpu: ModeTimes
  readonly cores: number
  readonly bootTime: number | null
  readonly loads: Readonly<Record<'load-1' | 'load-5' | 'load-15', number | null>>
  readonly waitingSeconds: number | null
}

interface Open {
  names: Set<string>
  cpu: ModeTimes
  cpus: Set<string>
  host: string | null
  now: number | null
  boot: number | null
  loads: Record<'load-1' | 'load-5' | 'load-15', number | null>
  waiting: number | null
  line: number
  offset: number
  raw: string
}

const MAX_SCRAPES = 100_000
const LOADS = { node_load1: 'load-1', node_load5: 'load-5', node_load15: 'load-15' } as const

/** The scrapes of one file: more than one where it was appended to. */
export async function readScrapes(input: Input, report: InputReport, unnamed: Identifier): Promise<Scrape[]> {
  const scrapes: Scrape[] = []
  let open = begun()
  const close = (): void => {
    const scrape = closed(open, input, unnamed)
    if (scrape === null || scrapes.length >= MAX_SCRAPES) return
    scrapes.push(scrape)
    noteTime(report, scrape.time)
    if (!scrape.isExact)
      tellDecision(report, "its time: the file's date, because it has no node_time_seconds")
  }
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  for await (const { texts, offsets, firstLine } of splitLines(chunks)) {
    for (const [index, text] of texts.entries()) {
      if (text === '' || text.startsWith('#')) continue
      report.records++
      const sample = readSample(text)
      if (sample === null) {
        report.bad++
        continue
      }
      // A family that comes again is the next scrape.
      const key = `${sample.name}|${sample.labels['cpu'] ?? ''}|${sample.labels['mode'] ?? ''}`
      if (isRead(sample.name) && open.names.has(key)) {
        close()
        open = begun()
      }
      if (isRead(sample.name)) open.names.add(key)
      else report.unused++
      take(open, sample.name, sample.labels, sample.value, firstLine + index, offsets[index] ?? 0, text)
    }
  }
  close()
  if (report.bad > 0) tellProblem(report, counted(report.bad, 'line is no sample', 'lines are no samples'))
  if (scrapes.length === 0) tellProblem(report, 'no CPU counters of node_exporter in it')
  return scrapes
}

function begun(): Open {
  return {
    names: new Set(),
    cpu: noTimes(),
    cpus: new Set(),
    host: null,
    now: null,
    boot: null,
    loads: { 'load-1': null, 'load-5': null, 'load-15': null },
    waiting: null,
    line: 0,
    offset: 0,
    raw: '',
  }
}

function isRead(name: string): boolean {
  return (
    name === 'node_cpu_seconds_total' || name === 'node_cpu' || name === 'node_time_seconds' || name in LOADS
  )
}

function take(
  open: Open,
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  line: number,
  offset: number,
  text: string,
): void {
  switch (name) {
    case 'node_cpu_seconds_total':
    case 'node_cpu': {
      const mode = MODES[labels['mode'] ?? '']
      if (mode === undefined || !Number.isFinite(value) || open.cpus.size > 4096) return
      open.cpu[mode] += value
      open.cpus.add(labels['cpu'] ?? '')
      if (open.line === 0) {
        open.line = line
        open.offset = offset
        open.raw = text
      }
      return
    }
    case 'node_uname_info':
      open.host = labels['nodename'] ?? null
      return
    case 'node_time_seconds':
      open.now = value * 1000
      return
    case 'node_boot_time_seconds':
      open.boot = value * 1000
      return
    case 'node_pressure_cpu_waiting_seconds_total':
      open.waiting = value
      return
    case 'node_load1':
    case 'node_load5':
    case 'node_load15':
      open.loads[LOADS[name]] = value
      return
    default:
  }
}

function closed(open: Open, input: Input, unnamed: Identifier): Scrape | null {
  const time = open.now ?? input.modifiedAt
  if (time === null || open.cpus.size === 0) return null
  return {
    machine: open.host === null || open.host === '' ? unnamed : identifier('host', open.host.slice(0, 253)),
    time,
    isExact: open.now !== null,
    file: input.name,
    line: open.line,
    offset: open.offset,
    raw: open.raw,
    cpu: open.cpu,
    cores: open.cpus.size,
    bootTime: open.boot,
    loads: open.loads,
    waitingSeconds: open.waiting,
  }
}

/** What happened between one scrape of a machine and its next; of the first, what happened since it started. */
export function ratesOf(scrapes: readonly Scrape[]): Measurement[] {
  const events: Measurement[] = []
  for (const [machine, group] of Map.groupBy(scrapes, (scrape) => scrape.machine)) {
    const ordered = group.toSorted((a, b) => a.time - b.time)
    for (const [index, scrape] of ordered.entries()) {
      const before = ordered[index - 1]
      const base = {
        time: scrape.time,
        timeQuality: scrape.isExact ? ('exact' as const) : ('unknown' as const),
        observer: machine,
        subjects: [machine],
        origin: {
          source: 'prometheus',
          file: scrape.file,
          line: Math.max(1, scrape.line),
          offset: scrape.offset,
          raw: scrape.raw,
        },
      }
      for (const [name, value] of Object.entries(scrape.loads))
        if (value !== null && (name === 'load-1' || name === 'load-5' || name === 'load-15'))
          events.push(metricEvent(base, name, `node_${name.replace('-', '')}`, value))
      const isRestart = before === undefined || before.time >= scrape.time
      const start = isRestart ? scrape.bootTime : before.time
      if (start === null || start >= scrape.time) continue
      const times = isRestart ? scrape.cpu : timesBetween(before.cpu, scrape.cpu)
      const cpu =
        times === null ? null : machineCpu(base, start, times, { cores: scrape.cores, isLifetime: isRestart })
      if (cpu !== null) events.push(cpu)
      const waited = (scrape.waitingSeconds ?? Number.NaN) - (before?.waitingSeconds ?? Number.NaN)
      if (waited >= 0)
        events.push(
          metricEvent(
            base,
            'pressure-cpu-share',
            'node_pressure_cpu_waiting_seconds_total',
            Math.min(1, (waited * 1000) / (scrape.time - start)),
            { start, statistic: 'mean' },
          ),
        )
    }
  }
  return events
}
