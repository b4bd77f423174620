import { DavylampError } from '../errors.ts'
import type { OpenedInputs } from '../inputs/open.ts'
import { InputReports } from '../pipeline/input-reports.ts'
import type { Reading } from '../pipeline/read-events.ts'
import { datedRanges, survey } from '../pipeline/survey.ts'
import { Zones } from '../pipeline/zones.ts'
import type { Skipped } from '../inputs/input.ts'
import { visible } from '../text/visible.ts'
import type { Composition } from './composition.ts'
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
  readonly skipped: readonly Skipped[]
  readonly zone: UserZone
  readonly since: number
  readonly until: number
  /** Stored bytes of all that is read, for the progress bar. */
  readonly totalBytes: number
}

/** Opens and recognises what was given; tells on standard error what is left out. */
export async function openEvidence(
  paths: readonly string[],
  options: ReadingOptions,
  composition: Composition,
  now: number,
): Promise<Evidence> {
  const zone = parseZone(options.timezone ?? 'UTC')
  const since =
    options.since === undefined ? Number.NEGATIVE_INFINITY : parseTimeArgument('--since', options.since, now)
  const until =
    options.until === undefined ? Number.POSITIVE_INFINITY : parseTimeArgument('--until', options.until, now)
  const opened = await composition.openInputs(paths)
  const { bySource, skipped: unknown } = survey(opened.inputs, composition.sources)
  const skipped = [...opened.skipped, ...unknown]
  if (opened.inputs.length === 0 && opened.skipped.length > 0) {
    opened.close()
    const [first] = opened.skipped
    const more = opened.skipped.length > 1 ? ` (and ${opened.skipped.length - 1} more)` : ''
    throw new DavylampError('nothing-to-read', `cannot read ${first?.file}: ${first?.reason}${more}`, {
      hint: 'give files, folders or archives with evidence: captures, auth.log, audit.log',
    })
  }
  const said =
    options.timezone === undefined
      ? null
      : { minutesAt: (wallMs: number) => zone.minutesAt(wallMs), why: 'as --timezone says' }
  const read = [...bySource.values()].flat()
  return {
    opened,
    reading: {
      bySource,
      datedRanges: datedRanges(bySource),
      reports: new InputReports(),
      zones: new Zones(said),
      now,
    },
    skipped,
    zone,
    since,
    until,
    totalBytes: read.reduce((sum, input) => sum + (input.storedSize ?? 0), 0),
  }
}

/** One line per file that is left out or damaged. */
export function tellSkipped(skipped: readonly Skipped[]): void {
  for (const { file, reason } of skipped)
    process.stderr.write(`davylamp: ${visible(file)}: skipped: ${visible(reason)}\n`)
}

export function tellProblems(reports: InputReports): void {
  for (const [, report] of reports.all()) {
    for (const problem of report.problems)
      process.stderr.write(`davylamp: ${visible(report.file)}: ${visible(problem)}\n`)
  }
}
