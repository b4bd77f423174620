import type { IncidentEntry, Investigation, Occupant, Proof, StoryFinding } from '../story/document.ts'

/** Something that gives an intruder away, as one incident shows it. */
export interface FoundArtefact {
  readonly type: string
  readonly value: string
  readonly incident: IncidentEntry
  /** Null for what belongs to the way in, whoever came that way. */
  readonly occupant: Occupant | null
  /** RFC 3339, UTC. */
  readonly first: string
  readonly last: string
  /** 0 to 1. */
  readonly confidence: number
  readonly reason: string
  /** What was concluded from the same records, the surest first. */
  readonly findings: readonly StoryFinding[]
}

/** All artefacts of an investigation, in the order of its incidents; within one incident each once. */
export function artefactsOf({ incidents }: Pick<Investigation, 'incidents'>): FoundArtefact[] {
  return incidents.flatMap((incident) => {
    const findingsAt = findingsByPlace(incident)
    const found = incident.occupants.flatMap((occupant) =>
      occupant.artefacts.map(({ type, value, evidence }) =>
        foundIn(incident, occupant, { type, value, evidence }, findingsAt),
      ),
    )
    const entry = wayInOf(incident, findingsAt)
    const all = entry === null ? found : [entry, ...found]
    return [...Map.groupBy(all, ({ type, value }) => `${type}\0${value}`).values()].flatMap((same) =>
      same.slice(0, 1).map((one) => ({ ...one, ...spanOf(same) })),
    )
  })
}

type Findings = ReadonlyMap<string, readonly StoryFinding[]>

function placeOf(proof: Proof): string {
  return `${proof.file}\0${proof.offset}`
}

function findingsByPlace(incident: IncidentEntry): Findings {
  const found = new Map<string, StoryFinding[]>()
  for (const finding of incident.findings) {
    for (const place of finding.evidence.map(placeOf)) {
      const known = found.get(place)
      if (known === undefined) found.set(place, [finding])
      else known.push(finding)
    }
  }
  return found
}

function foundIn(
  incident: IncidentEntry,
  occupant: Occupant,
  artefact: Occupant['artefacts'][number],
  findingsAt: Findings,
): FoundArtefact {
  const findings = linked(artefact.evidence, findingsAt)
  const held = incident.tenures.filter((tenure) => tenure.occupant === occupant.id)
  const sure = findings.length > 0 ? findings : held.length > 0 ? held : incident.findings
  return {
    type: artefact.type,
    value: artefact.value,
    incident,
    occupant,
    ...timesOf(incident, artefact.evidence, findings),
    confidence: Math.max(0, ...sure.map((one) => one.confidence)),
    reason: findings[0]?.title ?? occupant.reasons[0] ?? incident.title,
    findings,
  }
}

function wayInOf(incident: IncidentEntry, findingsAt: Findings): FoundArtefact | null {
  const { wayIn } = incident
  if (wayIn === null || wayIn.srcIp === null) return null
  const findings = linked(wayIn.evidence, findingsAt)
  return {
    type: 'address',
    value: wayIn.srcIp,
    incident,
    occupant: null,
    ...timesOf(incident, wayIn.evidence, findings),
    confidence: wayIn.confidence,
    reason: `came in from here${wayIn.user === null ? '' : ` as ${wayIn.user}`} (${wayIn.kind})`,
    findings,
  }
}

function linked(evidence: readonly Proof[], findingsAt: Findings): StoryFinding[] {
  const findings = new Set(evidence.flatMap((proof) => findingsAt.get(placeOf(proof)) ?? []))
  const own = [...findings].filter((finding) => finding.stage !== 'context')
  // What an administrator could have done as well says little of an artefact, if anything else does.
  return (own.length > 0 ? own : [...findings]).toSorted(
    (a, b) => b.confidence - a.confidence || a.id.localeCompare(b.id),
  )
}

function timesOf(
  incident: IncidentEntry,
  evidence: readonly Proof[],
  findings: readonly StoryFinding[],
): { first: string; last: string } {
  const times = [
    ...evidence.map((proof) => proof.time),
    ...findings.flatMap((finding) => [finding.firstSeen, finding.lastSeen]),
  ].toSorted()
  return { first: times[0] ?? incident.firstSeen, last: times.at(-1) ?? incident.lastSeen }
}

/** The same artefact of several occupants (a shared pool) is one, seen from the first to the last of it. */
function spanOf(same: readonly FoundArtefact[]): Pick<FoundArtefact, 'first' | 'last' | 'confidence'> {
  return {
    first: same.map((one) => one.first).toSorted()[0] ?? '',
    last:
      same
        .map((one) => one.last)
        .toSorted()
        .at(-1) ?? '',
    confidence: Math.max(...same.map((one) => one.confidence)),
  }
}
