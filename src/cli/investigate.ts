import { resolve } from 'node:path'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { contentId } from '../event/content-id.ts'
import type { Severity } from '../event/finding.ts'
import { type Analysis, analyse } from '../pipeline/analyse.ts'
import { conclude } from '../pipeline/conclude.ts'
import type { Report, TlpLevel } from '../reports/report.ts'
import type { CaseEntry, Manifest } from '../store/case-store.ts'
import type { Investigation } from '../story/document.ts'
import { formatTime } from '../text/time.ts'
import type { Composition } from './composition.ts'
import { CaseKeeper } from './keep-case.ts'
import { checkWritable, reportFor, writeReport } from './output.ts'
import { ProgressTable } from './progress.ts'
import { type Evidence, openEvidence, type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'
import { ruleBook } from './rule-book.ts'
import { terminalOptions } from './terminal.ts'
import type { ThisHost } from './this-host.ts'
import { VERSION } from './version.ts'

export interface InvestigateOptions extends ReadingOptions {
  /** Look at this machine first, and take what it shows for evidence. */
  readonly thisHost?: boolean
  readonly format?: string
  readonly out?: string
  /** `undefined` = the usual place, `false` = none. */
  readonly case?: string | false
  readonly inventory?: string
  readonly config?: string
  readonly asset?: string
  readonly minSeverity?: Severity
  readonly full?: boolean
  readonly tlp?: TlpLevel
  readonly quiet?: boolean
  /** More rules; `false` = none at all. */
  readonly rules?: readonly string[] | boolean
  /** Mapping files for these. */
  readonly mapping?: readonly string[]
}

/** `davylamp investigate PATH…` */
export async function investigate(
  paths: readonly string[],
  options: InvestigateOptions,
  commandLine: readonly string[],
  composition: Composition,
): Promise<void> {
  if (paths.length === 0 && options.thisHost !== true)
    throw new DavylampError('usage', 'no evidence given', {
      hint: 'give files, folders or archives; or --this-host to look at this machine',
    })
  const report = reportFor(composition.reports, options)
  if (options.tlp !== undefined && report.id !== 'stix')
    throw new DavylampError('usage', '--tlp marks STIX only: add --format stix')
  if (options.out !== undefined) checkWritable(options.out)
  const operator = composition.readOperator({
    config: options.config ?? null,
    inventory: options.inventory ?? null,
  })
  const thisHost = options.thisHost === true ? await lookAtThisHost(options.since) : null
  const given = thisHost === null ? paths : [...paths, thisHost.file]
  try {
    await investigateGiven(given, { options, operator, report }, commandLine, composition)
  } finally {
    thisHost?.remove()
  }
}

async function lookAtThisHost(since: string | undefined): Promise<ThisHost> {
  const { collectThisHost } = await import('./this-host.ts')
  return collectThisHost(since)
}

interface Asked {
  readonly options: InvestigateOptions
  readonly operator: ReturnType<Composition['readOperator']>
  readonly report: Report
}

async function investigateGiven(
  paths: readonly string[],
  { options, operator, report }: Asked,
  commandLine: readonly string[],
  composition: Composition,
): Promise<void> {
  const now = Date.now()
  const evidence = await openEvidence(paths, options, composition, now, options.case !== false)
  let keeper: CaseKeeper | null = null
  try {
    keeper = new CaseKeeper(composition, options.case)
    const analysis = await analyseEvidence(evidence, options, operator.machines, composition)
    const conclusion = conclude(analysis, evidence.skipped, {
      now,
      version: VERSION,
      zone: evidence.zone.name,
      machines: operator.machines,
      policy: operator.policy,
      intel: composition.intel,
      moneyOf: (incident, consumed) => composition.moneyOf(incident, consumed),
      showSecrets: options.showSecrets === true,
      minSeverity: options.minSeverity ?? 'info',
      asset: options.asset ?? null,
    })
    const { investigation } = conclusion
    if (options.asset !== undefined && investigation.assets.length === 0)
      throw noSuchAsset(options.asset, analysis)
    const canShow = await keeper.keep({
      manifest: manifestOf(evidence, analysis, commandLine, now),
      assets: investigation.assets,
      incidents: investigation.incidents,
      findings: findingsOf(conclusion),
    })
    output(investigation, report, options, evidence.zone.name, canShow)
    process.exitCode = investigation.incidents.length > 0 ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    evidence.opened.close()
    await keeper?.close()
  }
}

async function analyseEvidence(
  evidence: Evidence,
  options: InvestigateOptions,
  machines: Parameters<typeof analyse>[1]['machines'],
  composition: Composition,
): Promise<Analysis> {
  const groups = new Map(evidence.inputs.map((input) => [input.name, input.group]))
  const { unicode } = terminalOptions(process.stdout, process.env)
  const progress = new ProgressTable(
    {
      out: process.stderr,
      inputs: evidence.inputs,
      skipped: evidence.skipped,
      reports: evidence.reading.reports,
      isQuiet: options.quiet === true,
      unicode,
    },
    process.env,
  )
  if (!progress.isShown) tellSkipped(evidence.skipped)
  try {
    const analysis = await analyse(evidence.reading, {
      detectors: composition.detectors,
      context: { intel: composition.intel },
      machines,
      rules: ruleBook(options.rules, composition.ruleFolder, {
        mappings: options.mapping,
        hasCloud: [...evidence.reading.bySource.keys()].some(({ kinds }) => kinds.includes('cloud-api')),
      }),
      since: evidence.since,
      until: evidence.until,
      groupOf: (file) => groups.get(file) ?? '',
      onProgress: (progressNow) => progress.show(progressNow),
    })
    progress.finish()
    tellProblems(analysis.reports)
    return analysis
  } catch (error) {
    progress.clear()
    throw error
  }
}

function noSuchAsset(name: string, analysis: Analysis): DavylampError {
  const known = [
    ...new Set([...analysis.assets.observers()].map((id) => analysis.assets.assetOf(id).id)),
  ].toSorted()
  const more = known.length > MAX_NAMES ? `, … (${known.length} in all)` : ''
  const hint = `there are ${known.slice(0, MAX_NAMES).join(', ')}${more}`
  const message = `--asset ${name}: no such machine in this evidence`
  return new DavylampError('usage', message, known.length === 0 ? {} : { hint })
}

const MAX_NAMES = 8

function findingsOf({ investigation, unattached }: ReturnType<typeof conclude>): CaseEntry['findings'] {
  return [
    ...investigation.incidents.flatMap((incident) =>
      incident.findings.map((body) => ({ asset: incident.asset.id, incident: incident.id, body })),
    ),
    ...unattached.map(({ asset, body }) => ({ asset, incident: null, body })),
  ]
}

function output(
  investigation: Investigation,
  report: Report,
  options: InvestigateOptions,
  timezone: string,
  canShow: boolean,
): void {
  const text = report.render(investigation, {
    ...terminalOptions(process.stdout, process.env),
    ...(options.out === undefined ? {} : { color: false }),
    timezone,
    quiet: options.quiet === true,
    full: options.full === true,
    tlp: options.tlp ?? null,
    canShow,
  })
  if (options.out === undefined) process.stdout.write(text)
  else writeReport(options.out, text)
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
  const folder = resolve('.')
  const id = contentId(
    'run',
    VERSION,
    folder,
    ...commandLine,
    ...inputs.flatMap((input) => [input.file, input.sha256 ?? '']),
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
