import type { MachineCost, RiseEntry } from '../cost/document.ts'
import type { SpendPart, SpendSign } from '../cost/spending.ts'
import { contentId } from '../event/content-id.ts'
import type { Severity } from '../event/finding.ts'
import type { Evidence } from '../event/origin.ts'
import { plural } from '../text/plural.ts'
import { formatTime } from '../text/time.ts'
import { formatShare, formatTimes, formatUsd } from '../text/units.ts'
import type { SpendingEntry } from './document.ts'
import type { Moments } from './moment.ts'
import { proofs } from './proof.ts'
import { fetchForBill, fetchForLoad } from './spending-todo.ts'

const DAY_MS = 86_400_000
const PROOFS = 5
const MAX_NAMED = 4

/** What the bill shows, in words. `evidence`: its charges, published. */
export function billEntry(sign: SpendSign, evidence: readonly Evidence[], moments: Moments): SpendingEntry {
  const { judgement, resources, currency, amountPerDay, normalPerDay, beyond, parts } = sign
  const since = moments.date(sign.from * DAY_MS)
  const when = sign.isOpen ? `since ${since}` : spanned(sign, moments)
  const a = `${money(amountPerDay, currency)} a day`
  const normal =
    normalPerDay > 0 ? `, where ${money(normalPerDay, currency)} was normal` : ', where nothing was before'
  const much = sign.firstOf === null ? titleOfJump(sign) : titleOfFirst(sign.firstOf)
  const rest = resources.length > MAX_NAMED ? ` and ${plural(resources.length - MAX_NAMED, 'other')}` : ''
  const who = resources.length === 0 ? '' : ` For ${resources.slice(0, MAX_NAMED).join(', ')}${rest}.`
  return {
    id: contentId('spend', ...identityOf(sign)),
    kind: sign.kind,
    title: `${much} ${when}: ${a}${normal}`,
    severity: severityOf(sign),
    likeness: judgement.likeness,
    confidence: judgement.confidence,
    why: judgement.why,
    asset: null,
    account: sign.account,
    region: sign.region,
    resources: [...resources],
    parts: parts.map(({ service, meter, instanceType, amountPerDay: amount, normalPerDay: usual }) => ({
      service,
      usageType: meter,
      instanceType,
      amountPerDay: amount,
      normalPerDay: usual,
    })),
    since: formatTime(sign.from * DAY_MS),
    until: formatTime((sign.to + 1) * DAY_MS),
    isOngoing: sign.isOpen,
    currency,
    amountPerDay,
    normalPerDay,
    timesNormal: normalPerDay > 0 ? amountPerDay / normalPerDay : null,
    beyond,
    sentences: [
      `${money(beyond, currency)} beyond normal so far${timesWords(amountPerDay, normalPerDay)}: ${parts.map((part) => partWords(part, currency)).join('; ')}.${who}`,
      likenessWords(judgement.likeness, judgement.why),
    ],
    evidence: proofs(evidence, PROOFS),
    todo: fetchForBill(sign),
  }
}

/** By what is charged for and since when: the same bill gives the same id, whatever comes after it. */
function identityOf({
  kind,
  account,
  region,
  resources,
  parts,
  currency,
  from,
}: SpendSign): (string | number)[] {
  return [kind, account ?? '', region ?? '', resources[0] ?? parts[0]?.meter ?? '', currency, from]
}

function titleOfFirst({ kind, name, historyDays }: NonNullable<SpendSign['firstOf']>): string {
  const what = kind === 'region' ? `in ${name}` : `for accelerators (${name})`
  return `The first money ever ${what}, after ${historyDays} days without,`
}

function titleOfJump({ resources, parts, region }: SpendSign): string {
  const [part] = parts
  const [only] = resources
  const where = region === null ? '' : ` in ${region}`
  if (only !== undefined && resources.length === 1) return `${only} costs more than is normal${where}`
  const what = part?.service ?? 'the bill as a whole'
  return `${what} costs more than is normal${where}`
}

function spanned({ from, to }: SpendSign, moments: Moments): string {
  const first = moments.date(from * DAY_MS)
  return from === to ? `on ${first}` : `from ${first} to ${moments.date(to * DAY_MS)}`
}

function partWords(
  { service, meter, instanceType, amountPerDay, normalPerDay }: SpendPart,
  currency: string,
): string {
  const named = [service, meter ?? instanceType].filter((one) => one !== null).join(' ')
  const before = normalPerDay > 0 ? `${money(normalPerDay, currency)} → ` : ''
  return `${named === '' ? 'all usage' : named} ${before}${money(amountPerDay, currency)} a day`
}

function timesWords(amount: number, normal: number): string {
  return normal > 0 ? `, ${formatTimes(amount / normal)} normal` : ''
}

function money(amount: number, currency: string): string {
  return currency === 'USD' ? formatUsd(amount) : `${amount.toFixed(2)} ${currency}`
}

const LOOKS: Readonly<Record<SpendingEntry['likeness'], string>> = {
  strong: 'Mining would look like this',
  some: 'Mining may look like this, and much else does',
  little: 'This is not how mining looks',
  unknown: 'Whether mining looks like this cannot be said',
}

function likenessWords(likeness: SpendingEntry['likeness'], why: string): string {
  return `${LOOKS[likeness]}: ${why}. A bill does not show what makes it.`
}

/** What never cost anything and looks like mining is a misuse, probably; a jump alone is worth a look. */
function severityOf({ firstOf, judgement }: SpendSign): Severity {
  if (judgement.likeness === 'strong') return firstOf === null ? 'low' : 'medium'
  return judgement.likeness === 'little' ? 'info' : 'low'
}

/** How sure a plateau alone makes: as the detector that finds them says. */
const PLATEAU = 0.4
const PLATEAU_SHORT = 0.25

/** A machine whose load has risen to a plateau. `evidence`: the readings of it, published. */
export function loadEntry(
  machine: MachineCost,
  rise: RiseEntry,
  evidence: readonly Evidence[],
  moments: Moments,
): SpendingEntry {
  const from = Date.parse(rise.from)
  const to = Date.parse(rise.to)
  const when = rise.isOngoing
    ? `since ${moments.full(from)}`
    : `from ${moments.full(from)} to ${moments.near(to, from)}`
  const paid = rise.usd === null ? '' : `, ${formatUsd(rise.usd)}`
  const isBilled = machine.timesNormal !== null
  const loss = isBilled
    ? `It costs ${formatTimes(machine.timesNormal ?? 1)} of what is normal by now (${formatUsd(machine.nowUsdPerHour ?? 0)} an hour).`
    : `${machine.instanceType === null ? 'If it has a fixed price, ' : 'It has a fixed price, so '}the bill does not move: what is lost is work not done, and the money is the price of the hours taken.`
  const { response, workers } = machine
  const slow =
    response === null || response.times <= 1.1
      ? ''
      : ` Requests took ${formatTimes(response.times)} as long meanwhile.`
  const [worker] = workers
  const who =
    worker === undefined
      ? ''
      : ` Most of it, as far as was measured: ${worker.name} (${worker.cores.toFixed(1)} CPUs).`
  const confidence = rise.isPastShort ? PLATEAU_SHORT : PLATEAU
  return {
    id: contentId('spend', 'load', machine.id, rise.from),
    kind: 'load',
    title: `${machine.id}: CPU rose from ${formatShare(rise.normalShare)} to ${formatShare(rise.busyShare)} ${when} and stayed flat`,
    severity: 'low',
    likeness: 'strong',
    confidence,
    why: 'miners do not rest; nor does a simulation or an endless loop',
    asset: machine.id,
    account: null,
    region: null,
    resources: [],
    parts: [],
    since: rise.from,
    until: rise.to,
    isOngoing: rise.isOngoing,
    currency: rise.usd === null ? null : 'USD',
    amountPerDay: null,
    normalPerDay: null,
    timesNormal: machine.timesNormal,
    beyond: rise.usd,
    sentences: [
      `${rise.machineHours.toFixed(1)} hours of the whole machine were taken${paid} (${machine.basis}).${slow}${who}`,
      loss,
      'Mining would look like this: miners do not rest; nor does a simulation or an endless loop. Load does not show what makes it.',
    ],
    evidence: proofs(evidence, PROOFS),
    todo: fetchForLoad(machine.id),
  }
}
