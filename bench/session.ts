import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Size, Subject } from './lines.ts'
import { type Command, type Measured, measure } from './measure.ts'
import { type Peer, peerCommand, peerTitle } from './peers.ts'
import { type Baseline, changeInWords, type Result } from './result.ts'
import { fixed, grouped, Table } from './table.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MEGA = 1e6
const START_RUNS = 9
/** Promised: seconds from the command to the first word of its help, and to the whole story of the example. */
const MAX_HELP_SECONDS = 0.15
const MAX_EXAMPLE_SECONDS = 2

/** What was read, as the product's own report and the counter of events say. */
const Counts = z.object({ inputs: z.array(z.object({ records: z.number() })) })
const EventCounts = z.object({ events: z.number(), records: z.number() })

export interface SessionOptions {
  readonly size: Size
  /** Where files of its own may be written. */
  readonly folder: string
  readonly baseline: Baseline | undefined
  /** The yardstick: a file of JSON lines. */
  readonly journal: string
}

/** Measures line by line, always one process at a time, and keeps what came of it. */
export class Session {
  readonly results: Result[] = []
  readonly #options: SessionOptions
  readonly #table = new Table()
  /** CPU seconds of JSON.parse per byte. */
  readonly #parseSeconds: number

  constructor(options: SessionOptions) {
    this.#options = options
    const yardstick = node(import.meta.resolve('./yardstick.ts'), options.journal)
    const { median } = measure(yardstick, Math.max(3, options.size.runs), options.folder)
    this.#parseSeconds = median.cpuSeconds / statSync(options.journal).size
    const bytes = statSync(options.journal).size
    this.#table.heading('yardstick: JSON.parse of every line of the journal')
    this.#row('JSON.parse', median, { bytes, records: options.size.sizes.journalEntries, cost: 1 })
  }

  startUp(): void {
    const empty = measure(command(process.execPath, '-e', '0'), START_RUNS, this.#options.folder).median
    this.#table.heading('starting up (cost: wall-clock time, 1 = an empty Node program)')
    this.#row('node -e 0', empty, { cost: 1 })
    this.#start('help', 'davylamp --help', MAX_HELP_SECONDS, empty, davylamp('--help'))
    const example = [
      join('examples', 'one-gang', 'evidence'),
      '--inventory',
      join('examples', 'one-gang', 'inventory.yaml'),
    ]
    this.#start(
      'example',
      'the example of the README',
      MAX_EXAMPLE_SECONDS,
      empty,
      davylamp('investigate', ...example, '--no-case'),
    )
  }

  read(subject: Subject): void {
    const { size, folder } = this.#options
    const bytes = subject.bytes ?? statSync(subject.path).size
    console.error(`bench: ${subject.title}`)
    this.#table.heading(`${subject.title}: ${grouped(bytes / MEGA)} MB`)
    const runs = subject.bytes === null ? size.runs : size.longRuns
    const whole = measure(
      davylamp('investigate', subject.path, '--format', 'json', '--no-case'),
      runs,
      folder,
      true,
    )
    const records = Counts.parse(JSON.parse(whole.output)).inputs.reduce(
      (sum, input) => sum + input.records,
      0,
    )
    this.#keep(subject.id, 'to findings', whole.median, bytes, records)
    this.#tellTarget(subject.maxPeakBytes, whole.median)
    const part = measure(node(import.meta.resolve('./events-only.ts'), subject.path), runs, folder, true)
    const { events } = EventCounts.parse(JSON.parse(part.output))
    this.#keep(`${subject.id}-events`, `to events only (${grouped(events)})`, part.median, bytes, records)
    for (const { peer, path } of subject.peers)
      this.#peer(peer, path, (records * statSync(path).size) / bytes)
  }

  table(): string {
    return this.#table.toString()
  }

  #start(id: string, title: string, maxSeconds: number, empty: Measured, what: Command): void {
    const { median } = measure(what, START_RUNS, this.#options.folder)
    const verdict = median.wallSeconds < maxSeconds ? 'met' : 'missed'
    // CPU time comes in hundredths, too coarse for so little.
    const cost = median.wallSeconds / empty.wallSeconds
    this.#result({ id, cost, ...figures(median, null, null) })
    this.#row(`${title} (target ${maxSeconds} s: ${verdict})`, median, { id, cost })
  }

  #keep(id: string, title: string, measured: Measured, bytes: number, records: number): void {
    const cost = measured.cpuSeconds / bytes / this.#parseSeconds
    this.#result({ id, cost, ...figures(measured, bytes, records) })
    this.#row(title, measured, { id, bytes, records, cost })
  }

  #peer(peer: Peer, path: string, records: number): void {
    const found = peerCommand(peer, path)
    if (found === null) {
      this.#table.add(`${peerTitle(peer)} (not installed)`, '-', '-', '-', '-', '-', '', '-')
      return
    }
    const { median } = measure(found, this.#options.size.longRuns, this.#options.folder)
    const bytes = statSync(path).size
    const cost = median.cpuSeconds / bytes / this.#parseSeconds
    this.#row(`${peerTitle(peer)} (${found.version})`, median, { bytes, records, cost })
  }

  #tellTarget(maxPeakBytes: number | null, { peakBytes }: Measured): void {
    if (maxPeakBytes === null) return
    const verdict = peakBytes < maxPeakBytes ? 'met' : 'missed'
    this.#table.add(`  (target: under ${grouped(maxPeakBytes / MEGA)} MB of memory: ${verdict})`, '')
  }

  #result(result: Result): void {
    this.results.push({ ...result, cost: rounded(result.cost) })
  }

  #row(
    title: string,
    measured: Measured,
    of: { id?: string; bytes?: number; records?: number; cost: number },
  ): void {
    const { wallSeconds, cpuSeconds, peakBytes } = measured
    const before = this.#options.baseline?.results.find((result) => result.id === of.id)
    this.#table.add(
      `  ${title}`,
      fixed(wallSeconds, 2),
      fixed(cpuSeconds, 2),
      of.bytes === undefined ? '-' : fixed(of.bytes / MEGA / wallSeconds, 0),
      of.records === undefined ? '-' : grouped(of.records / wallSeconds),
      fixed(of.cost, 2),
      changeInWords(of.cost, before?.cost),
      fixed(peakBytes / MEGA, 0),
      changeInWords(peakBytes / MEGA, before?.peakMegabytes),
    )
  }
}

function figures(
  measured: Measured,
  bytes: number | null,
  records: number | null,
): Omit<Result, 'id' | 'cost'> {
  const { wallSeconds, peakBytes } = measured
  return {
    peakMegabytes: Math.round(peakBytes / MEGA),
    wallSeconds: rounded(wallSeconds),
    megabytesPerSecond: bytes === null ? null : rounded(bytes / MEGA / wallSeconds),
    recordsPerSecond: records === null ? null : Math.round(records / wallSeconds),
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

function davylamp(...args: readonly string[]): Command {
  return command(process.execPath, join(ROOT, 'bin', 'davylamp.mjs'), ...args)
}

/** What bin/davylamp.mjs sets for itself where it reads evidence, so that figures compare; the rest is in events-only.ts. */
const HEAP = ['--max-semi-space-size=4', '--heap-growing-percent=40', '--no-concurrent-recompilation']

function node(script: string, ...args: readonly string[]): Command {
  return command(process.execPath, ...HEAP, fileURLToPath(script), ...args)
}

/** Ten says that something was found, which is no failure. */
function command(program: string, ...args: readonly string[]): Command {
  return { program, args, exitCodes: [0, 10] }
}
