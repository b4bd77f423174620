import { contentId } from '../event/content-id.ts'
import type { Severity } from '../event/finding.ts'
import type { Derivation, Exposure, Sink, SurfaceProof } from './document.ts'
import { product, stated, sum } from './risk/derive.ts'

/** Money within reach, with how it is reckoned. */
export interface Loss {
  readonly sink: Sink
  readonly derivation: Derivation
}

/** An exposure before its money is reckoned and its id made. */
export interface Draft {
  readonly kind: Exposure['kind']
  readonly check: string
  readonly title: string
  readonly explanation: string
  readonly fix: string
  readonly asset: string
  /** What makes it this one among those of the same check on the same asset. */
  readonly key: readonly (string | number)[]
  readonly likelihood: Derivation
  readonly losses: readonly Loss[]
  readonly why: readonly string[]
  readonly evidence: readonly SurfaceProof[]
  readonly severity?: Severity
  readonly resources?: readonly string[]
  readonly way?: Partial<WayFacts>
  readonly usedIn?: readonly string[]
}

type WayFacts = Pick<
  Exposure,
  | 'address'
  | 'protocol'
  | 'portFrom'
  | 'portTo'
  | 'sources'
  | 'chain'
  | 'cutEdge'
  | 'door'
  | 'doors'
  | 'listening'
  | 'listeners'
  | 'software'
>

const NO_WAY: WayFacts = {
  address: null,
  protocol: null,
  portFrom: null,
  portTo: null,
  sources: [],
  chain: [],
  cutEdge: null,
  door: null,
  doors: [],
  listening: 'unknown',
  listeners: [],
  software: [],
}

const MAX_PROOFS = 20

export function exposureOf(draft: Draft): Exposure {
  const { kind, check, asset, key, likelihood, losses } = draft
  const loss = sum(
    'what can be burned behind it, a day',
    'usdPerDay',
    losses.map(({ derivation }) => derivation),
  )
  const derivation = product('at risk a day', 'usdPerDay', [
    likelihood,
    losses.length === 0 ? stated('nothing to burn is known behind it', 0, 'usdPerDay') : loss,
  ])
  const sinks = losses.map(({ sink }) => sink)
  return {
    id: contentId('exposure', check, asset, ...key),
    kind,
    check,
    title: draft.title,
    explanation: draft.explanation,
    fix: draft.fix,
    asset,
    resources: [...(draft.resources ?? [])],
    ...NO_WAY,
    ...draft.way,
    severity: draft.severity ?? severityOf(likelihood.value.mid, sinks),
    likelihood: likelihood.value,
    sinks,
    usdPerDay: derivation.value,
    derivation,
    why: [...draft.why],
    usedIn: [...(draft.usedIn ?? [])],
    evidence: draft.evidence.slice(0, MAX_PROOFS),
  }
}

/** Chances within 30 days from which an exposure counts as high, medium and low. */
const HIGH = 0.3
const MEDIUM = 0.05
const LOW = 0.002

function severityOf(chance: number, sinks: readonly Sink[]): Severity {
  const isAccountWide = sinks.some(({ id }) => id.startsWith('account:'))
  if (chance >= HIGH) return isAccountWide ? 'critical' : 'high'
  if (chance >= MEDIUM) return isAccountWide ? 'high' : 'medium'
  return chance >= LOW ? (isAccountWide ? 'medium' : 'low') : 'info'
}

/** Dearest first; what costs the same in order of gravity and id. */
export function byMoney(a: Exposure, b: Exposure): number {
  return (
    b.usdPerDay.mid - a.usdPerDay.mid ||
    b.usdPerDay.high - a.usdPerDay.high ||
    b.likelihood.mid - a.likelihood.mid ||
    (a.id < b.id ? -1 : 1)
  )
}
