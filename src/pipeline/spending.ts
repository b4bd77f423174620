import type { Asset } from '../assets/asset.ts'
import { type AssessOptions, machineCost } from '../cost/assess.ts'
import type { RiseEntry } from '../cost/document.ts'
import type { ChargeProof } from '../cost/meter-book.ts'
import { type SpendSign, spendSigns } from '../cost/spending.ts'
import { type Finding, isAtLeast, type Severity } from '../event/finding.ts'
import { identifier } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'
import type { SpendingEntry } from '../story/document.ts'
import { Moments } from '../story/moment.ts'
import { billEntry, loadEntry } from '../story/spending.ts'
import { maskDeep } from '../text/secrets.ts'
import { visibleDeep } from '../text/visible.ts'
import type { Analysis } from './analyse.ts'
import { publishEvidence } from './masking.ts'

export interface SpendingOptions {
  /** Published findings of load that rose and stayed flat. */
  readonly plateaus: readonly Finding[]
  /** What an incident costs is told with it. */
  isTold(asset: Asset): boolean
  isWanted(asset: Asset | undefined): boolean
  readonly priceOf: AssessOptions['priceOf']
  readonly showSecrets: boolean
  readonly minSeverity: Severity
  readonly zone: string
}

const ASSUMED_TYPE = 't3.medium'

/** What costs or works far more than is normal for it, in no incident; what looks most like mining first. */
export function spendingOf(analysis: Analysis, options: SpendingOptions): SpendingEntry[] {
  const moments = new Moments(options.zone)
  const bills = spendSigns(analysis.consumption.bills)
    .filter((sign) => isOpen(sign, analysis, options))
    .map((sign) => {
      const evidence = sign.proofs.map((proof) => publishEvidence(evidenceOf(proof), options.showSecrets))
      return billEntry(sign, evidence, moments)
    })
  const entries = [...loads(analysis, options, moments), ...bills]
  return entries
    .filter(({ severity }) => isAtLeast(severity, options.minSeverity))
    .map((entry) => visibleDeep(options.showSecrets ? entry : maskDeep(entry)))
}

/** By its line: how many rows it stands for is no name of it. */
function evidenceOf({ origin, time }: ChargeProof): Evidence {
  const { recordId, ...rest } = origin
  return rest.line === undefined && recordId !== undefined ? { ...origin, time } : { ...rest, time }
}

/** Nothing of it is told in an incident, and it is of what was asked for. */
function isOpen(sign: SpendSign, { assets }: Analysis, options: SpendingOptions): boolean {
  const account = sign.account === null ? [] : [identifier('account', sign.account)]
  const machines = sign.resources.flatMap((resource) => {
    const id = /(?:^|[/:])(i-[0-9a-f]{8,17})$/u.exec(resource)?.[1]
    return id === undefined ? [] : [identifier('instance', id)]
  })
  const concerned = [...account, ...machines].map((id) => assets.assetOf(id))
  if (concerned.some((asset) => options.isTold(asset))) return false
  return options.isWanted(undefined) || concerned.some((asset) => options.isWanted(asset))
}

function loads(analysis: Analysis, options: SpendingOptions, moments: Moments): SpendingEntry[] {
  const byAsset = Map.groupBy(
    options.plateaus,
    ({ subjects }) => analysis.assets.assetOf(subjects[0] ?? '').id,
  )
  const entries: SpendingEntry[] = []
  for (const findings of byAsset.values()) {
    const asset = analysis.assets.assetOf(findings[0]?.subjects[0] ?? '')
    const consumed = analysis.consumption.of(asset.identifiers)
    if (consumed === null || options.isTold(asset) || !options.isWanted(asset)) continue
    const machine = machineCost(asset, consumed, {
      givenType: null,
      assumedType: ASSUMED_TYPE,
      priceOf: (type) => options.priceOf(type),
      power: null,
    })
    for (const rise of machine.rises) {
      const finding = findings.find((one) => isOf(one, rise))
      if (finding !== undefined) entries.push(loadEntry(machine, rise, finding.evidence, moments))
    }
  }
  return entries.toSorted((a, b) => (b.beyond ?? 0) - (a.beyond ?? 0))
}

function isOf({ firstSeen, lastSeen }: Finding, rise: RiseEntry): boolean {
  return rise.shape === 'plateau' && Date.parse(rise.from) < lastSeen && Date.parse(rise.to) > firstSeen
}
