import type { Conversation } from '../conversations/conversation.ts'
import { Groups } from '../conversations/groups.ts'
import { readCaptures } from '../conversations/read-captures.ts'
import type { SeriesOptions } from '../conversations/series.ts'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import type { CoinBook } from '../mining/earnings.ts'
import { type CoinOptions, readCoinOptions } from './coin-options.ts'
import type { SourceEnv } from '../sources/source.ts'
import type { WireComposition } from './composition.ts'
import { ProgressTable } from './progress.ts'
import { type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'
import { terminalOptions } from './terminal.ts'
import { openWireInputs, type WireInputs } from './wire-captures.ts'
import { type ConversationWriter, documentWriter, lineWriter } from './wire-output.ts'
import { renderWire, type WireTotals } from './wire-table.ts'
import { Told } from './wire-told.ts'

export interface WireOptions extends ReadingOptions, CoinOptions {
  readonly format: 'table' | 'jsonl' | 'json'
  readonly all?: boolean
  readonly redact?: boolean
  readonly quiet?: boolean
  readonly interface?: string
  readonly duration?: string
  readonly filter?: string
}

/** Flows followed at once. */
const MAX_FLOWS = 131_072
const PROGRESS_MS = 100

/** `davylamp wire FILE…`: every TCP connection that is about mining, and what it brought. */
export async function wire(
  paths: readonly string[],
  options: WireOptions,
  composition: WireComposition,
): Promise<void> {
  const now = Date.now()
  const coins = readCoinOptions(options)
  if (options.interface !== undefined) {
    checkLiveOptions(options.interface, paths, options)
    const { wireLive } = await import('./wire-live.ts')
    return wireLive(options.interface, options, coins, composition)
  }
  checkFileOptions(paths, options)
  const given = await openWireInputs(paths, options, composition, now)
  try {
    const found = await readAndTell(given, options, coins, composition, now)
    process.exitCode = found ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    given.close()
  }
}

function checkLiveOptions(name: string, paths: readonly string[], options: WireOptions): void {
  if (paths.length > 0)
    throw new DavylampError('usage', '--interface watches an interface: give no files with it')
  if (name.trim() === '')
    throw new DavylampError('usage', '--interface needs a name', {
      hint: 'which interfaces there are: ip -brief link',
    })
  const span = options.since === undefined ? (options.until === undefined ? null : '--until') : '--since'
  if (span !== null)
    throw new DavylampError('usage', `${span} is for captures: --interface shows what happens now`, {
      hint: '--duration says for how long',
    })
  checkAll(options)
}

function checkAll({ all, format }: WireOptions): void {
  if (all === true && format === 'table')
    throw new DavylampError('usage', '--all needs --format jsonl or json: the table is about mining')
}

function checkFileOptions(paths: readonly string[], options: WireOptions): void {
  const live =
    options.duration === undefined ? (options.filter === undefined ? null : '--filter') : '--duration'
  if (live !== null) throw new DavylampError('usage', `${live} is for --interface`)
  if (paths.length === 0)
    throw new DavylampError('usage', 'nothing to read', {
      hint: 'give captures, folders or archives, - for standard input, or --interface NAME',
    })
  checkAll(options)
}

async function readAndTell(
  given: WireInputs,
  options: WireOptions,
  coins: CoinBook,
  composition: WireComposition,
  now: number,
): Promise<boolean> {
  const writer = writerFor(options, now)
  const groups = new Groups()
  const told = new Told(options, coins, writer, groups, given)
  const progress = progressOf(given, options)
  if (!progress.isShown) tellSkipped(given.skipped)
  let shownMs = 0
  const pause = async (): Promise<void> => {
    const nowMs = performance.now()
    if (nowMs - shownMs > PROGRESS_MS) {
      shownMs = nowMs
      progress.show({ ...given.reports.totals(), findings: told.count })
    }
    await writer?.drained()
  }
  try {
    const total = await readAll(given, told, options, composition, now, pause)
    progress.finish()
    writer?.end(given.skipped)
    if (writer === null) {
      process.stdout.write(
        renderWire(groups, total, {
          ...terminalOptions(process.stdout, process.env),
          timezone: given.zone,
          coins,
          quiet: options.quiet === true,
        }),
      )
    }
    tellProblems(given.reports)
    return told.count > 0
  } catch (error) {
    progress.clear()
    throw error
  }
}

/** Captures first, then exported flows. */
async function readAll(
  { captures, flows, reports }: WireInputs,
  told: Told,
  options: WireOptions,
  { intel, flowModel }: WireComposition,
  now: number,
  pause: () => Promise<void>,
): Promise<WireTotals> {
  const tellsAll = options.all === true
  const env: SourceEnv = {
    now,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: (input) => reports.of(input),
  }
  const take: SeriesOptions['told'] = (conversation, order) => told.add(conversation, order)
  const model = await flowModel()
  const common = { intel, model, tellsAll }
  const total = await readCaptures(captures, env, { ...common, maxFlows: MAX_FLOWS, told: take }, pause)
  told.end()
  if (flows.length === 0) return { ...total, flows: 0 }
  const { readIpfix } = await import('../conversations/read-ipfix.ts')
  let count = 0
  for (const input of flows) {
    const one = { ...common, told: (conversation: Conversation) => told.next(conversation) }
    count += await readIpfix(input, reports.of(input), one, pause)
  }
  return { ...total, flows: count }
}

function progressOf(given: WireInputs, options: WireOptions): ProgressTable {
  return new ProgressTable(
    {
      out: process.stderr,
      inputs: [...given.captures, ...given.flows],
      skipped: given.skipped,
      reports: given.reports,
      isQuiet: options.quiet === true,
      unicode: terminalOptions(process.stdout, process.env).unicode,
    },
    process.env,
  )
}

function writerFor(options: WireOptions, now: number): ConversationWriter | null {
  if (options.format === 'jsonl') return lineWriter(process.stdout, false)
  return options.format === 'json' ? documentWriter(process.stdout, now) : null
}
