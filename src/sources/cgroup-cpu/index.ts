import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { mergeEvents } from '../json/merge-events.ts'
import { cpuEvent, metricEvent } from '../measured/events.ts'
import { measuredRecord, type Measurement } from '../measured/record.ts'
import { headText } from '../measured/whole-text.ts'
import { namelessMachines } from '../nameless.ts'
import { countBytes, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { readMoment } from './moment.ts'

const SOURCE_ID = 'cgroup-cpu'
const MAX_READINGS = 200_000

/** `cpu.stat` of one group at one moment; microseconds. https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files */
interface Reading {
  readonly machine: Identifier
  readonly group: string
  readonly time: number
  readonly isExact: boolean
  readonly usage: number
  readonly throttled: number | null
  readonly origin: Measurement['origin']
}

/** How long a container or a unit has run, from two readings of its counters or more. */
export const cgroupCpu: Source = {
  id: SOURCE_ID,
  title: "cgroup v2 cpu.stat, read twice or more (containers' and units' CPU)",
  kinds: ['cpu', 'metric'],
  hint: 'while sleep 60; do date +%s; cat /sys/fs/cgroup/system.slice/docker-….scope/cpu.stat; done >> cpu.stat',
  recognise(head) {
    const text = headText(head).slice(0, 4096)
    return /^usage_usec \d+$/mu.test(text) && /^(?:user|system)_usec \d+$/mu.test(text) ? 0.95 : 0
  },
  firstTime: () => null,
  read: readAll,
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const machines = namelessMachines(
    SOURCE_ID,
    inputs.map((input) => ({
      input,
      firstTime: input.modifiedAt,
      firstRecord: headText(input.head).slice(0, 200),
    })),
  )
  const readings: Reading[] = []
  for (const input of inputs)
    readings.push(...(await readInput(input, env, machines.get(input) ?? identifier('trail', SOURCE_ID))))
  const first = inputs[0]
  if (first === undefined) return
  const report = env.reportOf(first)
  const events = ratesOf(readings).toSorted((a, b) => a.time - b.time)
  if (events.length === 0)
    tellProblem(report, 'read once only: it takes two readings to tell how busy a group was')
  const stream = {
    input: first,
    report,
    firstTime: null,
    async *records() {
      yield events.map((event) => measuredRecord(event, report))
    },
  }
  yield* mergeEvents([stream], 0)
}

async function readInput(input: Input, env: SourceEnv, machine: Identifier): Promise<Reading[]> {
  const report = env.reportOf(input)
  report.format = SOURCE_ID
  const readings: Reading[] = []
  let told: number | null = null
  let open: { line: number; offset: number; values: Map<string, number>; time: number | null } | null = null
  const close = (): void => {
    const usage = open?.values.get('usage_usec')
    if (open === null || usage === undefined) return
    const time = open.time ?? input.modifiedAt
    report.records++
    if (time === null || readings.length >= MAX_READINGS) {
      report.bad++
      return
    }
    if (open.time === null) tellDecision(report, "its time: the file's date")
    noteTime(report, time)
    readings.push({
      machine,
      group: groupOf(input.name),
      time,
      isExact: open.time !== null,
      usage,
      throttled: open.values.get('throttled_usec') ?? null,
      origin: {
        source: SOURCE_ID,
        file: input.name,
        line: open.line,
        offset: open.offset,
        raw: `usage_usec ${usage}`,
      },
    })
  }
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  for await (const { texts, offsets, firstLine } of splitLines(chunks, { maxLineBytes: 1024 })) {
    for (const [index, text] of texts.entries()) {
      const pair = /^([a-z_.]{1,40}) (\d{1,18})$/u.exec(text)
      if (pair === null) {
        told = readMoment(text) ?? told
        continue
      }
      const [, key = '', value] = pair
      if (key === 'usage_usec') {
        close()
        open = { line: firstLine + index, offset: offsets[index] ?? 0, values: new Map(), time: told }
        told = null
      }
      open?.values.set(key, Number(value))
    }
  }
  close()
  return readings
}

/** The path below /sys/fs/cgroup where the name of the file shows it. */
function groupOf(file: string): string {
  const below = /(?:^|\/)sys\/fs\/cgroup\/(.{1,1024})\/cpu\.stat$/u.exec(file)?.[1]
  return below ?? file.slice(-200)
}

function ratesOf(readings: readonly Reading[]): Measurement[] {
  const events: Measurement[] = []
  for (const group of Map.groupBy(readings, ({ machine, group: name }) => `${machine}\0${name}`).values()) {
    const ordered = group.toSorted((a, b) => a.time - b.time)
    for (const [index, reading] of ordered.entries()) {
      const before = ordered[index - 1]
      const elapsed = reading.time - (before?.time ?? Number.NaN)
      if (before === undefined || !(elapsed > 0) || reading.usage < before.usage) continue
      const base = {
        time: reading.time,
        timeQuality: reading.isExact ? ('exact' as const) : ('unknown' as const),
        observer: reading.machine,
        subjects: [reading.machine],
        origin: reading.origin,
      }
      const busyCores = (reading.usage - before.usage) / 1000 / elapsed
      events.push(cpuEvent(base, 'container', before.time, { busyCores, name: reading.group }))
      const throttled = (reading.throttled ?? Number.NaN) - (before.throttled ?? Number.NaN)
      if (throttled > 0)
        events.push(
          metricEvent(base, 'throttled-share', 'throttled_usec', Math.min(1, throttled / 1000 / elapsed), {
            start: before.time,
            statistic: 'mean',
          }),
        )
    }
  }
  return events
}
