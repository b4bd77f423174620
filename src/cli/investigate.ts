import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { contentId } from '../event/content-id.ts'
import type { Severity } from '../event/finding.ts'
import { type Analysis, analyse } from '../pipeline/analyse.ts'
import { conclude } from '../pipeline/conclude.ts'
import type { CaseStore, Manifest } from '../store/case-store.ts'
import type { Investigation } from '../story/document.ts'
import { formatTime } from '../text/time.ts'
import type { Composition } from './composition.ts'
import { ProgressLine } from './progress.ts'
import { type Evidence, openEvidence, type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'
import { terminalOptions } from './terminal.ts'
import { VERSION } from './version.ts'

export interface InvestigateOptions extends ReadingOptions {
  readonly format: string
  readonly out?: string
  readonly case: string | false
  readonly inventory?: string
  readonly config?: string
  readonly asset?: string
  readonly minSeverity: Severity
  readonly quiet?: boolean
}

/** `davylamp investigate PATH…` */
export async function investigate(
  paths: readonly string[],
  options: InvestigateOptions,
  commandLine: readonly string[],
  composition: Composition,
): Promise<void> {
  const now = Date.now()
  const operator = composition.readOperator({
    config: options.config ?? null,
    inventory: options.inventory ?? null,
  })
  const store = options.case === false ? null : openCase(composition, options.case)
  const evidence = await openEvidence(paths, options, composition, now)
  try {
    tellSkipped(evidence.skipped)
    const groups = new Map(evidence.opened.inputs.map((input) => [input.name, input.group]))
    const progress = new ProgressLine(process.stderr, evidence.totalBytes, options.quiet === true)
    const analysis = await analyse(evidence.reading, {
      detectors: composition.detectors,
      context: { intel: composition.intel },
      machines: operator.machines,
      since: evidence.since,
      until: evidence.until,
      groupOf: (file) => groups.get(file) ?? '',
      onProgress: (now) => progress.show(now),
    })
    progress.clear()
    tellProblems(analysis.reports)
    const { investigation, unattached } = conclude(analysis, evidence.skipped, {
      now,
      version: VERSION,
      zone: evidence.zone.name,
      machines: operator.machines,
      policy: operator.policy,
      intel: composition.intel,
      moneyOf: (incident) => composition.moneyOf(incident),
      showSecrets: options.showSecrets === true,
      minSeverity: options.minSeverity,
      asset: options.asset ?? null,
    })
    if (store !== null) {
      await store.add({
        manifest: manifestOf(evidence, analysis, commandLine, now),
        assets: investigation.assets,
        incidents: investigation.incidents,
        findings: [
          ...investigation.incidents.flatMap((incident) =>
            incident.findings.map((body) => ({ asset: incident.asset.id, incident: incident.id, body })),
          ),
          ...unattached.map(({ asset, body }) => ({ asset, incident: null, body })),
        ],
      })
    }
    output(investigation, options, evidence.zone.name, composition, store !== null)
    process.exitCode = investigation.incidents.length > 0 ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    evidence.opened.close()
    await store?.close()
  }
}

function openCase(composition: Composition, folder: string): CaseStore {
  try {
    return composition.openCase(join(folder, 'case.sqlite'))
  } catch (cause) {
    throw new DavylampError('case-unusable', `cannot keep the case in ${folder}: ${reasonOf(cause)}`, {
      hint: 'name another place with --case DIR, or keep none with --no-case',
      cause,
    })
  }
}

function output(
  investigation: Investigation,
  options: InvestigateOptions,
  timezone: string,
  composition: Composition,
  canShow: boolean,
): void {
  const report = composition.reports.find((candidate) => candidate.id === options.format)
  if (report === undefined) throw new DavylampError('usage', `--format ${options.format}: no such format`)
  const text = report.render(investigation, {
    ...terminalOptions(process.stdout, process.env),
    ...(options.out === undefined ? {} : { color: false }),
    timezone,
    quiet: options.quiet === true,
    canShow,
  })
  if (options.out === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    writeFileSync(options.out, text)
  } catch (cause) {
    throw new DavylampError('output-unwritable', `cannot write ${options.out}: ${reasonOf(cause)}`, { cause })
  }
}

function manifestOf(
  evidence: Evidence,
  analysis: Analysis,
  commandLine: readonly string[],
  now: number,
): Manifest {
  const digests = evidence.opened.digests(analysis.reports.all().map(([input]) => input))
  const inputs = analysis.reports
    .all()
    .map(([input, report]) => ({
      file: input.name,
      sha256: digests.get(evidence.opened.fileOf(input))?.sha256 ?? null,
      storedBytes: input.storedSize,
      format: report.format,
      decisions: report.decisions,
      records: report.records,
      bad: report.bad,
    }))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
  const id = contentId(
    'run',
    VERSION,
    ...commandLine,
    ...inputs.flatMap((input) => [input.file, input.sha256 ?? '']),
  )
  return { id, createdAt: formatTime(now), toolVersion: VERSION, commandLine: [...commandLine], inputs }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
