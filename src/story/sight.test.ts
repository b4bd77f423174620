import { describe, expect, it } from 'vitest'
import { judgeSight, LEAST_CAPTURE_MS, type Sight, type Sighting, WOULD_SHOW } from './sight.ts'
import { machineEntry, type MachineView } from './machines.ts'

function seen(sights: readonly Sight[], more: Partial<Sighting> = {}): Sighting {
  return { sights: new Set(sights), capturedMs: 3_600_000, ran: 0, unseen: 0, ...more }
}

function view(sighting: Sighting, more: Partial<MachineView> = {}): MachineView {
  return {
    asset: { id: 'web-1', names: ['web-1'], identifiers: ['host:web-1'], joins: [], machine: null },
    incidents: [],
    isUnderPressure: false,
    seen: sighting,
    ranges: { network: [], login: [], process: [] },
    ...more,
  }
}

describe('what would have shown mining', () => {
  it.each<[string, Sighting, boolean]>([
    ['nothing', seen([]), false],
    ['a capture', seen(['capture']), true],
    ['a capture that ends too soon', seen(['capture'], { capturedMs: LEAST_CAPTURE_MS - 1 }), false],
    ['a capture taken elsewhere', seen(['capture-aside']), false],
    ['flow logs', seen(['flows']), false],
    ['a log of names', seen(['names']), false],
    ['flow logs and names', seen(['flows', 'names']), true],
    ['an audit trail with what was started', seen(['starts']), true],
    ['an audit trail without it', seen(['changes']), false],
    ['a shell history', seen(['typed']), false],
    ['logins and load', seen(['login', 'load']), false],
    ['a look into everything', seen(['look'], { ran: 120, unseen: 0 }), true],
    ['a look into nearly everything', seen(['look'], { ran: 120, unseen: 12 }), true],
    ['a look from outside', seen(['look'], { ran: 120, unseen: 100 }), false],
    ['a look that is shown its own alone', seen(['look', 'look-outside'], { ran: 4, unseen: 0 }), false],
    ['a disk', seen(['look'], { ran: 0 }), false],
    ['a look from outside beside a capture', seen(['look', 'capture'], { ran: 9, unseen: 9 }), true],
  ])('%s: %#', (_, sighting, isEnough) => {
    const { showsMining, by, toJudge } = judgeSight(sighting)
    expect([showsMining, by.length > 0, toJudge.length > 0]).toEqual([isEnough, isEnough, !isEnough])
  })

  it('says of everything that is not enough what it lacks', () => {
    const { short } = judgeSight(seen(['flows', 'login', 'look'], { ran: 160, unseen: 131 }))
    expect(short.map(({ sight }) => sight)).toEqual(['flows', 'look-outside', 'login'])
    expect(short[1]?.words).toContain('131 of 160 programs')
  })

  it('every line of the rule can be met', () => {
    for (const { all } of WOULD_SHOW) expect(judgeSight(seen(all, { ran: 1 })).showsMining).toBe(true)
  })
})

describe('the verdict on a machine', () => {
  it.each<[Sighting, string, string]>([
    [
      seen(['capture', 'login', 'starts']),
      'clean',
      'nothing found in its traffic, its logins and its audit trail',
    ],
    [seen(['login']), 'not-judged', 'only logins are in evidence, so mining would not show'],
    [seen([]), 'not-judged', 'no evidence about it'],
    [seen(['load']), 'not-judged', 'only its load is in evidence, so what makes it would not show'],
    [
      seen(['flows']),
      'not-judged',
      'nothing found in what could be seen, and that is not enough: flow logs, which tell who talked to whom and not about what',
    ],
  ])('%#', (sighting, status, reason) => {
    const entry = machineEntry(view(sighting))
    expect([entry.status, entry.reason]).toEqual([status, reason])
    expect((entry.toJudge ?? []).length > 0).toBe(status === 'not-judged')
  })

  it('names a rise of the load that nobody can explain', () => {
    const { reason } = machineEntry(view(seen(['flows', 'load']), { loadRise: 'it rose' }))
    expect(reason).toContain('not enough to say what makes its load (it rose)')
  })

  it('of a machine under pressure it says whether more would have shown', () => {
    const reasons = [seen(['login']), seen(['login', 'flows']), seen(['login', 'starts'])].map(
      (sighting) => machineEntry(view(sighting, { isUnderPressure: true })).reason,
    )
    expect(reasons[0]).toMatch(/only logins are in evidence/u)
    expect(reasons[1]).toMatch(/too little else was seen/u)
    expect(reasons[2]).toMatch(/nothing else was found$/u)
  })
})
