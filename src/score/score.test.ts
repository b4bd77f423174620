import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TRUTH_SCHEMA, type Truth, type TrueMachine } from '../range/truth.ts'
import { SCHEMA } from '../story/document.ts'
import { formatTime } from '../text/time.ts'
import type { Claim, ClaimedIncident } from './claim.ts'
import { Score } from './document.ts'
import { score } from './score.ts'

const START = Date.UTC(2026, 4, 12)

/** Minutes after the beginning of the tests' day. */
function at(minute: number): string {
  return formatTime(START + minute * 60_000)
}

const held = (occupant: string, from: number, to: number) => ({ occupant, start: at(from), end: at(to) })
const hands = (time: number, from: string, to: string) => ({ time: at(time), from, to })

function truthOf(...machines: (Partial<TrueMachine> & { name: string })[]): Truth {
  return { schema: TRUTH_SCHEMA, machines }
}

function incident(asset: string, part: Partial<ClaimedIncident> = {}): ClaimedIncident {
  return {
    id: `inc-${asset}`,
    asset: { id: asset, names: [] },
    severity: 'critical',
    wayIn: null,
    tenures: [],
    changes: [],
    money: { usdSoFar: null },
    ...part,
  }
}

function claimOf(...incidents: ClaimedIncident[]): Claim {
  return { schema: SCHEMA, incidents }
}

const battle = {
  name: 'web-1',
  id: 'i-0a1b2c3d4e5f60718',
  addresses: ['10.0.3.17'],
  wayIn: { kind: 'ssh-password', time: at(0), srcIp: '203.0.113.9', user: 'root' },
  tenures: [held('gang-a', 0, 60), held('gang-b', 60, 120), held('gang-a', 120, 180)],
  changes: [hands(60, 'gang-a', 'gang-b'), hands(120, 'gang-b', 'gang-a')],
  cost: { usdHeld: 3 },
} satisfies TrueMachine

const told = incident('web-1', {
  wayIn: { kind: 'ssh-password', time: at(9), srcIp: '203.0.113.9' },
  tenures: [held('48ex…1', 0, 60), held('unknown-1', 60, 120), held('48ex…1', 120, 180)],
  changes: [hands(61, '48ex…1', 'unknown-1'), hands(119, 'unknown-1', '48ex…1')],
  money: { usdSoFar: 3 },
})

describe('score', () => {
  it('is full where all is told, whatever the occupants are called', () => {
    const result = score(claimOf(told), truthOf(battle))
    expect(Score.parse(result)).toEqual(result)
    expect(result).toMatchObject({
      tenureIoU: 1,
      handsF1: 1,
      occupantPurity: 1,
      wayIn: 1,
      costError: 0,
      falseIncidents: 0,
    })
    expect(result.machines[0]?.occupants).toEqual([
      { claimed: '48ex…1', true: 'gang-a' },
      { claimed: 'unknown-1', true: 'gang-b' },
    ])
  })

  it.each<[string, Partial<ClaimedIncident>, number | null]>([
    ['nothing claimed', { tenures: [] }, 0],
    ['one of three', { tenures: [held('x', 0, 60)] }, 1 / 3],
    ['half of the first', { tenures: [held('x', 0, 30)] }, 0.5 / 3],
    ['one too many', { tenures: [...told.tenures, held('x', 200, 210)] }, 3 / 4],
    ['all in one piece', { tenures: [held('x', 0, 180)] }, 1 / 3 / 3],
    ['beside it', { tenures: [held('x', 300, 360)] }, 0],
  ])('IoU of tenures: %s', (_, part, expected) => {
    const result = score(claimOf({ ...told, ...part }), truthOf(battle))
    expect(result.tenureIoU).toBeCloseTo(expected ?? Number.NaN, 9)
  })

  it('matches so that the total is greatest, not each tenure for itself', () => {
    const truth = truthOf({ name: 'web-1', tenures: [held('a', 0, 100), held('b', 90, 200)] })
    const claim = claimOf(incident('web-1', { tenures: [held('x', 0, 150), held('y', 0, 60)] }))
    expect(score(claim, truth).tenureIoU).toBeCloseTo((60 / 100 + 60 / 200) / 2, 9)
  })

  it.each<[string, ClaimedIncident['changes'], number]>([
    [
      'a second too late',
      [hands(62 + 1 / 60, '48ex…1', 'unknown-1'), hands(120, 'unknown-1', '48ex…1')],
      0.5,
    ],
    ['at the very edge', [hands(62, '48ex…1', 'unknown-1'), hands(118, 'unknown-1', '48ex…1')], 1],
    ['the wrong way round', [hands(60, 'unknown-1', '48ex…1'), hands(120, '48ex…1', 'unknown-1')], 0],
    ['told twice', [...told.changes, ...told.changes], 4 / 6],
    ['one missing', told.changes.slice(1), 2 / 3],
    ['somebody unheard of', [hands(60, 'nobody', 'unknown-1'), hands(120, 'unknown-1', '48ex…1')], 0.5],
  ])('changes of hands: %s', (_, changes, expected) => {
    expect(score(claimOf({ ...told, changes }), truthOf(battle)).handsF1).toBeCloseTo(expected, 9)
  })

  it('finds as many changes as can be found together', () => {
    const truth = truthOf({
      ...battle,
      changes: [hands(60, 'gang-a', 'gang-b'), hands(61.5, 'gang-a', 'gang-b')],
    })
    const changes = [hands(60.2, '48ex…1', 'unknown-1'), hands(59, '48ex…1', 'unknown-1')]
    expect(score(claimOf({ ...told, changes }), truth).handsF1).toBe(1)
  })

  it('takes a change from nobody by its name', () => {
    const truth = truthOf({ ...battle, changes: [hands(0, 'nobody', 'gang-a')] })
    const changes = [hands(0, 'nobody', '48ex…1')]
    expect(score(claimOf({ ...told, changes }), truth).handsF1).toBe(1)
    expect(score(claimOf({ ...told, changes: [hands(0, 'x', '48ex…1')] }), truth).handsF1).toBe(0)
  })

  it.each<[string, ClaimedIncident['tenures'], number | null]>([
    ['two gangs taken for one', [held('x', 0, 180)], 2 / 3],
    ['one gang taken for two', [held('x', 0, 60), held('y', 60, 120), held('z', 120, 180)], 2 / 3],
    ['names swapped halfway', [held('x', 0, 90), held('y', 90, 180)], (60 + 30) / 180],
    ['never there', [held('x', 300, 400)], null],
  ])('purity: %s', (_, tenures, expected) => {
    const { occupantPurity } = score(claimOf({ ...told, tenures }), truthOf(battle))
    if (expected === null) expect(occupantPurity).toBeNull()
    else expect(occupantPurity).toBeCloseTo(expected, 9)
  })

  it('knows that two can mine at once', () => {
    const both = [held('a', 0, 100), held('b', 0, 100)]
    const result = score(
      claimOf(incident('web-1', { tenures: both })),
      truthOf({ name: 'web-1', tenures: both }),
    )
    expect(result).toMatchObject({ tenureIoU: 1, occupantPurity: 1 })
  })

  it.each<[string, ClaimedIncident['wayIn'], number, Partial<Score['counts']['waysIn']>]>([
    [
      'another kind',
      { kind: 'ssh-key', time: at(0), srcIp: '203.0.113.9' },
      0,
      { kind: 0, source: 1, time: 1 },
    ],
    [
      'another source',
      { kind: 'ssh-password', time: at(0), srcIp: '203.0.113.8' },
      0,
      { kind: 1, source: 0 },
    ],
    ['eleven minutes off', { kind: 'ssh-password', time: at(11), srcIp: '203.0.113.9' }, 0, { time: 0 }],
    ['mapped address', { kind: 'SSH-password', time: at(-10), srcIp: '::ffff:203.0.113.9' }, 1, { right: 1 }],
    ['not told', null, 0, { true: 1, kind: 0, source: 0, time: 0 }],
  ])('way in: %s', (_, wayIn, expected, parts) => {
    const result = score(claimOf({ ...told, wayIn }), truthOf(battle))
    expect(result.wayIn).toBe(expected)
    expect(result.counts.waysIn).toMatchObject(parts)
  })

  it('takes a later way in for right as well', () => {
    const later = { kind: 'docker-api', time: at(70), srcIp: '198.51.100.4' }
    const truth = truthOf({ ...battle, laterWaysIn: [later] })
    expect(score(claimOf({ ...told, wayIn: later }), truth).wayIn).toBe(1)
  })

  it.each([
    ['half of it', 1.5, 0.5],
    ['twice as much', 6, 1],
    ['no figure', null, 1],
  ])('cost: %s', (_, usdSoFar, expected) => {
    expect(score(claimOf({ ...told, money: { usdSoFar } }), truthOf(battle)).costError).toBe(expected)
  })

  it('cost: surplus CPU credits are part of it', () => {
    const truth = truthOf({ ...battle, cost: { usdHeld: 3, usdBurst: 1 } })
    expect(score(claimOf({ ...told, money: { usdSoFar: 3 } }), truth).costError).toBe(0.25)
  })

  it('does not let errors of cost cancel out', () => {
    const truth = truthOf({ name: 'a', cost: { usdHeld: 1 } }, { name: 'b', cost: { usdHeld: 3 } })
    const claim = claimOf(
      incident('a', { money: { usdSoFar: 3 } }),
      incident('b', { money: { usdSoFar: 1 } }),
    )
    expect(score(claim, truth).costError).toBe(1)
  })

  it('counts incidents on machines nobody got into, from medium on', () => {
    const truth = truthOf(battle, { name: 'db-2', wayIn: null, tenures: [] }, { name: 'db-3' })
    const claim = claimOf(
      told,
      incident('db-2', { severity: 'medium' }),
      incident('db-3', { severity: 'low' }),
      incident('198.51.100.7', { severity: 'high', tenures: [held('x', 0, 60)] }),
    )
    const result = score(claim, truth)
    expect(result.falseIncidents).toBe(2)
    expect(result.tenureIoU).toBe(3 / 4)
    expect(result.machines.map(({ name, isKnown }) => [name, isKnown])).toEqual([
      ['web-1', true],
      ['db-2', true],
      ['db-3', true],
      ['198.51.100.7', false],
    ])
  })

  it.each([
    ['instance id', { id: 'I-0A1B2C3D4E5F60718', names: [] }],
    ['address', { id: '10.0.3.17', names: [] }],
    ['one of many names', { id: 'web-1.corp.example', names: ['192.0.2.1', '10.0.3.17', 't3.large'] }],
    ['mapped address', { id: '::ffff:10.0.3.17', names: [] }],
  ])('finds the machine by its %s', (_, asset) => {
    expect(score(claimOf({ ...told, asset }), truthOf({ name: 'db-2' }, battle)).tenureIoU).toBe(1)
  })

  it('prefers the host name where an address is used twice', () => {
    const twin = { name: 'web-9', addresses: ['10.0.3.17'] }
    const asset = { id: 'web-1', names: ['10.0.3.17'] }
    expect(score(claimOf({ ...told, asset }), truthOf(twin, battle)).machines[1]?.tenureIoU).toBe(1)
  })

  it('collects what is told of one machine under two names', () => {
    const claim = claimOf(
      { ...told, tenures: told.tenures.slice(0, 1) },
      incident('10.0.3.17', { tenures: told.tenures.slice(1) }),
    )
    expect(score(claim, truthOf(battle)).tenureIoU).toBe(1)
  })

  it('has no figure where there is nothing to compare', () => {
    expect(score(claimOf(), truthOf({ name: 'db-2' }))).toMatchObject({
      tenureIoU: null,
      handsF1: null,
      occupantPurity: null,
      wayIn: null,
      costError: null,
      falseIncidents: 0,
    })
  })

  it('stays within bounds, and full marks go to the truth itself', () => {
    const tenure = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
      .map(([occupant, from, long]) => held(occupant, from, from + long))
    const tenures = fc.array(tenure, { maxLength: 6 })
    fc.assert(
      fc.property(tenures, tenures, (mine, theirs) => {
        const truth = truthOf({ name: 'web-1', tenures: mine })
        const result = score(claimOf(incident('web-1', { tenures: theirs })), truth)
        expect(Score.safeParse(result).error).toBeUndefined()
        const self = score(claimOf(incident('web-1', { tenures: mine })), truth)
        if (mine.length > 0) expect(self.tenureIoU).toBeCloseTo(1, 9)
        expect(self.occupantPurity ?? 1).toBe(1)
      }),
      { seed: 7 },
    )
  })
})
