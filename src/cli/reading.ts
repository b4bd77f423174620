import { accessSync, constants } from 'node:fs'
import { DavylampError } from '../errors.ts'
import { type OpenedInputs, STANDARD_INPUT } from '../inputs/open.ts'
import { InputReports } from '../pipeline/input-reports.ts'
import type { Reading } from '../pipeline/read-events.ts'
import { datedRanges, survey } from '../pipeline/survey.ts'
import { Zones } from '../pipeline/zones.ts'
import type { Input, Skipped } from '../inputs/input.ts'
import { visible } from '../text/visible.ts'
import { checkCollections } from './collected.ts'
import type { Composition } from './composition.ts'
import { withoutCases } from './own-case.ts'
import { parseTimeArgument } from './time-argument.ts'
import { parseZone, type UserZone } from './zone.ts'

/** Options that every command that reads evidence has. */
export interface ReadingOptions {
  readonly since?: string
  readonly until?: string
  readonly timezone?: string
  readonly showSecrets?: boolean
}

/** Evidence, opened and sorted by who reads it. Whoever gets it closes `opened`. */
export interface Evidence {
  readonly opened: OpenedInputs
  readonly reading: Reading
  /** What is read, in the order given. */
  readonly inputs: readonly Input[]
  readonly skipped: readonly Skipped[]
  readonly zone: UserZone
  readonly since: number
  readonly until: number
}

/** What was given, opened, and how the user wants it read. Whoever gets it closes `opened`. */
export interface Given {
  readonly opened: OpenedInputs
  readonly inputs: readonly Input[]
  readonly skipped: readonly Skipped[]
  readonly zone: UserZone
  readonly since: number
  readonly until: number
}

/** Opens what was given. Throws `usage` and `nothing-to-read`. */
export async function openGiven(
  paths: readonly string[],
  options: ReadingOptions,
  composition: Pick<Composition, 'openInputs'>,
  now: number,
  isHashed = false,
): Promise<Given> {
  const zone = parseZone(options.timezone ?? 'UTC')
  const span = spanOf(options, now)
  const opened = await composition.openInputs(paths, isHashed)
  // What can be read and is left out (an empty log, an Office file) changes no exit code.
  const isUnreadable =
    opened.inputs.length === 0 &&
    !paths.some(isReadable) &&
    opened.skipped.every(({ reason }) => reason !== 'empty')
  const [first] = opened.skipped
  if (isUnreadable && first !== undefined) {
    opened.close()
    const more = opened.skipped.length > 1 ? ` (and ${opened.skipped.length - 1} more)` : ''
    throw new DavylampError('nothing-to-read', `cannot read ${first.file}: ${first.reason}${more}`, {
      hint: 'give files, folders or archives with evidence: captures, auth.log, audit.log',
    })
  }
  return { opened, ...withoutCases(opened.inputs, opened.skipped), zone, ...span }
}

/** Opens and recognises what was given. Throws `usage` and `nothing-to-read`. */
export async function openEvidence(
  paths: readonly string[],
  options: ReadingOptions,
  composition: Pick<Composition, 'sources' | 'openInputs'> & Partial<Pick<Composition, 'flowModel'>>,
  now: number,
  isHashed = false,
): Promise<Evidence> {
  const found = await openGiven(paths, options, composition, now, isHashed)
  const { opened, zone, since, until } = found
  const { bySource, skipped: unknown } = survey(found.inputs, composition.sources)
  const skipped = [...found.skipped, ...unknown, ...(await checkCollections(found.inputs))]
  const said =
    options.timezone === undefined
      ? null
      : { minutesAt: (wallMs: number) => zone.minutesAt(wallMs), why: 'as --timezone says' }
  const read = new Set([...bySource.values()].flat())
  return {
    opened,
    reading: {
      flowModel: await composition.flowModel?.(),
      bySource,
      datedRanges: datedRanges(bySource),
      reports: new InputReports(),
      zones: new Zones(said),
      now,
    },
    inputs: found.inputs.filter((input) => read.has(input)),
    skipped,
    zone,
    since,
    until,
  }
}

/** Epoch ms, both ends included. */
export function spanOf(options: ReadingOptions, now: number): { since: number; until: number } {
  const since =
    options.since === undefined ? Number.NEGATIVE_INFINITY : parseTimeArgument('--since', options.since, now)
  const until =
    options.until === undefined ? Number.POSITIVE_INFINITY : parseTimeArgument('--until', options.until, now)
  if (since > until)
    throw new DavylampError('usage', `--since ${options.since} is later than --until ${options.until}`)
  return { since, until }
}

/** One line per file that is left out. */
export function tellSkipped(skipped: readonly Skipped[]): void {
  for (const { file, reason } of skipped)
    process.stderr.write(`davylamp: ${visible(file)}: skipped: ${visible(reason)}\n`)
}

/** One line per thing that was wrong with a file. */
export function tellProblems(reports: InputReports): void {
  for (const [, report] of reports.all()) {
    for (const problem of report.problems)
      process.stderr.write(`davylamp: ${visible(report.file)}: ${visible(problem)}\n`)
  }
}

/** Whether there is something at a path, and it may be read. */
function isReadable(path: string): boolean {
  if (path === STANDARD_INPUT) return false
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
