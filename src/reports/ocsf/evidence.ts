import type { StoryFinding } from '../../story/document.ts'
import type { FoundArtefact } from '../artefacts.ts'
import { type Shape, shapeOf } from '../shape.ts'

/** What of a finding OCSF has objects for; everything else stays in `data`, with the proofs. */
export interface Evidence {
  readonly uid: string
  readonly name: string
  readonly data: object
  readonly src_endpoint?: { readonly ip: string }
  readonly dst_endpoint?: { readonly ip?: string; readonly hostname?: string; readonly port?: number }
  readonly user?: { readonly name: string }
  readonly url?: { readonly url_string: string }
  readonly file?: {
    readonly name: string
    readonly path: string
    readonly type_id: number
    readonly type: string
  }
}

/** A finding with the artefacts that its own records show. */
export function evidenceOf(finding: StoryFinding, artefacts: readonly FoundArtefact[]): Evidence {
  const { detector, rule, stage, count, firstSeen, lastSeen, evidence } = finding
  const proofs = evidence.map(({ source, file, line, packet, recordId, offset, time, raw }) => ({
    source,
    file,
    ...(line === undefined ? {} : { line }),
    ...(packet === undefined ? {} : { packet }),
    ...(recordId === undefined ? {} : { recordId }),
    offset,
    time,
    raw,
  }))
  return {
    uid: finding.id,
    name: finding.title,
    ...partsOf(artefacts),
    data: {
      detector,
      ...(rule === undefined ? {} : { rule }),
      stage,
      severity: finding.severity,
      confidence: finding.confidence,
      count,
      firstSeen,
      lastSeen,
      artefacts: artefacts.map(({ type, value }) => ({ type, value })),
      proofs,
    },
  }
}

const UNKNOWN_FILE = 0

/** One of each kind: where a finding has several, the first one stays. */
function partsOf(artefacts: readonly FoundArtefact[]): Partial<Evidence> {
  const parts: Partial<Evidence> = {}
  for (const artefact of artefacts.toReversed()) Object.assign(parts, partOf(artefact))
  return parts
}

function partOf(artefact: FoundArtefact): Partial<Evidence> {
  const shape = shapeOf(artefact.type, artefact.value)
  if (artefact.occupant === null) return wayInOf(artefact, shape)
  switch (shape.kind) {
    case 'endpoint':
      return { dst_endpoint: { ...hostOf(shape.host), port: shape.port } }
    case 'ip':
    case 'domain':
      return { dst_endpoint: hostOf(shape) }
    case 'url':
      return { url: { url_string: shape.url } }
    case 'file':
      return {
        file: { name: shape.name, path: shape.path, type_id: UNKNOWN_FILE, type: 'Unknown' },
      }
    default:
      return {}
  }
}

function wayInOf({ incident }: FoundArtefact, shape: Shape): Partial<Evidence> {
  const user = incident.wayIn?.user ?? null
  return {
    ...(shape.kind === 'ip' ? { src_endpoint: { ip: shape.ip } } : {}),
    ...(user === null ? {} : { user: { name: user } }),
  }
}

function hostOf(shape: Shape & { kind: 'ip' | 'domain' }): { ip: string } | { hostname: string } {
  return shape.kind === 'ip' ? { ip: shape.ip } : { hostname: shape.domain }
}
