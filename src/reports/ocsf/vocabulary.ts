import type { IncidentEntry, StoryFinding } from '../../story/document.ts'
import { parseTime } from '../../text/time.ts'

/** A number of OCSF's with the word that stands beside it. */
interface Term {
  readonly id: number
  readonly caption: string
}

const SEVERITIES: Readonly<Record<IncidentEntry['severity'], Term>> = {
  info: { id: 1, caption: 'Informational' },
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
}

export function severityOf(severity: IncidentEntry['severity']): { severity_id: number; severity: string } {
  const { id, caption } = SEVERITIES[severity]
  return { severity_id: id, severity: caption }
}

/** `confidence` is 0 to 1; thirds make the three words. */
export function confidenceOf(confidence: number): {
  confidence_id: number
  confidence: string
  confidence_score: number
} {
  const at = Math.min(2, Math.max(0, Math.floor(confidence * 3)))
  return {
    confidence_id: at + 1,
    confidence: ['Low', 'Medium', 'High'][at] ?? 'Low',
    confidence_score: Math.round(confidence * 100),
  }
}

/** `timestamp_t`: whole milliseconds since 1970. */
export function timestamp(time: string): number {
  return Math.floor(parseTime(time))
}

interface Attack {
  readonly version: string
  readonly technique: { readonly uid: string; readonly name?: string }
  readonly sub_technique?: { readonly uid: string; readonly name?: string }
}

/** Release of ATT&CK that the ids are of. */
const ATTACK_VERSION = '19'

/** Techniques of MITRE ATT&CK, each once. A sub-technique's parent is known by its number alone. */
export function attacksOf(findings: readonly StoryFinding[]): Attack[] {
  const techniques = new Map(findings.flatMap((finding) => finding.attack).map((one) => [one.id, one.name]))
  return Array.from(techniques, ([uid, name]) => {
    const told = name === '' ? { uid } : { uid, name }
    const [parent = uid] = uid.split('.')
    return parent === uid
      ? { version: ATTACK_VERSION, technique: told }
      : { version: ATTACK_VERSION, technique: { uid: parent }, sub_technique: told }
  })
}

/** `type_id` of observables (OCSF dictionary). */
export const OBSERVABLE = {
  hostname: { id: 1, caption: 'Hostname' },
  ip: { id: 2, caption: 'IP Address' },
  user: { id: 4, caption: 'User Name' },
  url: { id: 6, caption: 'URL String' },
  path: { id: 45, caption: 'File Path' },
} as const satisfies Record<string, Term>
