import type { Conversation } from '../conversations/conversation.ts'
import { documentOf } from '../conversations/document.ts'
import { Groups } from '../conversations/groups.ts'
import { readLive } from '../conversations/read-live.ts'
import { redacted } from '../conversations/redact.ts'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { coinName } from '../event/coin.ts'
import { becomeAccount, decodingAccount, howToAllow } from '../live/rights.ts'
import { findTcpdump, LiveCapture, type LiveCounts } from '../live/tcpdump.ts'
import type { CoinBook } from '../mining/earnings.ts'
import { InputReports } from '../pipeline/input-reports.ts'
import { plural } from '../text/plural.ts'
import { formatNumber } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import type { FlowModel } from '../wire/behaviour/model.ts'
import type { WireComposition } from './composition.ts'
import { tellProblems } from './reading.ts'
import { terminalOptions } from './terminal.ts'
import { parseSpan } from './time-argument.ts'
import type { WireOptions } from './wire.ts'
import { documentWriter, lineWriter } from './wire-output.ts'
import { renderWire } from './wire-table.ts'
import { parseZone } from './zone.ts'

/** Flows followed at once. */
const MAX_FLOWS = 131_072
/** Every so many seconds tcpdump is asked how many packets were lost. */
const COUNTS_EVERY_S = 10
/** Without the last one tcpdump would be left behind when a terminal is closed. */
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `davylamp wire --interface NAME`: mining on a live interface, told as it begins, until stopped. */
export async function wireLive(
  interfaceName: string,
  options: WireOptions,
  coins: CoinBook,
  composition: WireComposition,
): Promise<void> {
  const zone = parseZone(options.timezone ?? 'UTC')
  const durationMs = options.duration === undefined ? null : parseSpan('--duration', options.duration)
  const program = findTcpdump()
  if (program === null)
    throw new DavylampError(
      'capture-impossible',
      'tcpdump is not installed, and it is what opens the interface',
      {
        hint: 'Debian and Ubuntu: sudo apt-get install tcpdump',
      },
    )
  // What is read lazily has to be read while this may still be root.
  composition.intel.poolByHost('')
  const model = await composition.flowModel()
  const account = decodingAccount(process.env)
  const capture = new LiveCapture(program, {
    interface: interfaceName,
    filter: options.filter ?? '',
    user: account?.name ?? null,
  })
  if (account !== null) becomeAccount(account)
  const stop = (): void => capture.stop()
  for (const signal of STOPPING) process.once(signal, stop)
  const deadline = durationMs === null ? null : setTimeout(stop, durationMs)
  try {
    const found = await watch(capture, options, { coins, zone: zone.name, program, model }, composition)
    process.exitCode = found ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    if (deadline !== null) clearTimeout(deadline)
    for (const signal of STOPPING) process.off(signal, stop)
  }
}

async function watch(
  capture: LiveCapture,
  options: WireOptions,
  told: {
    readonly coins: CoinBook
    readonly zone: string
    readonly program: string
    readonly model: FlowModel
  },
  composition: WireComposition,
): Promise<boolean> {
  const { coins } = told
  const now = Date.now()
  const reports = new InputReports()
  const groups = new Groups()
  const writer =
    options.format === 'jsonl'
      ? lineWriter(process.stdout, true)
      : options.format === 'json'
        ? documentWriter(process.stdout, now)
        : null
  const showSecrets = options.showSecrets === true
  const watcher = new Watcher(capture)
  let found = false
  const tell = (conversation: Conversation, phase: 'opened' | 'progress' | 'closed'): void => {
    found ||= conversation.verdict !== 'none'
    const shown = options.redact === true ? redacted(conversation) : conversation
    if (options.format === 'jsonl') writer?.write({ ...documentOf(shown, { coins, showSecrets }), phase })
    else if (phase === 'closed') {
      if (writer === null) groups.add(shown)
      else writer.write(documentOf(shown, { coins, showSecrets }))
    } else if (phase === 'opened') watcher.announce(shown)
  }
  void capture.opened().then(() => watcher.begin())
  const total = await readLive(
    capture.input,
    {
      now,
      zoneOf: () => null,
      datedRanges: [],
      matchesOf: () => [],
      isAsked: () => false,
      reportOf: (input) => reports.of(input),
    },
    {
      intel: composition.intel,
      model: told.model,
      maxFlows: MAX_FLOWS,
      tellsAll: options.all === true,
      news: tell,
      told: (conversation) => tell(conversation, 'closed'),
    },
    { now: () => Date.now(), everySecond: () => watcher.everySecond() },
  )
  await capture.ended()
  if (capture.exitCode !== 0 && total.packets === 0) throw notAllowed(capture, told.program)
  writer?.end([])
  if (writer === null) {
    const { zone } = told
    process.stdout.write(
      renderWire(
        groups,
        { ...total, flows: 0 },
        {
          ...terminalOptions(process.stdout, process.env),
          timezone: zone,
          coins,
          quiet: options.quiet === true,
        },
      ),
    )
  }
  if (capture.exitCode !== 0) process.stderr.write(`davylamp: the capture ended: ${visible(capture.words)}\n`)
  watcher.tellCounts()
  tellProblems(reports)
  return found
}

function notAllowed(capture: LiveCapture, program: string): DavylampError {
  const { name } = capture.input
  const words = capture.words === '' ? `tcpdump ended with ${capture.exitCode}` : capture.words
  const isRights = /permission|not permitted|privileges/iu.test(words)
  const message = `cannot capture on ${name}: ${words}`
  return new DavylampError('capture-impossible', message, {
    hint: isRights ? howToAllow(program, name) : 'which interfaces there are: ip -brief link',
  })
}

/** What whoever watches is told on standard error meanwhile. */
class Watcher {
  readonly #capture: LiveCapture
  #seconds = 0
  #droppedBefore = 0

  constructor(capture: LiveCapture) {
    this.#capture = capture
  }

  begin(): void {
    const { exitCode, input } = this.#capture
    if (exitCode === null) process.stderr.write(`davylamp: watching ${visible(input.name)}; Ctrl-C ends it\n`)
  }

  announce({ client, server, dialogue, poolCoin, verdict }: Conversation): void {
    const place = visible(`${server.name ?? server.ip}:${server.port}`)
    const coin = dialogue?.coin ?? poolCoin
    const does = verdict === 'mining' ? `mines ${coinName(coin)} at` : 'may mine at'
    process.stderr.write(`davylamp: ${visible(client.ip ?? '')} ${does} ${place}\n`)
  }

  /** Losses are told when they grow, not only at the end. */
  everySecond(): void {
    const { counts } = this.#capture
    if (counts !== null && counts.dropped > this.#droppedBefore) {
      this.#droppedBefore = counts.dropped
      this.#tell(counts)
    }
    if (++this.#seconds % COUNTS_EVERY_S === 0) this.#capture.askForCounts()
  }

  tellCounts(): void {
    const { counts } = this.#capture
    if (counts !== null) this.#tell(counts)
  }

  #tell({ received, dropped }: LiveCounts): void {
    process.stderr.write(`davylamp: ${plural(received, 'packet')} seen, ${formatNumber(dropped)} lost\n`)
  }
}
