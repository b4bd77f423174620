import { unlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { collect as collectMachine, type Collected } from '../collect/collect.ts'
import { goFirst } from '../collect/priority.ts'
import { DavylampError } from '../errors.ts'
import { systemReason } from '../inputs/system-error.ts'
import { plural } from '../text/plural.ts'
import { quoteShell } from '../text/shell.ts'
import { formatBytes } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { checkWritable } from './output.ts'
import { writingReason } from './reason.ts'
import { parseSpan, parseTimeArgument } from './time-argument.ts'
import { VERSION } from './version.ts'

export interface CollectOptions {
  readonly out?: string
  readonly since: string
  readonly root: string
  readonly watch: string
  readonly maxTime: string
  readonly format: 'terminal' | 'json'
}

/** `davylamp collect` */
export async function collect(options: CollectOptions): Promise<void> {
  const now = Date.now()
  const out = options.out ?? defaultName(options.root, now)
  const collected = await collectInto(out, options, now)
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify({ schema: 'davylamp/collected/1', file: out, ...collected })}\n`
      : inWords(out, collected, options.root),
  )
}

/** Collects into a file. Throws `usage`, `output-unwritable`, and `nothing-to-read` where the root is no folder. */
export async function collectInto(
  out: string,
  options: Pick<CollectOptions, 'since' | 'root' | 'watch' | 'maxTime'>,
  now: number,
): Promise<Collected> {
  if (process.platform !== 'linux')
    throw new DavylampError('usage', 'collect reads Linux: run it there', {
      hint: 'mount the disk of the machine on a Linux and give it with --root',
    })
  const intervalMs = parseSpan('--watch', options.watch)
  const maxMs = parseSpan('--max-time', options.maxTime)
  const since = parseTimeArgument('--since', options.since, now)
  checkWritable(out)
  const stop = cleaningUp(`${out}.partial`)
  const stepBack = options.root === '/' ? goFirst() : null
  try {
    return await collectMachine({
      out,
      root: options.root,
      since,
      intervalMs,
      // Starting took some of it: on a crowded machine, seconds. Watching alone would show little.
      maxMs: Math.min(maxMs, Math.max(intervalMs + LEAST_MS, maxMs - performance.now())),
      version: VERSION,
      now: () => Date.now(),
      onProgress: (what) => {
        if (process.stderr.isTTY) process.stderr.write(`collecting: ${what}\n`)
      },
    })
  } catch (cause) {
    throw failure(cause, out, options.root)
  } finally {
    stepBack?.()
    stop()
  }
}

const LEAST_MS = 4000

function failure(cause: unknown, out: string, root: string): DavylampError {
  const place = cause instanceof Error && 'path' in cause ? String(cause.path) : ''
  return place === root
    ? new DavylampError('nothing-to-read', `cannot look at ${root}: ${systemReason(cause)}`, { cause })
    : new DavylampError('output-unwritable', `cannot write ${out}: ${writingReason(cause)}`, { cause })
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const EXIT_BY_SIGNAL = 130

/** Whoever interrupts it finds nothing left behind. */
function cleaningUp(partial: string): () => void {
  const leave = (): void => {
    try {
      unlinkSync(partial)
    } catch {
      // It was not begun yet.
    }
    process.exit(EXIT_BY_SIGNAL)
  }
  for (const signal of SIGNALS) process.once(signal, leave)
  return () => {
    for (const signal of SIGNALS) process.removeListener(signal, leave)
  }
}

function defaultName(root: string, now: number): string {
  const host = root === '/' ? hostname() : basename(root)
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/gu, '')
  return `davylamp-${host.replaceAll(/[^\w.-]/gu, '_').slice(0, 64)}-${time}.tar.zst`
}

function inWords(out: string, collected: Collected, root: string): string {
  const { facts, logs, gaps, storedBytes, filesLookedAt } = collected
  const seen = [
    plural(facts.process ?? 0, 'process', 'processes'),
    plural((facts.connection ?? 0) + (facts['listening-socket'] ?? 0), 'socket'),
    plural(filesLookedAt, 'file'),
    plural(facts.package ?? 0, 'package'),
    plural(logs, 'log'),
  ]
  const lines = [
    `${visible(collected.host)}${root === '/' ? '' : ` (${visible(root)})`}: looked at ${seen.join(', ')}`,
    `written to ${visible(out)} (${formatBytes(storedBytes)})`,
  ]
  if (gaps.length > 0) {
    lines.push('', `Not seen (${gaps.length}):`)
    const told = Map.groupBy(gaps.slice(0, MAX_GAPS), ({ command }) => command)
    for (const [command, group] of told) {
      for (const { what, why } of group) lines.push(`  ${visible(what)}: ${visible(why)}`)
      if (command !== null) lines.push(`      ${visible(command)}`)
    }
    if (gaps.length > MAX_GAPS)
      lines.push(`  … and ${gaps.length - MAX_GAPS} more, in the archive's manifest`)
  }
  lines.push('', `What it shows: davylamp investigate ${quoteShell(out)}`)
  return `${lines.join('\n')}\n`
}

const MAX_GAPS = 12
