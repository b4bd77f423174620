import type { SurfaceContext } from '../context.ts'
import type { Exposure, Range } from '../document.ts'
import { exposureOf } from '../exposure.ts'
import { given, product, stated } from '../risk/derive.ts'

/** What is no way in, and would save a share of what is at risk in its account. */
export function shareExposure(
  check: string,
  account: string,
  atRisk: ReadonlyMap<string, Range>,
  catalogue: SurfaceContext['catalogue'],
  words: Pick<Parameters<typeof exposureOf>[0], 'title' | 'explanation' | 'fix' | 'why' | 'evidence'>,
): Exposure {
  const entry = catalogue.check(check)
  const chance = stated('no way in by itself', 0, 'chance')
  const exposure = exposureOf({
    kind: 'account',
    check,
    asset: account,
    key: [],
    likelihood: chance,
    losses: [],
    severity: entry.severity,
    ...words,
  })
  const derivation = product(
    'at risk a day that this would save',
    'usdPerDay',
    [
      stated(
        'at risk a day in this account',
        atRisk.get(account) ?? { low: 0, mid: 0, high: 0 },
        'usdPerDay',
      ),
      given('share of it that this would save', entry.value, 'factor'),
    ],
    'part of what the ways in put at risk, not on top of it',
  )
  return { ...exposure, usdPerDay: derivation.value, derivation }
}
