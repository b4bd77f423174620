import { highest, lowest } from '../extremes.ts'
import ipaddr from 'ipaddr.js'
import type { Asset, Machine } from '../assets/asset.ts'
import { identifiersOf } from '../assets/asset-book.ts'
import type { SessionSpan } from '../assets/session-logins.ts'
import type { Consumed } from '../cost/consumption.ts'
import type { Finding } from '../event/finding.ts'
import type { Evidence } from '../event/origin.ts'
import { isAtLeast, SEVERITIES, type Severity } from '../event/finding.ts'
import { withoutEchoes } from '../incidents/echoes.ts'
import { withoutFightEchoes } from '../incidents/fight-echoes.ts'
import { buildIncidents } from '../incidents/build.ts'
import { campaignsOf } from '../incidents/campaigns.ts'
import type { Incident } from '../incidents/incident.ts'
import type { Watched } from '../incidents/occupation/tenures.ts'
import type { Signs } from '../incidents/unseen-mining.ts'
import { isLogin } from '../incidents/way-in.ts'
import type { Skipped } from '../inputs/input.ts'
import type { Intel } from '../intel/intel.ts'
import type { Policy } from '../policy/policy.ts'
import { isAccount } from '../story/account.ts'
import type { AttentionEntry, InputEntry, Investigation, Money, StoryFinding } from '../story/document.ts'
import { coverageEntries, machineEntry, type MachineView } from '../story/machines.ts'
import type { Sighting } from '../story/sight.ts'
import { droppedNote, lateNote, skewNotes, surplusNote } from '../story/notes.ts'
import { tellFinding, tellStory } from '../story/tell.ts'
import { formatTime } from '../text/time.ts'
import type { Analysis } from './analyse.ts'
import { CAPTURE, type Coverage, type CoveredRange } from './coverage.ts'
import { publish, publishAct, publishEvidence } from './masking.ts'
import { spendingOf } from './spending.ts'

export interface ConclusionOptions {
  readonly now: number
  readonly version: string
  readonly zone: string
  readonly machines: readonly Machine[]
  readonly policy: Policy
  readonly intel: Intel
  readonly moneyOf: (incident: Incident, consumed: Consumed | null) => Money
  readonly showSecrets: boolean
  readonly minSeverity: Severity
  /** Only this machine, by any of its names; null = all. */
  readonly asset: string | null
}

/** Addresses without a name that are listed as machines of their own, at most. */
const MAX_ADDRESSES = 1000
const MAX_ATTENTION = 500

export interface Conclusion {
  readonly investigation: Investigation
  /** Findings that belong to no incident: pressure, and what an administrator could have done. */
  readonly unattached: readonly { readonly asset: string; readonly body: StoryFinding }[]
}

/** Draws the conclusions of an analysis and tells them as a story. */
export function conclude(
  analysis: Analysis,
  skipped: readonly Skipped[],
  options: ConclusionOptions,
): Conclusion {
  const { assets } = analysis
  const assetOf = (finding: Finding): Asset => assets.assetOf(finding.subjects[0] ?? '')
  const published = analysis.findings.map((finding) =>
    publish(placed(finding, analysis), options.showSecrets),
  )
  const { kept, suppressed } = sift(
    withoutFightEchoes(withoutEchoes(published, assetOf), assetOf),
    assetOf,
    options.policy,
  )
  const shown = <T extends { readonly evidence: Evidence }>(told: T): T => ({
    ...told,
    evidence: publishEvidence(told.evidence, options.showSecrets),
  })
  const incidents = buildIncidents(kept, {
    assetOf: (id) => assets.assetOf(id),
    sessionOf: (pid, srcIp) => assets.sessionOf(pid, srcIp),
    sessionAt: (asset, session, time) =>
      publishedSpan(assets.sessionAt(asset, session, time), options.showSecrets),
    watched: (asset) => watchedOf(asset, analysis),
    nameOf: (artefacts, acts) => options.intel.familyOf(artefacts, acts),
    signsOf: (asset) => {
      const signs = signsOf(asset, analysis)
      return { ...signs, flowsBegun: (from, to) => signs.flowsBegun(from, to).map(shown) }
    },
    killsOf: (asset) =>
      analysis.kills.of(asset.identifiers).map((act) => publishAct(act, options.showSecrets)),
    containersOf: (asset) => analysis.kills.containersOf(asset.identifiers),
    connectorsTo: (asset, ip, port) => analysis.connectors.to(asset.identifiers, ip, port),
    visitOf: (asset, time, raw) => {
      const visit = analysis.cloudCallers.visitOf(asset.identifiers, time, raw)
      return visit === null ? null : shown(visit)
    },
    contactsBetween: (asset, from, to) => analysis.contacts.between(asset.identifiers, from, to).map(shown),
  })
  const pressure = kept.filter((finding) => finding.stage === 'pressure').filter(isLogin)
  const views = machineViews(analysis, incidents, kept, options)
  const isWanted = (asset: Asset | undefined): boolean =>
    options.asset === null ||
    (asset !== undefined && (asset.id === options.asset || asset.names.includes(options.asset)))
  const wanted = views.filter((view) => isWanted(view.asset))
  const consumedOf = (incident: Incident): Consumed | null =>
    analysis.consumption.of(incident.asset.identifiers)
  const techniqueOf = (id: string): ReturnType<Intel['technique']> => options.intel.technique(id)
  const attached = new Set(
    incidents.flatMap(({ findings, absorbed }) => [...findings.map(({ id }) => id), ...absorbed]),
  )
  const unattached = kept
    .filter((finding) => !attached.has(finding.id))
    .map((finding) => ({ asset: assetOf(finding).id, body: tellFinding(finding, techniqueOf) }))
  const investigation = tellStory({
    generatedAt: options.now,
    version: options.version,
    inputs: inputEntries(analysis),
    skipped,
    coverage: wanted.flatMap(coverageEntries),
    assets: wanted.map(machineEntry),
    incidents: incidents.filter(
      (incident) => isAtLeast(incident.severity, options.minSeverity) && isWanted(incident.asset),
    ),
    campaigns: campaignsOf(incidents),
    moneyOf: (incident) => options.moneyOf(incident, consumedOf(incident)),
    consumedOf,
    techniqueOf,
    pressure: isAtLeast('low', options.minSeverity)
      ? pressure.filter((finding) => isWanted(assetOf(finding)))
      : [],
    assetOf,
    attention: attentionOf(
      unattached.filter(
        ({ asset }) =>
          options.asset === null || asset === options.asset || wanted.some((view) => view.asset.id === asset),
      ),
      options.minSeverity,
    ),
    spending: spendingOf(analysis, {
      plateaus: kept.filter(({ detector }) => detector === 'cpu-plateau'),
      isTold: (asset) => incidents.some((incident) => incident.asset.id === asset.id),
      isWanted,
      priceOf: (type) => options.intel.priceOf(type),
      showSecrets: options.showSecrets,
      minSeverity: options.minSeverity,
      zone: options.zone,
    }),
    suppressed,
    notes: notesOf(analysis),
    zone: options.zone,
  })
  return { investigation, unattached }
}

/** What makes no incident and is more than guessing and context, gravest first. */
function attentionOf(unattached: Conclusion['unattached'], minSeverity: Severity): AttentionEntry[] {
  const floor = isAtLeast(minSeverity, 'low') ? minSeverity : 'low'
  return unattached
    .filter(({ body }) => body.stage !== 'pressure' && isAtLeast(body.severity, floor))
    .map(({ asset, body }) => ({ ...body, asset }))
    .toSorted(
      (a, b) =>
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
        a.firstSeen.localeCompare(b.firstSeen),
    )
    .slice(0, MAX_ATTENTION)
}

/** One private address may stand for machines of several networks: the folder its proof lies in tells which. */
function placed(finding: Finding, { assets }: Analysis): Finding {
  const [subject = '', ...others] = finding.subjects
  const host = assets.hostBehind(
    subject,
    finding.evidence.map((evidence) => evidence.file),
  )
  return host === subject ? finding : { ...finding, subjects: [host, subject, ...others] }
}

function publishedSpan(span: SessionSpan | null, showSecrets: boolean): SessionSpan | null {
  if (span === null) return null
  return { ...span, login: { ...span.login, evidence: publishEvidence(span.login.evidence, showSecrets) } }
}

/** Takes out what the operator knows about; counts it. */
function sift(
  findings: readonly Finding[],
  assetOf: (finding: Finding) => Asset,
  policy: Policy,
): { kept: Finding[]; suppressed: { what: string; reason: string; count: number }[] } {
  const kept: Finding[] = []
  const counts = new Map<string, { what: string; reason: string; count: number }>()
  for (const finding of findings) {
    const known = policy.suppresses(finding, assetOf(finding).names)
    if (known === null) {
      kept.push(finding)
      continue
    }
    const key = `${known.what}\0${known.reason}`
    const entry = counts.get(key) ?? { ...known, count: 0 }
    entry.count++
    counts.set(key, entry)
  }
  return { kept, suppressed: [...counts.values()] }
}

function signsOf({ identifiers }: Asset, { lastingFlows, consumption, coverage }: Analysis): Signs {
  const captured = coverage.rangesOf(identifiers, 'capture')
  const isCaptured = (at: number): boolean => captured.some(({ from, to }) => at >= from && at <= to)
  const cpu = consumption.of(identifiers)?.cpu ?? null
  return {
    // A flow log knows a connection by the minute: where a capture saw it too, that knows better.
    flowsBegun: (from, to) =>
      lastingFlows
        .begunBetween(identifiers, from, to)
        .filter((flow) => flow.evidence.source === CAPTURE || !isCaptured(flow.from)),
    busyBetween: (from, to) => cpu?.mean(from, to)?.value ?? null,
    measuredTo: cpu?.to ?? null,
    isCaptured,
  }
}

function watchedOf(asset: Asset, analysis: Analysis): Watched {
  const network = analysis.coverage.rangesOf(asset.identifiers, 'network')
  const first = network[0]?.from ?? null
  const last = network.at(-1)?.to ?? null
  const processTo = analysis.coverage.rangesOf(asset.identifiers, 'process').at(-1)?.to ?? null
  const killsTo = analysis.kills.areTold(asset.identifiers) ? processTo : null
  if (first === null || last === null)
    return { networkFrom: null, networkTo: null, processTo, killsTo, wasWatched: () => false }
  // A quiet machine was watched as long as the captures that show it run.
  const watched = joinedRanges([...network, ...captureRanges(analysis, first, last)])
  return {
    networkFrom: lowest([first, ...watched.map((range) => range.from)]),
    networkTo: highest([last, ...watched.map((range) => range.to)]),
    processTo,
    killsTo,
    wasWatched: (from, to) => watched.some((range) => range.from <= from && range.to >= to),
  }
}

function captureRanges(analysis: Analysis, first: number, last: number): CoveredRange[] {
  return analysis.reports.all().flatMap(([, { format, from, to }]) => {
    const isAround = format === 'capture' && from !== null && to !== null && from <= last && to >= first
    return isAround ? [{ from, to }] : []
  })
}

/** Captures that rotate leave a moment between one file and the next. */
const ROTATION_MS = 60_000

function joinedRanges(ranges: readonly CoveredRange[]): CoveredRange[] {
  const joined: { from: number; to: number }[] = []
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const before = joined.at(-1)
    if (before !== undefined && from - before.to <= ROTATION_MS) before.to = Math.max(before.to, to)
    else joined.push({ from, to })
  }
  return joined
}

function machineViews(
  analysis: Analysis,
  incidents: readonly Incident[],
  findings: readonly Finding[],
  options: ConclusionOptions,
): MachineView[] {
  const assets = new Map<string, Asset>()
  const add = (id: string): void => {
    const asset = analysis.assets.assetOf(id)
    assets.set(asset.id, asset)
  }
  for (const observer of analysis.assets.observers()) add(observer)
  for (const finding of findings) add(finding.subjects[0] ?? '')
  for (const machine of options.machines) for (const id of identifiersOf(machine).slice(0, 1)) add(id)
  for (const address of analysis.coverage.addresses(isInternal)) {
    if (assets.size >= MAX_ADDRESSES) break
    add(address)
  }
  const pressed = new Set(
    findings
      .filter((finding) => finding.stage === 'pressure')
      .map((finding) => analysis.assets.assetOf(finding.subjects[0] ?? '').id),
  )
  const rises = new Map(
    findings
      .filter(({ detector }) => detector === 'cpu-plateau')
      .map(({ subjects, title }) => [analysis.assets.assetOf(subjects[0] ?? '').id, title]),
  )
  const incidentsOf = Map.groupBy(incidents, (incident) => incident.asset.id)
  const captures = captureTimes(analysis.reports)
  return [...assets.values()]
    .filter((asset) => !isAccount(asset) || incidentsOf.has(asset.id)) // an account is no machine to judge
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((asset) => ({
      asset,
      incidents: incidentsOf.get(asset.id) ?? [],
      isUnderPressure: pressed.has(asset.id),
      loadRise: rises.get(asset.id) ?? null,
      seen: sightingOf(asset, analysis.coverage, captures),
      ranges: {
        network: analysis.coverage.rangesOf(asset.identifiers, 'network'),
        login: analysis.coverage.rangesOf(asset.identifiers, 'login'),
        process: analysis.coverage.rangesOf(asset.identifiers, 'process'),
        snapshot: analysis.coverage.rangesOf(asset.identifiers, 'snapshot'),
      },
    }))
}

/** What was seen of a machine; captures count for as long as they run, also while it is silent. */
function sightingOf(
  { identifiers }: Asset,
  coverage: Coverage,
  captures: ReadonlyMap<string, CoveredRange>,
): Sighting {
  const { files, ...seen } = coverage.sightingOf(identifiers)
  const ranges = joinedRanges(files.map((file) => captures.get(file)).filter((range) => range !== undefined))
  return { ...seen, capturedMs: ranges.reduce((sum, { from, to }) => sum + (to - from), 0) }
}

function captureTimes(reports: Analysis['reports']): ReadonlyMap<string, CoveredRange> {
  return new Map(
    reports
      .all()
      .flatMap(([, { file, from, to }]) =>
        from === null || to === null ? [] : [[file, { from, to }] as const],
      ),
  )
}

/** Of a private network: one of the owner's machines, most likely. */
function isInternal(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false
  const range = ipaddr.process(ip).range()
  return (
    (range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat') && !ip.endsWith('.255')
  )
}

function inputEntries(analysis: Analysis): InputEntry[] {
  return analysis.reports
    .all()
    .map(([input, report]) => ({
      ...report,
      storedBytes: input.storedSize,
      from: report.from === null ? null : formatTime(report.from),
      to: report.to === null ? null : formatTime(report.to),
    }))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
}

function notesOf(analysis: Analysis): string[] {
  const late = analysis.reports
    .all()
    .map(([, report]) => report)
    .filter((report) => report.late > 0)
  const surplus = [...analysis.ledger.surplus.values()].reduce((sum, count) => sum + count, 0)
  return [
    ...skewNotes(analysis.skews),
    ...analysis.load.filter((load) => load.dropped > 0).map((load) => droppedNote(load.id, load.dropped)),
    ...(surplus > 0 ? [surplusNote(surplus)] : []),
    ...(late.length > 0 ? [lateNote(late)] : []),
  ]
}
