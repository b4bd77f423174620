import { contentId } from '../event/content-id.ts'
import type { Severity } from '../event/finding.ts'
import type { Derivation, Exposure, Sink, SurfaceProof } from './document.ts'
import { product, stated, sum } from './risk/derive.ts'

/** Money within reach, with how it is reckoned. */
export interface Loss {
  readonly sink: Sink
  readonly derivation: Derivation
}

/** A way in as far as others reckon with it. Every exposure is one. */
export type WayIn = Pick<
  Exposure,
  'id' | 'title' | 'asset' | 'protocol' | 'portFrom' | 'portTo' | 'likelihood' | 'usdPerDay'
> & { readonly sinks: readonly Sink[] }

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
  const derivation = product('at risk a day', 'usdPerDay', [likelihood, lossTotal(losses)])
  const sinks = losses.map(({ sink }) => sink)
  return {
    id: exposureId(check, asset, key),
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

export function exposureId(check: string, asset: string, key: Draft['key']): string {
  return contentId('exposure', check, asset, ...key)
}

const TOTALS = new WeakMap<readonly Loss[], Derivation>()

/** Only a memory of a pure function: many ways lead to the same losses. */
export function lossTotal(losses: readonly Loss[]): Derivation {
  const known = TOTALS.get(losses)
  if (known !== undefined) return known
  const total =
    losses.length === 0
      ? stated('nothing to burn is known behind it', 0, 'usdPerDay')
      : sum(
          'what can be burned behind it, a day',
          'usdPerDay',
          losses.map(({ derivation }) => derivation),
        )
  TOTALS.set(losses, total)
  return total
}

const SINKS = new WeakMap<readonly Loss[], readonly Sink[]>()

/** Where money goes. Only a memory of a pure function. */
export function sinksOf(losses: readonly Loss[]): readonly Sink[] {
  let known = SINKS.get(losses)
  if (known === undefined) {
    known = losses.map(({ sink }) => sink)
    SINKS.set(losses, known)
  }
  return known
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
export function byMoney(a: WayIn, b: WayIn): number {
  return (
    b.usdPerDay.mid - a.usdPerDay.mid ||
    b.usdPerDay.high - a.usdPerDay.high ||
    b.likelihood.mid - a.likelihood.mid ||
    (a.id < b.id ? -1 : 1)
  )
}

/** The dearest `most`, dearest first. What surely is not among them is not compared at all. */
export function dearest<T extends WayIn>(ways: readonly T[], most: number): T[] {
  if (ways.length <= most) return ways.toSorted(byMoney)
  const least = Float64Array.from(ways, ({ usdPerDay }) => usdPerDay.mid).toSorted()[ways.length - most] ?? 0
  return ways
    .filter(({ usdPerDay }) => usdPerDay.mid >= least)
    .toSorted(byMoney)
    .slice(0, most)
}
