import type { Machine } from '../assets/asset.ts'
import { AssetBook } from '../assets/asset-book.ts'
import { Consumption } from '../cost/consumption.ts'
import type { ClockSkew } from '../assets/clock-skew.ts'
import type { Detector, DetectorContext } from '../detectors/detector.ts'
import { Engine } from '../engine/engine.ts'
import type { Event } from '../event/event.ts'
import type { RuleMatchEvent } from '../event/rule-match.ts'
import type { Finding } from '../event/finding.ts'
import type { RuleBook } from '../sigma/rule-book.ts'
import { PoolNames } from '../incidents/pool-names.ts'
import { Connectors } from '../incidents/connectors.ts'
import { Kills } from '../incidents/kills.ts'
import { LastingFlows } from '../incidents/lasting-flows.ts'
import { CloudCallers } from '../incidents/cloud-callers.ts'
import { ServiceContacts } from '../incidents/service-contacts.ts'
import { Coverage } from './coverage.ts'
import { FindingLedger } from './finding-ledger.ts'
import { InputReports } from './input-reports.ts'
import { type Reading, readEvents } from './read-events.ts'
import { RuleRun } from './rule-run.ts'
import { SameLogins, TWIN_SOURCES } from './same-login.ts'

export interface Progress {
  readonly bytes: number
  readonly records: number
  readonly findings: number
}

export interface AnalysisOptions {
  readonly detectors: readonly Detector[]
  readonly context: DetectorContext
  readonly machines: readonly Machine[]
  /** Rules to run beside the detectors; null: none. */
  readonly rules: RuleBook | null
  /** Epoch ms; events outside are passed over. */
  readonly since: number
  readonly until: number
  groupOf(file: string): string
  onProgress?(progress: Progress): void
}

/** What one reading of the evidence gave. */
export interface Analysis {
  readonly reports: InputReports
  readonly findings: readonly Finding[]
  readonly ledger: FindingLedger
  readonly assets: AssetBook
  readonly coverage: Coverage
  /** What machines worked and what was billed. */
  readonly consumption: Consumption
  readonly contacts: ServiceContacts
  readonly cloudCallers: CloudCallers
  readonly kills: Kills
  readonly connectors: Connectors
  readonly lastingFlows: LastingFlows
  readonly skews: readonly ClockSkew[]
  readonly load: readonly { id: string; keys: number; dropped: number }[]
  readonly events: number
}

/**
 * Reads everything in time order through the detectors. Where it shows that a log was written in
 * another time zone than assumed, everything is read once more with the zone put right: order across
 * files is what the story stands on.
 */
export async function analyse(reading: Reading, options: AnalysisOptions): Promise<Analysis> {
  const first = await readOnce(reading, options)
  if (!reading.zones.learn(first.analysis.skews, first.hostsOf)) return first.analysis
  const again = await readOnce({ ...reading, reports: new InputReports() }, options)
  return again.analysis
}

async function readOnce(
  reading: Reading,
  options: AnalysisOptions,
): Promise<{ analysis: Analysis; hostsOf: (file: string) => ReadonlySet<string> }> {
  const ledger = new FindingLedger()
  const assets = new AssetBook(options.machines, (file) => options.groupOf(file), reading.bySource.size > 1)
  const coverage = new Coverage()
  const consumption = new Consumption()
  const hosts = new HostsOfFiles()
  const poolNames = new PoolNames()
  const lastingFlows = new LastingFlows()
  const kills = new Kills()
  const connectors = new Connectors()
  const cloudCallers = new CloudCallers()
  const contacts = new ServiceContacts((port) => options.context.intel.serviceOn(port))
  const sameLogins = hasTwins(reading) ? new SameLogins() : null
  const engine = new Engine<Event, Finding, DetectorContext>(options.detectors, options.context, (finding) =>
    ledger.record(finding),
  )
  let events = 0
  const rules =
    options.rules === null
      ? null
      : new RuleRun(options.rules, options.context.intel, (finding) => ledger.record(finding))
  const take = (match: RuleMatchEvent): void => {
    if (rules?.correlate(match).isSilent !== true) engine.accept(match)
  }
  for await (const batch of readEvents(rules === null ? reading : { ...reading, rules })) {
    for (const event of batch.events) {
      if (event.time < options.since || event.time > options.until) continue
      if (sameLogins?.isRepeated(event) === true) continue
      if (event.kind === 'rule-match') {
        take(event)
        continue
      }
      events++
      assets.observe(event)
      coverage.observe(event)
      consumption.observe(event)
      hosts.observe(event)
      poolNames.observe(event)
      contacts.observe(event)
      cloudCallers.observe(event)
      kills.observe(event)
      connectors.observe(event)
      lastingFlows.observe(event)
      engine.accept(event)
      if (rules !== null) for (const match of rules.matchesOn(event)) take(match)
    }
    engine.advance(batch.watermark)
    rules?.advance(batch.watermark)
    options.onProgress?.({ ...reading.reports.totals(), findings: ledger.size })
  }
  engine.settle()
  rules?.settle()
  const skews = assets.settle()
  const analysis = {
    reports: reading.reports,
    findings: ledger.all().map((finding) => poolNames.apply(finding)),
    ledger,
    assets,
    coverage,
    consumption,
    contacts,
    cloudCallers,
    kills,
    connectors,
    lastingFlows,
    skews,
    load: [
      ...engine.load(),
      ...(rules === null
        ? []
        : rules.load().map(({ id, groups, dropped }) => ({ id, keys: groups, dropped }))),
    ],
    events,
  }
  return { analysis, hostsOf: (file) => hosts.of(file) }
}

/** Whether log files and journals are both in evidence. */
function hasTwins(reading: Reading): boolean {
  return [...reading.bySource.keys()].filter((source) => TWIN_SOURCES.has(source.id)).length > 1
}

/** Which hosts a file tells of. */
class HostsOfFiles {
  private readonly hosts = new Map<string, Set<string>>()
  private lastFile = ''
  private lastHost = ''

  observe(event: Event): void {
    // Files are read in long runs of one host: most events repeat what the last one said.
    if (event.origin.file === this.lastFile && event.observer === this.lastHost) return
    this.lastFile = event.origin.file
    this.lastHost = event.observer
    if (event.observer.startsWith('ip:')) return
    const known = this.hosts.get(this.lastFile)
    if (known === undefined) this.hosts.set(this.lastFile, new Set([this.lastHost]))
    else known.add(this.lastHost)
  }

  of(file: string): ReadonlySet<string> {
    return this.hosts.get(file) ?? new Set()
  }
}
