import { describe, expect, it } from 'vitest'
import { stagedSurface } from '../../bench/plan/surface.ts'
import type { Exposure, Surface, SurfaceCoverage } from '../surface/document.ts'
import { closePort } from './controls/close-port.ts'
import { makePlan } from './make-plan.ts'
import { verifyPlan } from './verify.ts'

const surface = stagedSurface(30, 5)
const { plan } = makePlan({
  surface,
  controls: [closePort],
  budget: { cpuPercent: 9, usdPerMonth: 9, friction: 9, downtimeSeconds: 9 },
  incidents: [],
  operators: [],
  egress: new Map(),
  poolNames: [],
  without: new Set(),
  only: null,
  generatedAt: '',
  toolVersion: '0',
})
const closed = plan.chosen.find(({ closes }) => closes.length === 1)
const target = closed?.closes[0] ?? ''

function changed(how: (exposure: Exposure) => Exposure[], other: Partial<Surface> = {}): Surface {
  const change = (list: readonly Exposure[]): Exposure[] =>
    list.flatMap((exposure) => (exposure.id === target ? how(exposure) : [exposure]))
  return { ...surface, exposures: change(surface.exposures), hygiene: change(surface.hygiene), ...other }
}

const GAP: SurfaceCoverage = {
  what: 'security groups',
  scope: 'everything',
  status: 'missing',
  note: '',
  command: null,
}

describe('verify', () => {
  it('holds what the surface told against what the surface tells', () => {
    const same = verifyPlan(plan, { ...surface, usdPerDay: { low: 1, mid: 7, high: 9 } })
    expect(same).toMatchObject({ atRiskUsdPerDay: 7, beforeUsdPerDay: surface.usdPerDay.mid })
  })

  const own = plan.exposures.find(({ id }) => id === target)
  const machine = surface.assets.filter(({ id }) => id !== own?.asset)

  it.each<[string, Surface, string, string]>([
    ['still there', surface, 'open', ''],
    ['gone', changed(() => []), 'closed', 'no longer there'],
    [
      'narrowed to a few addresses',
      changed((one) => [
        { ...one, sources: [{ cidr: '198.51.100.0/24' }], usdPerDay: { low: 0, mid: 0, high: 0 } },
      ]),
      'closed',
      'open to 198.51.100.0/24 only',
    ],
    [
      'other addresses, and as dear as before',
      changed((one) => [{ ...one, sources: [{ cidr: '128.0.0.0/1' }] }]),
      'open',
      '',
    ],
    ['not read', changed(() => [], { coverage: [GAP] }), 'unknown', 'security groups'],
    ['the machine is gone', changed(() => [], { assets: machine }), 'closed', 'machine is no longer there'],
    [
      'open in a wider range, as a dump without security groups has it',
      changed((one) => [
        { ...one, id: 'exposure-wide', portFrom: null, portTo: null, why: ['not certain: security group'] },
      ]),
      'unknown',
      'as far as the new dump tells',
    ],
    [
      'open in a wider range for certain',
      changed((one) => [{ ...one, id: 'exposure-wide', portFrom: 1, portTo: 65_535, why: [] }]),
      'open',
      'as far as the new dump tells',
    ],
    [
      'another port of the same machine',
      changed((one) => [{ ...one, id: 'exposure-other', portFrom: 9, portTo: 9 }]),
      'closed',
      'no longer there',
    ],
    ['a dump without machines', changed(() => [], { assets: [] }), 'unknown', 'no machines'],
  ])('%s', (_, now, state, note) => {
    const control = verifyPlan(plan, now).controls.find(({ id }) => id === closed?.id)
    expect(control?.exposures[0]?.state).toBe(state)
    expect(control?.exposures[0]?.note).toContain(note)
    expect(control?.state).toBe(state)
  })

  it('names what is new since the plan was made', () => {
    const fresh: Exposure[] = surface.exposures.slice(0, 1).map((one) => ({ ...one, id: 'exposure-new' }))
    const { added } = verifyPlan(plan, { ...surface, exposures: [...surface.exposures, ...fresh] })
    expect(added.map(({ id }) => id)).toEqual(['exposure-new'])
  })
})
