import { type Decimal, decimalNumber, ZERO } from '../text/decimal.ts'
import type { BillBook, BillDay, FirstSpend } from './bill-book.ts'
import { gpuFamilyOf } from './instance-size.ts'
import { spendRises, type SpendRise } from './jumps.ts'
import { type Judgement, likenessOf } from './likeness.ts'
import type { ChargeProof, Meter } from './meter-book.ts'

const MAX_SIGNS = 50
const MAX_PARTS = 5
const MAX_RESOURCES = 10
/** Rises that begin within a day of each other in one place are one. */
const SAME_DAYS = 1

/** One part of a rise: what is metered, and for whom. */
export interface SpendPart {
  readonly service: string | null
  readonly meter: string | null
  readonly instanceType: string | null
  readonly amountPerDay: number
  readonly normalPerDay: number
  readonly beyond: number
}

/** Something that costs more than is normal for it, or for the first time ever. */
export interface SpendSign {
  readonly kind: 'jump' | 'first-spend'
  readonly provider: string | null
  readonly account: string | null
  /** Null: the bill does not say, or it is more than one. */
  readonly region: string | null
  /** What was never paid for before; null where it was. */
  readonly firstOf: {
    readonly kind: FirstSpend['kind']
    readonly name: string
    readonly historyDays: number
  } | null
  /** The dearest first. */
  readonly resources: readonly string[]
  /** What costs most beyond normal first. */
  readonly parts: readonly SpendPart[]
  readonly currency: string
  /** Day numbers, both of it. */
  readonly from: number
  readonly to: number
  readonly isOpen: boolean
  readonly amountPerDay: number
  readonly normalPerDay: number
  readonly beyond: number
  readonly judgement: Judgement
  readonly proofs: readonly ChargeProof[]
}

interface Rising {
  readonly meter: Meter
  readonly rise: SpendRise
}

/**
 * What in the bill has risen, gathered by place and time: the meters that rose together in one region are one sign. What
 * has risen for one resource and in no meter as a whole is told by itself. The gravest first.
 */
export function spendSigns(bills: BillBook): SpendSign[] {
  const spans = spansOf(bills)
  const rising: Rising[] = []
  for (const meter of bills.meters.meters) {
    const span = spans.get(meter.currency)
    if (span === undefined) continue
    if (isMonthly(meter.days)) continue
    for (const rise of spendRises(filled(meter.days, span), span.last)) rising.push({ meter, rise })
  }
  const firsts = bills.firstSpends()
  const signs = gathered(rising).map((group) => signOf(group, firsts, spans, bills))
  const told = new Set(signs.flatMap(({ resources }) => resources))
  for (const { id, currency, region, instanceType, days } of bills.resources.values()) {
    const span = spans.get(currency)
    if (told.has(id) || span === undefined) continue
    const usage = new Map([...days].map(([day, entry]) => [day, entry.usage]))
    for (const rise of spendRises(usage, span.last)) {
      const surplus = [...days].filter(
        ([day, { surplus: part }]) => day >= rise.from && decimalNumber(part) > 0,
      )
      const meter = surplus.length > 0 ? 'CPUCredits' : null
      const part = { service: null, meter, instanceType, ...amountsOf(rise) }
      const proof = bills.meters.proofOf(currency, id)
      signs.push({
        ...placeOf([part], rise, currency),
        provider: null,
        account: null,
        region,
        firstOf: null,
        kind: 'jump',
        resources: [id],
        judgement: likenessOf({ ...part, resources: 1, currency, isFirst: false }),
        proofs: proof === null ? [] : [proof],
      })
    }
  }
  return signs
    .toSorted((a, b) => weightOf(b) - weightOf(a) || b.beyond - a.beyond || a.from - b.from)
    .slice(0, MAX_SIGNS)
}

const WEIGHTS = { strong: 3, some: 2, unknown: 1, little: 0 } as const

function weightOf({ judgement }: SpendSign): number {
  return WEIGHTS[judgement.likeness]
}

interface Span {
  readonly first: number
  readonly last: number
}

function spansOf(bills: BillBook): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>()
  for (const [currency, days] of bills.days) {
    let [first, last] = [Infinity, -Infinity]
    for (const day of days.keys()) {
      first = Math.min(first, day)
      last = Math.max(last, day)
    }
    spans.set(currency, { first, last })
  }
  return spans
}

/** Charged on the first of months alone: a bill by the month, not a rise on that day. */
function isMonthly(days: ReadonlyMap<number, Decimal>): boolean {
  for (const day of days.keys()) if (new Date(day * DAY_MS).getUTCDate() !== 1) return false
  return true
}

const DAY_MS = 86_400_000

/** What CPU credits are charged for has its type in the other meters of it. */
function typeOf(resources: readonly string[], currency: string, bills: BillBook): string | null {
  const types = resources.map((id) => bills.resources.get(`${currency}\0${id}`)?.instanceType ?? null)
  return types.find((type) => type !== null) ?? null
}

/** A day on which nothing was charged is a day of nothing. */
function filled(days: ReadonlyMap<number, Decimal>, { first, last }: Span): ReadonlyMap<number, Decimal> {
  const all = new Map<number, Decimal>()
  for (let day = first; day <= last; day++) all.set(day, days.get(day) ?? ZERO)
  return all
}

function gathered(rising: readonly Rising[]): Rising[][] {
  const groups: Rising[][] = []
  const ordered = rising.toSorted((a, b) => b.rise.beyond - a.rise.beyond)
  const byPlace = new Map<string, Rising[][]>()
  for (const one of ordered) {
    const { currency, account, region } = one.meter
    const key = `${currency}\0${account}\0${region}`
    const known = byPlace.get(key) ?? []
    byPlace.set(key, known)
    const group = known.find(([first]) => Math.abs((first?.rise.from ?? 0) - one.rise.from) <= SAME_DAYS)
    if (group !== undefined) group.push(one)
    else {
      const made = [one]
      known.push(made)
      groups.push(made)
    }
  }
  return groups
}

function signOf(
  group: readonly Rising[],
  firsts: readonly FirstSpend[],
  spans: ReadonlyMap<string, Span>,
  bills: BillBook,
): SpendSign {
  const [dearest] = group
  if (dearest === undefined) throw new RangeError('an empty group')
  const { currency, account, region, provider } = dearest.meter
  const from = Math.min(...group.map(({ rise }) => rise.from))
  const to = Math.max(...group.map(({ rise }) => rise.to))
  const first = firsts.find((one) => isFirstOf(one, group, from))
  const parts = group.map(({ meter, rise }) => ({
    service: meter.service,
    meter: meter.name,
    instanceType: meter.instanceType,
    ...amountsOf(rise),
  }))
  const judgements = group.map(({ meter, rise }) =>
    likenessOf({
      service: meter.service,
      meter: meter.name,
      instanceType: meter.instanceType ?? typeOf(newResources(meter, rise.from), currency, bills),
      resources: newResources(meter, rise.from).length,
      amountPerDay: rise.amount,
      currency,
      isFirst: first !== undefined,
    }),
  )
  const [judgement] = judgements.toSorted((a, b) => WEIGHTS[b.likeness] - WEIGHTS[a.likeness])
  const proofs = group.map(({ meter }) => meter.proof).filter((proof) => proof !== null)
  const resources = [...new Set(group.flatMap(({ meter, rise }) => newResources(meter, rise.from)))]
  const last = spans.get(currency)?.last ?? to
  return {
    ...placeOf(parts, { from, to, isOpen: to >= last - 1 }, currency),
    ...(resources.length === 1 ? wholeOf(resources[0] ?? '', from, last, currency, bills) : null),
    kind: first === undefined ? 'jump' : 'first-spend',
    provider,
    account,
    region,
    firstOf:
      first === undefined ? null : { kind: first.kind, name: first.name, historyDays: first.historyDays },
    resources: resources.slice(0, MAX_RESOURCES),
    judgement: judgement ?? { likeness: 'unknown', confidence: 0.2, why: '' },
    proofs: proofs.slice(0, MAX_PARTS),
  }
}

/** Of one resource alone: all that it costs, beside what has risen. Null where it has no past of its own. */
function wholeOf(
  resource: string,
  from: number,
  last: number,
  currency: string,
  bills: BillBook,
): Pick<SpendSign, 'amountPerDay' | 'normalPerDay' | 'beyond'> | null {
  const days = bills.resources.get(`${currency}\0${resource}`)?.days ?? new Map<number, BillDay>()
  const rises = spendRises(new Map([...days].map(([day, { usage }]) => [day, usage])), last)
  const rise = rises.find((one) => Math.abs(one.from - from) <= SAME_DAYS)
  return rise === undefined ? null : amountsOf(rise)
}

function placeOf(
  parts: readonly SpendPart[],
  { from, to, isOpen }: Pick<SpendRise, 'from' | 'to' | 'isOpen'>,
  currency: string,
): Pick<
  SpendSign,
  'parts' | 'from' | 'to' | 'isOpen' | 'currency' | 'amountPerDay' | 'normalPerDay' | 'beyond'
> {
  const sum = (pick: (part: SpendPart) => number): number => parts.reduce((all, part) => all + pick(part), 0)
  return {
    parts: parts.slice(0, MAX_PARTS),
    from,
    to,
    isOpen,
    currency,
    amountPerDay: sum(({ amountPerDay }) => amountPerDay),
    normalPerDay: sum(({ normalPerDay }) => normalPerDay),
    beyond: sum(({ beyond }) => beyond),
  }
}

function amountsOf({
  amount,
  normal,
  beyond,
}: SpendRise): Pick<SpendPart, 'amountPerDay' | 'normalPerDay' | 'beyond'> {
  return { amountPerDay: amount, normalPerDay: normal, beyond }
}

function isFirstOf(first: FirstSpend, group: readonly Rising[], from: number): boolean {
  return group.some(({ meter }) => {
    if (first.account !== meter.account || first.currency !== meter.currency) return false
    if (Math.abs(first.day - from) > SAME_DAYS) return false
    return first.kind === 'region'
      ? meter.region === first.name
      : meter.instanceType !== null && gpuFamilyOf(meter.instanceType) === first.name
  })
}

/** Of what a meter charges for: what came with the rise; where nothing did, what it charges most for. */
function newResources({ resources }: Meter, from: number): string[] {
  const byAmount = [...resources].toSorted(([, a], [, b]) => b.amount - a.amount)
  const came = byAmount.filter(([, { firstDay }]) => firstDay >= from - SAME_DAYS)
  return (came.length > 0 ? came : byAmount.slice(0, 1)).map(([id]) => id)
}
