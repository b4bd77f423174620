import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TRUTH_SCHEMA } from '../range/truth.ts'
import { SCHEMA } from '../story/document.ts'
import { readClaim, readTruth } from './read.ts'

const start = '2026-05-12T03:00:00Z'
const end = '2026-05-12T04:00:00.5+02:00'

function truthWith(machine: object): string {
  return JSON.stringify({
    schema: TRUTH_SCHEMA,
    machines: [{ name: 'web-1' }, { name: 'web-2', ...machine }],
  })
}

function claimWith(part: object): string {
  const incident = {
    id: 'inc-1',
    asset: { id: 'web-1', names: [] },
    severity: 'high',
    wayIn: null,
    tenures: [],
    changes: [],
    money: { usdSoFar: null },
  }
  return JSON.stringify({ schema: SCHEMA, incidents: [{ ...incident, ...part }] })
}

it('takes what an editor has marked as UTF-8', () => {
  expect(readTruth(`\uFEFF${truthWith({})}`).flaws).toBeNull()
  expect(readClaim(`\uFEFF${claimWith({})}`).flaws).toBeNull()
})

describe('readTruth', () => {
  it('takes the least that can be said', () => {
    expect(readTruth(truthWith({})).flaws).toBeNull()
    expect(
      readTruth(truthWith({ tenures: [{ occupant: 'a', start, end: '2026-05-12T03:00:00.123456789Z' }] }))
        .flaws,
    ).toBeNull()
  })

  it.each([
    ['no JSON', '{', ''],
    ['another schema', JSON.stringify({ schema: SCHEMA, machines: [] }), 'schema'],
    ['no machines', JSON.stringify({ schema: TRUTH_SCHEMA }), 'machines'],
    [
      'a time without a zone',
      truthWith({ tenures: [{ occupant: 'a', start: '2026-05-12T03:00:00', end }] }),
      'machines.1.tenures.0.start',
    ],
    [
      'a time without seconds',
      truthWith({ changes: [{ time: '2026-05-12T03:00Z', from: 'a', to: 'b' }] }),
      'machines.1.changes.0.time',
    ],
    [
      'an end before the start',
      truthWith({ tenures: [{ occupant: 'a', start, end }] }),
      'machines.1.tenures.0.end',
    ],
    ['a name twice', truthWith({ name: 'web-1' }), 'machines.1.name'],
    [
      'too much',
      truthWith({ tenures: Array.from({ length: 1001 }, () => ({ occupant: 'a', start, end: start })) }),
      'machines.1.tenures',
    ],
  ])('says where: %s', (_, text, path) => {
    expect(readTruth(text).flaws?.[0]?.path.join('.')).toBe(path)
  })
})

describe('readClaim', () => {
  it.each([
    [
      'a time that is none',
      claimWith({ tenures: [{ occupant: 'a', start: 'yesterday', end }] }),
      'incidents.0.tenures.0.start',
    ],
    [
      'a change at no time',
      claimWith({ changes: [{ time: '', from: 'a', to: 'b' }] }),
      'incidents.0.changes.0.time',
    ],
    ['a way in without a kind', claimWith({ wayIn: { time: start, srcIp: null } }), 'incidents.0.wayIn.kind'],
  ])('says where: %s', (_, text, path) => {
    expect(readClaim(text).flaws?.[0]?.path.join('.')).toBe(path)
  })

  it('gives a value or flaws for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readClaim(text).flaws).not.toBeNull()
        expect(readTruth(text).flaws).not.toBeNull()
      }),
      { seed: 8 },
    )
  })
})
