import type { Exposure, Surface, SurfaceCoverage } from '../surface/document.ts'
import type { Plan } from './document.ts'

/** What became of one way in that the plan was to close. */
export interface Checked {
  readonly exposure: string
  readonly title: string
  readonly state: 'closed' | 'open' | 'unknown'
  readonly note: string
}

export interface VerifiedControl {
  readonly id: string
  readonly title: string
  /** `not-in-a-dump`: what it changes does not show in an inventory (an agent, a habit). */
  readonly state: 'closed' | 'partly' | 'open' | 'unknown' | 'not-in-a-dump'
  readonly exposures: readonly Checked[]
}

export interface Verification {
  readonly controls: readonly VerifiedControl[]
  /** What is at risk in the new dump, and what was when the plan was made. USD a day, middle estimate. */
  readonly atRiskUsdPerDay: number
  readonly beforeUsdPerDay: number
  /** Ways in that were not there when the plan was made. */
  readonly added: readonly { readonly id: string; readonly title: string; readonly usdPerDay: number }[]
}

/** What the new dump must have read before silence about an exposure proves anything; by check. */
const PROVEN_BY: Readonly<Record<string, RegExp>> = {
  'open-port': /security group|network acl|route table|subnet|interface|instances/iu,
  'no-budget': /budget/iu,
  'no-anomaly-monitor': /anomaly/iu,
  'guardduty-off': /guardduty/iu,
  'cloudtrail-off': /cloudtrail/iu,
  'flow-logs-off': /flow log/iu,
  'dns-firewall-off': /dns firewall/iu,
  'regions-open': /^regions/iu,
  'access-key-old': /credential report/iu,
  'access-key-unused': /credential report/iu,
  'root-without-mfa': /credential report/iu,
  'root-access-key': /credential report/iu,
  'user-without-mfa': /credential report/iu,
  'ssh-passwords': /sshd/iu,
  'service-unused': /what listens/iu,
}

/**
 * Holds a plan against a new look at the same things, by the identity of exposures. What is gone from a dump that did
 * not read it is not called closed.
 */
export function verifyPlan(plan: Plan, now: Surface): Verification {
  const found = new Map([...now.exposures, ...now.hygiene].map((exposure) => [exposure.id, exposure]))
  const known = new Map(plan.exposures.map((exposure) => [exposure.id, exposure]))
  const missing = now.coverage.filter(
    ({ status }) => status === 'missing' || status === 'unknown-until-apply',
  )
  const assets = new Map(now.assets.map((asset) => [asset.id, asset]))
  const check = (id: string): Checked => {
    const before = known.get(id)
    const title = before?.title ?? id
    const still = found.get(id)
    if (still !== undefined) return { exposure: id, title, ...stillThere(before, still) }
    const wider = before === undefined ? undefined : widerThan(before, now.exposures)
    if (wider !== undefined) return { exposure: id, title, ...insideOf(wider) }
    const gap = before === undefined ? undefined : gapFor(before.check, before.asset, missing)
    if (gap !== undefined)
      return { exposure: id, title, state: 'unknown', note: `the new dump did not read it: ${gap.what}` }
    if (before !== undefined && isMachine(before.check) && !assets.has(before.asset))
      return now.assets.length === 0
        ? { exposure: id, title, state: 'unknown', note: 'the new dump shows no machines at all' }
        : { exposure: id, title, state: 'closed', note: 'the machine is no longer there' }
    const state = before === undefined ? undefined : assets.get(before.asset)?.state
    if (state === 'stopped') return { exposure: id, title, state: 'closed', note: 'the machine is stopped' }
    return { exposure: id, title, state: 'closed', note: 'read, and no longer there' }
  }
  return {
    controls: plan.chosen.map(({ id, title, closes }) => {
      const exposures = closes.map(check)
      return { id, title, state: stateOf(exposures), exposures }
    }),
    atRiskUsdPerDay: now.usdPerDay.mid,
    beforeUsdPerDay: plan.surface.usdPerDay ?? plan.atRiskUsdPerDay.mid,
    added: [...found.values()]
      .filter(({ id }) => !known.has(id))
      .map(({ id, title, usdPerDay }) => ({ id, title, usdPerDay: usdPerDay.mid }))
      .toSorted((a, b) => b.usdPerDay - a.usdPerDay),
  }
}

/** So little is left where a way in was narrowed to a few addresses: it is closed to the rest. */
const NARROWED_SHARE = 0.25

function stillThere(
  before: Plan['exposures'][number] | undefined,
  still: Exposure,
): Pick<Checked, 'state' | 'note'> {
  const sources = still.sources.map((source) => ('cidr' in source ? source.cidr : source.asset))
  const isNarrowed =
    before !== undefined &&
    sources.length > 0 &&
    !sources.some((source) => before.sources.includes(source)) &&
    still.usdPerDay.mid <= before.usdPerDay * NARROWED_SHARE
  if (!isNarrowed) return { state: 'open', note: still.why[0] ?? 'it is still there' }
  return { state: 'closed', note: `open to ${sources.slice(0, 3).join(', ')} only` }
}

type Before = Plan['exposures'][number]

/** The same machine open in another range that holds the port: of a dump that says less, the ranges are wider. */
function widerThan(before: Before, exposures: readonly Exposure[]): Exposure | undefined {
  if (before.check !== 'open-port') return undefined
  return exposures.find(
    (one) =>
      one.check === 'open-port' &&
      one.asset === before.asset &&
      holdsProtocol(one.protocol, before.protocol) &&
      (one.portFrom ?? 0) <= (before.portFrom ?? 0) &&
      (one.portTo ?? 65_535) >= (before.portTo ?? 65_535) &&
      one.sources.some((source) => before.sources.includes('cidr' in source ? source.cidr : source.asset)),
  )
}

/** A plan of an older version does not say its ports: what is open in every port holds them all. */
function holdsProtocol(wide: string | null, narrow: string | null | undefined): boolean {
  return wide === null || wide === 'all' || wide === '-1' || narrow === undefined || wide === narrow
}

function insideOf({ title, why }: Exposure): Pick<Checked, 'state' | 'note'> {
  const isUncertain = why.some((reason) => reason.startsWith('not certain'))
  return { state: isUncertain ? 'unknown' : 'open', note: `as far as the new dump tells: ${title}` }
}

function isMachine(check: string): boolean {
  return (
    check === 'open-port' ||
    check === 'imds-v1' ||
    check === 'forgotten-machine' ||
    check === 'burst-unlimited'
  )
}

function gapFor(
  check: string,
  asset: string,
  missing: readonly SurfaceCoverage[],
): SurfaceCoverage | undefined {
  const pattern = Object.hasOwn(PROVEN_BY, check) ? PROVEN_BY[check] : undefined
  if (pattern === undefined) return undefined
  return missing.find(({ what, scope }) => pattern.test(what) && isAbout(scope, asset))
}

function isAbout(scope: string, asset: string): boolean {
  return scope === asset || scope === 'everything' || !/^(?:i-|\d{12}$)/u.test(scope)
}

function stateOf(exposures: readonly Checked[]): VerifiedControl['state'] {
  if (exposures.length === 0) return 'not-in-a-dump'
  const count = (state: Checked['state']): number => exposures.filter((one) => one.state === state).length
  if (count('open') === exposures.length) return 'open'
  if (count('open') > 0) return 'partly'
  return count('unknown') > 0 ? 'unknown' : 'closed'
}
