import type { Consumed } from '../cost/consumption.ts'
import { highest, lowest } from '../extremes.ts'
import type { Asset } from '../assets/asset.ts'
import type { Finding, LoginFacts } from '../event/finding.ts'
import type { Campaign, Incident, Occupant, WayIn } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import { formatUsd } from '../text/units.ts'
import { coinName } from '../event/coin.ts'
import {
  type AssetEntry,
  type AttentionEntry,
  type CampaignEntry,
  type CoverageEntry,
  type IncidentEntry,
  type InputEntry,
  type Investigation,
  type Money,
  type PressureEntry,
  SCHEMA,
  type Sentence,
  type SkippedEntry,
  type SpendingEntry,
  type StoryFinding,
  type Strip,
} from './document.ts'
import { consumptionStrips } from './consumption-strips.ts'
import { Moments } from './moment.ts'
import { nameOf } from './occupant-name.ts'
import { proofOf, proofs } from './proof.ts'
import { summaryOf, titleOf } from './summary.ts'
import { timelineOf, triesOf } from './timeline.ts'
import { todoOf } from './todo.ts'

/** All that a story is told from. */
export interface Material {
  readonly generatedAt: number
  readonly version: string
  readonly inputs: readonly InputEntry[]
  readonly skipped: readonly SkippedEntry[]
  readonly coverage: readonly CoverageEntry[]
  readonly assets: readonly AssetEntry[]
  readonly incidents: readonly Incident[]
  readonly campaigns: readonly Campaign[]
  readonly moneyOf: (incident: Incident) => Money
  /** What was measured of the machine and billed for it; absent or null = nothing. */
  readonly consumedOf?: (incident: Incident) => Consumed | null
  readonly techniqueOf: (id: string) => { id: string; name: string; v18: string | null } | null
  readonly pressure: readonly (Finding & { readonly facts: LoginFacts })[]
  readonly assetOf: (finding: Finding) => Asset
  readonly attention: readonly AttentionEntry[]
  readonly spending: readonly SpendingEntry[]
  readonly suppressed: readonly { what: string; reason: string; count: number }[]
  readonly notes: readonly string[]
  /** IANA zone for times inside sentences. */
  readonly zone: string
}

export function tellStory(material: Material): Investigation {
  const moments = new Moments(material.zone)
  return {
    schema: SCHEMA,
    generatedAt: formatTime(material.generatedAt),
    tool: { name: 'davylamp', version: material.version },
    inputs: [...material.inputs],
    skipped: [...material.skipped],
    coverage: [...material.coverage],
    assets: [...material.assets],
    incidents: material.incidents
      .map((incident) => tellIncident(incident, material, moments))
      .toSorted(
        (a, b) => (b.money.usdSoFar ?? 0) - (a.money.usdSoFar ?? 0) || a.firstSeen.localeCompare(b.firstSeen),
      ),
    campaigns: material.campaigns.map((campaign) => tellCampaign(campaign, material)),
    pressure: tellPressure(material),
    attention: [...material.attention],
    ...(material.spending.length === 0 ? {} : { spending: [...material.spending] }),
    suppressed: [...material.suppressed],
    notes: [...material.notes],
  }
}

function tellIncident(incident: Incident, material: Material, moments: Moments): IncidentEntry {
  const money = material.moneyOf(incident)
  const { wayIn } = incident
  return {
    id: incident.id,
    aliases: [...incident.aliases],
    asset: { id: incident.asset.id, names: namesOf(incident.asset) },
    severity: incident.severity,
    status: incident.status,
    firstSeen: formatTime(incident.firstSeen),
    lastSeen: formatTime(incident.lastSeen),
    title: titleOf(incident),
    summary: summaryOf(incident, moments),
    wayIn: wayIn === null ? null : tellWayIn(wayIn),
    occupants: incident.occupants.map(tellOccupant),
    tenures: incident.tenures.map((tenure) => ({
      ...tenure,
      start: formatTime(tenure.start),
      end: formatTime(tenure.end),
      evidence: tenure.evidence.map(proofOf),
    })),
    changes: incident.changes.map((change) => ({
      ...change,
      how: [...change.how],
      time: formatTime(change.time),
      evidence: change.evidence.map(proofOf),
    })),
    reach: incident.reach.map(({ what, kind, evidence }) => ({
      what,
      kind,
      evidence: evidence.map(proofOf),
    })),
    money,
    findings: incident.findings.map((finding) => tellFinding(finding, material.techniqueOf)),
    sentences: [...timelineOf(incident), ...moneySentence(incident, money)],
    strips: [
      ...stripsOf(incident),
      ...consumptionStrips(incident, material.consumedOf?.(incident) ?? null, money),
    ],
    todo: todoOf(incident),
  }
}

/** The names people know a machine by, its type behind them. */
function namesOf(asset: Asset): string[] {
  const type = asset.machine?.instanceType
  return type === null || type === undefined ? [...asset.names] : [...asset.names, type]
}

function tellWayIn(wayIn: WayIn): NonNullable<IncidentEntry['wayIn']> {
  return {
    kind: wayIn.kind,
    time: formatTime(wayIn.time),
    srcIp: wayIn.srcIp,
    user: wayIn.user,
    confidence: wayIn.confidence,
    evidence: wayIn.evidence.map(proofOf),
  }
}

/** `mines Monero with XMRig/6.21.0`, where it was seen to. */
function minesOf({ coin, agent, isMiner, isOnlyBusy = false }: Occupant): string[] {
  return isMiner && !isOnlyBusy ? [`mines ${coinName(coin)}${agent === null ? '' : ` with ${agent}`}`] : []
}

function tellCampaign(campaign: Campaign, { incidents }: Material): CampaignEntry {
  const [first] = campaign.occupants
  const incident = incidents.find(({ id }) => id === first?.incident)
  return {
    id: campaign.id,
    name: nameOf(incident?.occupants ?? [], first?.occupant ?? ''),
    occupants: campaign.occupants.map((one) => ({ ...one })),
    sharedBy: campaign.sharedBy.map((one) => ({ ...one, assets: [...one.assets] })),
    spread: campaign.spread.map((step) => ({
      ...step,
      time: formatTime(step.time),
      evidence: step.evidence.map(proofOf),
    })),
  }
}

function tellOccupant(occupant: Occupant): IncidentEntry['occupants'][number] {
  return {
    id: occupant.id,
    family: occupant.family,
    familyConfidence: occupant.familyConfidence,
    ...(occupant.wayIn === null ? {} : { wayIn: tellWayIn(occupant.wayIn) }),
    reasons: [...minesOf(occupant), ...occupant.reasons],
    artefacts: occupant.artefacts.map((artefact) => ({
      ...artefact,
      evidence: artefact.evidence.map(proofOf),
    })),
  }
}

export function tellFinding(finding: Finding, techniqueOf: Material['techniqueOf']): StoryFinding {
  return {
    id: finding.id,
    detector: finding.detector,
    ...(finding.rule === undefined ? {} : { rule: finding.rule }),
    title: finding.title,
    severity: finding.severity,
    confidence: finding.confidence,
    stage: finding.stage,
    attack: finding.attack.map((id) => techniqueEntry(id, techniqueOf)),
    firstSeen: formatTime(finding.firstSeen),
    lastSeen: formatTime(finding.lastSeen),
    count: finding.count,
    evidence: finding.evidence.map(proofOf),
  }
}

function techniqueEntry(id: string, techniqueOf: Material['techniqueOf']): StoryFinding['attack'][number] {
  const technique = techniqueOf(id)
  return { id, name: technique?.name ?? '', v18: technique?.v18 ?? null }
}

/** `In that time the machine has cost $0.14 (t3.large, $0.083 an hour); $60.74 a month if it goes on.` */
function moneySentence(incident: Incident, money: Money): Sentence[] {
  const { usdSoFar, usdPerHour, usdPerMonth } = money
  if (usdSoFar === null || usdPerHour === null || usdPerMonth === null || incident.tenures.length === 0)
    return []
  const type = incident.asset.machine?.instanceType ?? null
  const price = `${formatUsd(usdPerHour)} an hour`
  const basis =
    money.assumedType === undefined
      ? `${type === null ? '' : `${type}, `}${price}`
      : `if it is a ${money.assumedType} at ${price}; name its type with --inventory`
  const goesOn = incident.status === 'ended' ? '' : `; ${formatUsd(usdPerMonth)} a month if it goes on`
  return [
    {
      text: `In that time the machine has cost ${formatUsd(usdSoFar)} (${basis})${goesOn}.`,
      time: formatTime(incident.lastSeen),
      evidence: incident.tenures.flatMap((tenure) => proofs(tenure.evidence.slice(-1), 1)),
    },
  ]
}

const STRIP_STEPS = 60

/** Guessing over time, from the proofs of each guessing finding spread over its span. */
function stripsOf(incident: Incident): Strip[] {
  const guesses = incident.guessing
  if (guesses.length === 0) return []
  const from = lowest(guesses.map((finding) => finding.firstSeen))
  const to = highest([...guesses.map((finding) => finding.lastSeen), from + 1])
  const values = Array.from({ length: STRIP_STEPS }, () => 0)
  const step = (to - from) / STRIP_STEPS
  for (const finding of guesses) {
    const first = Math.min(STRIP_STEPS - 1, Math.floor((finding.firstSeen - from) / step))
    const last = Math.min(STRIP_STEPS - 1, Math.floor((finding.lastSeen - from) / step))
    for (let at = first; at <= last; at++)
      values[at] = (values[at] ?? 0) + finding.facts.tries / (last - first + 1)
  }
  return [{ kind: 'guessing', label: 'guessing', from: formatTime(from), to: formatTime(to), values }]
}

/** As many as a block list takes. */
const MAX_SOURCES = 1000
const STYLES: Readonly<Record<LoginFacts['style'], string>> = {
  fast: 'password guessing',
  slow: 'slow password guessing',
  spray: 'password spraying',
  success: 'login',
}

/** Guessing folds to one line per target and manner. */
function tellPressure(material: Material): PressureEntry[] {
  const groups = Map.groupBy(
    material.pressure,
    (finding) => `${material.assetOf(finding).id}\0${finding.facts.service}\0${STYLES[finding.facts.style]}`,
  )
  const entries: PressureEntry[] = []
  for (const group of groups.values()) {
    const first = group[0]
    if (first === undefined) continue
    const busiest = group.toSorted((a, b) => b.facts.tries - a.facts.tries)
    const sourceIps = [...new Set(busiest.flatMap((finding) => finding.facts.srcIps))]
    const service = first.facts.service === 'sshd' ? 'SSH' : first.facts.service
    entries.push({
      asset: material.assetOf(first).id,
      kind: `${service} ${STYLES[first.facts.style]}`,
      count: triesOf(group),
      sources: highest([sourceIps.length, ...group.map((finding) => finding.facts.sourceCount)]),
      sourceIps: sourceIps.slice(0, MAX_SOURCES),
      firstSeen: formatTime(lowest(group.map((finding) => finding.firstSeen))),
      lastSeen: formatTime(highest(group.map((finding) => finding.lastSeen))),
    })
  }
  return entries.toSorted((a, b) => b.count - a.count)
}
