import { resolve } from 'node:path'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { contentId } from '../event/content-id.ts'
import { loadDoors } from '../intel/doors.ts'
import { readEvents } from '../pipeline/read-events.ts'
import type { Manifest } from '../store/case-store.ts'
import { buildSurface } from '../surface/build-surface.ts'
import { type Surface, SURFACE_SCHEMA } from '../surface/document.ts'
import { formatTime } from '../text/time.ts'
import { visible } from '../text/visible.ts'
import { awsCommands } from './surface-aws-commands.ts'
import type { Composition } from './composition.ts'
import { CaseKeeper } from './keep-case.ts'
import { checkWritable } from './output.ts'
import { type Evidence, openEvidence, type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'
import { knownIncidents, SurfaceReading } from './surface-reading.ts'
import { type SurfaceFormat, surfaceRenderer } from './surface-formats.ts'
import { writePieces } from './surface-output.ts'
import { terminalOptions } from './terminal.ts'
import { VERSION } from './version.ts'

export interface SurfaceOptions extends ReadingOptions {
  readonly format?: SurfaceFormat
  readonly out?: string
  /** A network that is asked about instead of the internet. */
  readonly from?: string
  readonly awsCommands?: boolean
  /** `undefined` = the usual place, `false` = none. */
  readonly case?: string | false
  readonly full?: boolean
  readonly quiet?: boolean
}

/** `davylamp surface PATH…` */
export async function surface(
  paths: readonly string[],
  options: SurfaceOptions,
  commandLine: readonly string[],
  composition: Composition,
): Promise<void> {
  if (options.awsCommands === true) {
    process.stdout.write(awsCommands())
    return
  }
  if (paths.length === 0)
    throw new DavylampError('usage', 'davylamp surface: give a folder with an inventory', {
      hint: 'davylamp surface --aws-commands prints what to run to make one',
    })
  const now = Date.now()
  const render = surfaceRenderer(options)
  if (options.out !== undefined) checkWritable(options.out)
  const evidence = await openEvidence(paths, options, composition, now, options.case !== false)
  let keeper: CaseKeeper | null = null
  try {
    keeper = new CaseKeeper(composition, options.case)
    const reading = new SurfaceReading(options.from ?? null)
    for await (const { events } of readEvents(evidence.reading)) reading.add(events)
    tellSkipped(evidence.skipped)
    tellProblems(evidence.reading.reports)
    const conclusion = buildSurface({
      ...reading.conclude(),
      incidents: await knownIncidents(keeper),
      catalogue: loadDoors(),
      intel: composition.intel,
      now,
    })
    const document = documentOf(conclusion, evidence, options.from ?? null, now)
    const canShow = await keeper.keepSurface({
      manifest: manifestOf(evidence, commandLine, now),
      surface: document,
    })
    const pieces = render(document, {
      ...terminalOptions(process.stdout, process.env),
      ...(options.out === undefined ? {} : { color: false }),
      full: options.full === true,
      quiet: options.quiet === true,
      canShow,
    })
    await writePieces(pieces, options.out)
    process.exitCode = document.exposures.length > 0 ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    evidence.opened.close()
    await keeper?.close()
  }
}

/** What was found, with what it was found in. */
export function documentOf(
  conclusion: ReturnType<typeof buildSurface>,
  { reading, skipped }: Evidence,
  from: string | null,
  now: number,
): Surface {
  return {
    schema: SURFACE_SCHEMA,
    generatedAt: formatTime(now),
    tool: { name: 'davylamp', version: VERSION },
    from: from ?? 'internet',
    usdPerDay: conclusion.usdPerDay,
    totals: conclusion.totals,
    inputs: reading.reports
      .all()
      .map(([, { file, format, records, bad, problems }]) => ({
        file: visible(file),
        format,
        records,
        bad,
        problems: problems.map(visible),
      }))
      .toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    skipped: skipped.map(({ file, reason }) => ({ file: visible(file), reason: visible(reason) })),
    assets: conclusion.assets,
    exposures: conclusion.exposures,
    hygiene: conclusion.hygiene,
    blocked: conclusion.blocked,
    attackPaths: conclusion.attackPaths,
    coverage: conclusion.coverage,
    notes: conclusion.notes,
  }
}

function manifestOf({ opened, reading }: Evidence, commandLine: readonly string[], now: number): Manifest {
  const all = reading.reports.all()
  const digests = opened.digests(all.map(([input]) => input))
  const inputs = all
    .map(([input, report]) => ({
      file: input.name,
      sha256: digests.get(opened.fileOf(input))?.sha256 ?? null,
      storedBytes: input.storedSize,
      format: report.format,
      decisions: report.decisions,
      records: report.records,
      bad: report.bad,
    }))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
  const folder = resolve('.')
  const id = contentId(
    'run',
    VERSION,
    folder,
    ...commandLine,
    ...inputs.flatMap(({ file, sha256 }) => [file, sha256 ?? '']),
  )
  return {
    id,
    createdAt: formatTime(now),
    toolVersion: VERSION,
    folder,
    commandLine: [...commandLine],
    inputs,
  }
}
