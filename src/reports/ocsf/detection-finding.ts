import { isIP } from 'node:net'
import type { IncidentEntry, StoryFinding } from '../../story/document.ts'
import { artefactsOf, type FoundArtefact } from '../artefacts.ts'
import { evidenceOf } from './evidence.ts'
import { observablesOf } from './observables.ts'
import { attacksOf, confidenceOf, severityOf, timestamp } from './vocabulary.ts'

/** Release of OCSF whose attributes are used; none of them is newer. */
const OCSF_VERSION = '1.6.0'
const FINDINGS = 2
const DETECTION_FINDING = 2004
const CREATE = 1
/** `classification_ids` of malware: it uses up what the machine could do. */
const RESOURCE_EXPLOITATION = 13
const AFFECTED = 3

export interface Told {
  readonly generatedAt: string
  readonly version: string
}

const STATUS_DETAILS: Readonly<Record<IncidentEntry['status'], string>> = {
  ongoing: 'went on when the evidence ended',
  ended: 'had ended when the evidence ended',
  unknown: 'not known whether it goes on',
}

/** An incident as an event of class 2004. What OCSF has no attribute for is left out, not put under `unmapped`. */
export function detectionFinding(incident: IncidentEntry, { generatedAt, version }: Told): object {
  const artefacts = artefactsOf({ incidents: [incident] })
  const told = {
    resources: [resourceOf(incident)],
    evidences: incident.findings.map((finding) => evidenceOf(finding, artefactsAt(finding, artefacts))),
  }
  const malware = malwareOf(incident)
  return {
    activity_id: CREATE,
    activity_name: 'Create',
    category_uid: FINDINGS,
    category_name: 'Findings',
    class_uid: DETECTION_FINDING,
    class_name: 'Detection Finding',
    type_uid: DETECTION_FINDING * 100 + CREATE,
    type_name: 'Detection Finding: Create',
    time: timestamp(generatedAt),
    start_time: timestamp(incident.firstSeen),
    end_time: timestamp(incident.lastSeen),
    ...severityOf(incident.severity),
    ...confidenceOf(Math.max(0, ...incident.findings.map((finding) => finding.confidence))),
    status_id: 1,
    status: 'New',
    status_detail: STATUS_DETAILS[incident.status],
    is_alert: true,
    is_suspected_breach: true,
    message: incident.title,
    metadata: {
      uid: incident.id,
      version: OCSF_VERSION,
      profiles: ['incident'],
      product: { name: 'Davylamp', vendor_name: 'Davylamp', version },
    },
    finding_info: findingInfoOf(incident, generatedAt),
    ...told,
    ...(malware.length === 0 ? {} : { malware }),
    ...(incident.todo.length === 0
      ? {}
      : { remediation: { desc: incident.todo.map((one) => one.text).join('\n') } }),
    observables: observablesOf(told),
  }
}

function artefactsAt(finding: StoryFinding, artefacts: readonly FoundArtefact[]): FoundArtefact[] {
  return artefacts.filter((artefact) => artefact.findings.includes(finding))
}

function findingInfoOf(incident: IncidentEntry, generatedAt: string): object {
  const { summary, money } = incident
  const amounts = { usdSoFar: money.usdSoFar, usdPerMonth: money.usdPerMonth }
  const tags = Object.entries(amounts)
    .filter(([, amount]) => amount !== null)
    .map(([name, amount]) => ({ name, value: (amount ?? 0).toFixed(4) }))
  return {
    uid: incident.id,
    title: incident.title,
    ...(summary.length === 0 ? {} : { desc: summary.map((sentence) => sentence.text).join(' ') }),
    created_time: timestamp(generatedAt),
    first_seen_time: timestamp(incident.firstSeen),
    last_seen_time: timestamp(incident.lastSeen),
    attacks: attacksOf(incident.findings),
    related_analytics: analyticsOf(incident.findings),
    data_sources: [
      ...new Set(incident.findings.flatMap(({ evidence }) => evidence.map((proof) => proof.source))),
    ],
    ...(tags.length === 0 ? {} : { tags }),
  }
}

function analyticsOf(findings: readonly StoryFinding[]): object[] {
  const analytics = new Map<string, object>()
  for (const { detector, rule, title } of findings) {
    const analytic =
      rule === undefined
        ? { uid: detector, name: detector, type_id: 2, type: 'Behavioral' }
        : { uid: rule, name: title, type_id: 1, type: 'Rule' }
    analytics.set(analytic.uid, analytic)
  }
  return [...analytics.values()]
}

/** The machine; names that are neither its host name nor its address go along as labels. */
function resourceOf({ asset }: IncidentEntry): object {
  const names = [...new Set([asset.id, ...asset.names])]
  const ip = names.find((name) => isIP(name) !== 0)
  const hostname = names.find((name) => isIP(name) === 0 && !/^i-[0-9a-f]{8,17}$/u.test(name))
  const labels = names.filter((name) => name !== ip && name !== hostname)
  return {
    uid: asset.id,
    name: asset.id,
    type: 'host',
    role_id: AFFECTED,
    role: 'Affected',
    ...(hostname === undefined ? {} : { hostname }),
    ...(ip === undefined ? {} : { ip }),
    ...(labels.length === 0 ? {} : { labels }),
  }
}

function malwareOf({ occupants, tenures }: IncidentEntry): object[] {
  return occupants
    .filter((occupant) => tenures.some((tenure) => tenure.occupant === occupant.id))
    .map(({ id, family, artefacts }) => ({
      uid: id,
      name: family ?? artefacts.find((artefact) => artefact.type === 'agent')?.value ?? `coin miner of ${id}`,
      classification_ids: [RESOURCE_EXPLOITATION],
      classifications: ['Resource-Exploitation'],
    }))
}
