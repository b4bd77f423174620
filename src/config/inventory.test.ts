import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInventory } from './inventory.ts'
import { problemInWords } from './problem.ts'

const WEB = {
  InstanceId: 'i-0a1b2c3d4e5f60718',
  InstanceType: 't3.large',
  PrivateIpAddress: '10.0.3.17',
  PublicIpAddress: '203.0.113.20',
  PrivateDnsName: 'ip-10-0-3-17.ec2.internal',
  PublicDnsName: '',
  Placement: { AvailabilityZone: 'us-east-1a' },
  LaunchTime: '2026-05-01T10:00:00+00:00',
  State: { Code: 16, Name: 'running' },
  Tags: [
    { Key: 'Owner', Value: 'shop' },
    { Key: 'Name', Value: 'web-1' },
  ],
  NetworkInterfaces: [
    {
      PrivateIpAddress: '10.0.3.17',
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.3.17', Association: { PublicIp: '203.0.113.20' } },
        { PrivateIpAddress: '10.0.3.18', Association: { PublicIp: '203.0.113.21' } },
      ],
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::17' }],
    },
  ],
}

const WEB_MACHINE = {
  name: 'web-1',
  id: 'i-0a1b2c3d4e5f60718',
  addresses: ['10.0.3.17', '203.0.113.20', '10.0.3.18', '203.0.113.21', '2001:db8::17'],
  hostNames: ['ip-10-0-3-17.ec2.internal'],
  instanceType: 't3.large',
  region: 'us-east-1',
  usdPerHour: null,
}

const DB = {
  InstanceId: 'i-0ffffffffffffffff',
  PrivateIpAddress: '10.0.4.2',
  PrivateDnsName: 'ip-10-0-4-2.ec2.internal',
}

function answer(...instances: unknown[]): { Reservations: { Instances: unknown[] }[] } {
  return { Reservations: instances.map((instance) => ({ Instances: [instance] })) }
}

describe('parseInventory', () => {
  it('reads a list of the owner', () => {
    const text =
      '- name: web-1\n  addresses: [10.0.3.17, "2001:db8::17"]\n  hostNames: [web-1.example.org]\n  type: t3.large\n- name: db-1\n'
    const { machines, problems } = parseInventory(text, 'inventory.yaml')
    expect(problems).toEqual([])
    expect(machines.map(({ name }) => name)).toEqual(['web-1', 'db-1'])
    expect(machines[0]).toMatchObject({ addresses: ['10.0.3.17', '2001:db8::17'], instanceType: 't3.large' })
  })

  it.each([
    ['JSON', '[{"name": "web-1", "addresses": ["10.0.3.17"]}]', []],
    ['nothing', '', []],
    [
      'a slip',
      '- name: web-1\n  adresses: []\n',
      ['i.yaml:2: [0].adresses: unknown key (did you mean addresses?)'],
    ],
    ['no name', '- id: i-1\n', ['i.yaml:1: [0].name: is missing']],
    [
      'a network for an address',
      '- name: a\n  addresses: [10.0.0.0/8]\n',
      ['i.yaml:2: [0].addresses[0]: is no address'],
    ],
    ['a mapping', 'web-1: 10.0.3.17\n', ['i.yaml:1: must be a list']],
    ['an answer about something else', '{"Vpcs": []}', ['i.yaml:1: must be a list']],
  ])('judges %s strictly', (_case, text, expected) => {
    expect(parseInventory(text, 'i.yaml').problems.map(problemInWords)).toEqual(expected)
  })

  it.each([
    ['one answer', JSON.stringify(answer(WEB, DB))],
    [
      'two documents, one after the other',
      `${JSON.stringify(answer(WEB))}\n${JSON.stringify(answer(DB), null, 2)}\n`,
    ],
    ['a list of pages', JSON.stringify([answer(WEB), answer(DB)])],
    ['reservations alone', JSON.stringify(answer(WEB, DB).Reservations)],
    ['instances alone', JSON.stringify([WEB, DB])],
    ['instances in lists', JSON.stringify([[WEB], [DB]])],
    ['one document a line', `${JSON.stringify(WEB)}\n${JSON.stringify(DB)}`],
    ['the same page twice', `${JSON.stringify(answer(WEB, DB))}${JSON.stringify(answer(DB))}`],
    ['a byte order mark', `\uFEFF${JSON.stringify(answer(WEB, DB))}`],
  ])('reads describe-instances: %s', (_case, text) => {
    const { machines, problems, notes } = parseInventory(text, 'i.json')
    expect(problems).toEqual([])
    expect(notes).toEqual([])
    expect(machines).toHaveLength(2)
    expect(machines[0]).toEqual(WEB_MACHINE)
    expect(machines[1]).toMatchObject({ name: 'ip-10-0-4-2', addresses: ['10.0.4.2'], instanceType: null })
  })

  it('knows an answer without instances', () => {
    expect(parseInventory('{"Reservations": []}', 'i.json')).toEqual({
      machines: [],
      problems: [],
      notes: [],
    })
  })

  it('leaves out and counts what is no instance, and takes the rest', () => {
    const odd = {
      ...WEB,
      InstanceType: 7,
      Tags: 'none',
      NetworkInterfaces: [null, { Ipv6Addresses: {} }],
      PublicIpAddress: 'nowhere',
    }
    const { machines, notes } = parseInventory(JSON.stringify(answer(odd, { InstanceId: 5 }, 'x')), 'i.json')
    expect(machines).toEqual([
      { ...WEB_MACHINE, name: 'ip-10-0-3-17', addresses: ['10.0.3.17'], instanceType: null },
    ])
    expect(notes).toEqual(['i.json: 2 entries are no instances and were left out'])
  })

  it('is not upset by depth', () => {
    for (const text of [
      '['.repeat(20_000),
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      '{"Reservations":'.repeat(9999),
    ]) {
      expect(parseInventory(text, 'i.json').machines).toEqual([])
    }
  })

  it('never throws on any text', () => {
    const json = fc.json().map((text) => text.replaceAll('""', '"Reservations"'))
    const nested = fc.record({
      Reservations: fc.array(
        fc.record({
          Instances: fc.array(
            fc.oneof(
              fc.jsonValue(),
              fc.record({
                InstanceId: fc.jsonValue(),
                Tags: fc.jsonValue(),
                NetworkInterfaces: fc.array(fc.jsonValue()),
              }),
            ),
          ),
        }),
      ),
    })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          json,
          nested.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const { machines, problems } = parseInventory(text, 'i.json')
          expect(problems.length === 0 || machines.length === 0).toBe(true)
        },
      ),
      { seed: 5, numRuns: 500 },
    )
  })

  const LABS = join(import.meta.dirname, '../../../shared/corpus/posture/batfish-aws')
  it.skipIf(!existsSync(LABS))('reads the instances of real accounts', () => {
    const files = readdirSync(LABS, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('Reservations.json'),
    )
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      const { machines, problems } = parseInventory(readFileSync(join(LABS, file), 'utf8'), file)
      expect(problems).toEqual([])
      for (const machine of machines) expect(machine.id).toMatch(/^i-/u)
    }
  })
})
