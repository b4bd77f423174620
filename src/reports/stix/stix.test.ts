import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TLP_LEVELS } from '../report.ts'
import { battle, battleIncident } from '../samples/battle.ts'
import { at, incident, investigation, occupant, proof } from '../samples/build.ts'
import { fleet, hostile, nothingFound, pressureOnly } from '../samples/others.ts'
import { type Bundle, bundleOf } from './bundle.ts'
import { observableId } from './id.ts'
import { stix } from './index.ts'
import { attackPattern, IDENTITY, observablesOf, patternOf, type StixObject } from './objects.ts'
import { problemsOf } from './samples/rules.ts'
import { shapeOf } from '../shape.ts'

const SAMPLES = { battle, fleet, hostile, nothingFound, pressureOnly }

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  it('keeps the rules of STIX 2.1', () => {
    expect(problemsOf(bundleOf(sample(), null))).toEqual([])
    expect(problemsOf(bundleOf(sample(), 'amber+strict'))).toEqual([])
  })

  it('is the same for the same evidence, whenever it is read', () => {
    const ids = (document: ReturnType<typeof sample>): string[] =>
      bundleOf(document, null).objects.map((object) => object.id)
    expect(ids({ ...sample(), generatedAt: '2027-01-01T00:00:00.000000Z' })).toEqual(ids(sample()))
  })

  it('is safe to print', () => {
    expect(stix.render(sample())).not.toMatch(/[^\n\P{C}]|\p{Zl}|\p{Zp}/u)
  })
})

function ofType(objects: readonly StixObject[], type: string): StixObject[] {
  return objects.filter((object) => object.type === type)
}

describe('ids of observables', () => {
  // As the specification's examples and OASIS's own library have them.
  it.each([
    ['ipv4-addr', { value: '198.51.100.3' }, 'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4'],
    ['domain-name', { value: 'example.com' }, 'domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7'],
  ])('%s %j', (type, properties, id) => {
    expect(observableId(type, properties)).toBe(id)
  })
})

describe('patterns', () => {
  it.each([
    ['address', '203.0.113.9', "[ipv4-addr:value = '203.0.113.9']"],
    ['address', '2001:db8::9', "[ipv6-addr:value = '2001:db8::9']"],
    ['remote', "http://x.example/a'b\\c", "[url:value = 'http://x.example/a\\'b\\\\c']"],
    [
      'pool',
      'pool.example.net:3333',
      "[network-traffic:dst_ref.value = 'pool.example.net' AND network-traffic:dst_port = 3333]",
    ],
    ['path', '/dev/shm/.x', "[file:name = '.x' AND file:parent_directory_ref.path = '/dev/shm']"],
    ['hash', 'A'.repeat(64), `[file:hashes.'SHA-256' = '${'a'.repeat(64)}']`],
    ['wallet', '48ex', "[user-account:account_login = '48ex'] OR [process:command_line LIKE '%48ex%']"],
    ['command', "sh -c 'x'", "[process:command_line = 'sh -c \\'x\\'']"],
    ['path', '/root/.ssh/authorized_keys', null],
    ['address', '10.0.3.17', null],
    ['worker', 'rig', null],
  ])('%s %s', (type, value, pattern) => {
    expect(patternOf(shapeOf(type, value))).toBe(pattern)
  })
})

/** As the story names them. */
const EVERY_TYPE = [
  'wallet',
  'worker',
  'pool',
  'agent',
  'path',
  'process',
  'cron',
  'unit',
  'key-file',
  'user',
  'container',
  'remote',
  'address',
  'command',
]

it('keeps the rules whatever the evidence says', () => {
  const artefact = fc.record({
    type: fc.constantFrom(...EVERY_TYPE, 'hash', 'new'),
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.ipV4(),
      fc.ipV6(),
      fc.string().map((text) => `/tmp/${text}`),
      fc.domain().map((name) => `${name}:3333`),
    ),
    evidence: fc.constant(null).map(() => [proof()]),
  })
  fc.assert(
    fc.property(fc.array(artefact, { maxLength: 5 }), (artefacts) => {
      const document = investigation({ incidents: [incident({ occupants: [occupant({ artefacts })] })] })
      expect(problemsOf(bundleOf(document, 'green'))).toEqual([])
    }),
    { seed: 10 },
  )
})

it('tells what indicates what, and when it was sighted', () => {
  const { objects } = bundleOf(battle(), null)
  const wallet = ofType(objects, 'indicator').find(({ name }) => String(name).startsWith('wallet 48'))
  const sighting = ofType(objects, 'sighting').find((one) => one['sighting_of_ref'] === wallet?.id)
  expect(wallet).toMatchObject({ confidence: 99, valid_from: '2026-05-12T03:16:02.000Z' })
  expect(sighting).toMatchObject({
    first_seen: '2026-05-12T03:16:02.000Z',
    last_seen: '2026-05-12T07:02:10.000Z',
    count: 2102,
  })
  const malware = ofType(objects, 'malware')
  expect(malware.map(({ name, is_family }) => [name, is_family])).toEqual([
    ['coin miner unknown-1', false],
    ['8220', true],
  ])
  const indicates = ofType(objects, 'relationship').filter((one) => one['source_ref'] === wallet?.id)
  expect(indicates.map((one) => one['target_ref'])).toEqual([malware[0]?.id])
  const address = ofType(objects, 'indicator').find(({ name }) => name === 'address 203.0.113.9')
  const technique = attackPattern({ id: 'T1110.001', name: 'Password Guessing' })
  expect(
    ofType(objects, 'relationship').some(
      (one) => one['source_ref'] === address?.id && one['target_ref'] === technique.id,
    ),
  ).toBe(true)
})

it('knows a wallet again on another machine', () => {
  const other = { ...battleIncident(), id: 'inc-2', asset: { id: 'web-2', names: ['web-2'] } }
  const one = bundleOf(battle(), null)
  const two = bundleOf({ ...battle(), incidents: [battleIncident(), other] }, null)
  const count = (type: string): number[] => [one, two].map(({ objects }) => ofType(objects, type).length)
  expect(count('indicator')).toEqual([7, 7])
  expect(count('malware')).toEqual([2, 2])
  expect(count('sighting')).toEqual([7, 14])
})

it('says nothing of the machines themselves', () => {
  expect(stix.render(battle())).not.toMatch(/web-1|10\.0\.3\.17|i-0a1b2c3d/u)
})

it('observes what it does not call an indicator', () => {
  const artefacts = [
    { type: 'path', value: '/etc/crontab', evidence: [proof({ time: at('04:00:00') })] },
    { type: 'worker', value: 'rig-7', evidence: [proof()] },
  ]
  const document = investigation({ incidents: [incident({ occupants: [occupant({ artefacts })] })] })
  const { objects } = bundleOf(document, null)
  expect(ofType(objects, 'indicator')).toEqual([])
  expect(ofType(objects, 'file')).toMatchObject([{ name: 'crontab' }])
  expect(ofType(objects, 'note')).toMatchObject([{ content: 'worker: rig-7' }])
})

it.each(TLP_LEVELS)('marks everything TLP:%s', (level) => {
  const { objects } = bundleOf(battle(), level)
  const [marking, ...others] = objects
  expect(marking).toMatchObject({ type: 'marking-definition', name: `TLP:${level.toUpperCase()}` })
  expect(others.every((object) => String(object['object_marking_refs']) === marking?.id)).toBe(true)
})

function bundle(...objects: StixObject[]): Bundle {
  return { type: 'bundle', id: bundleOf(battle(), null).id, objects }
}

it('sees what breaks the rules', () => {
  const [host, traffic] = observablesOf(shapeOf('pool', '198.51.100.7:443'))
  if (host === undefined || traffic === undefined) throw new Error('an endpoint is two objects')
  expect(problemsOf(bundle(IDENTITY, host, traffic))).toEqual([])
  expect(problemsOf(bundle(traffic))).toEqual([`${traffic.id}: dst_ref points nowhere`])
  expect(problemsOf(bundle({ ...host, id: 'ipv4-addr--1' }))[0]).toMatch(/id is not well formed/u)
  expect(problemsOf(bundle({ ...IDENTITY, created: '2026-01-01T00:00:00Z' }))[0]).toMatch(/created/u)
  expect(problemsOf(bundle({ ...IDENTITY, name: undefined }))[0]).toMatch(/name is required/u)
  expect(problemsOf(bundle(IDENTITY, IDENTITY))[0]).toMatch(/twice/u)
})
