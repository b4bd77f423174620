import { describe, expect, it } from 'vitest'
import { deed } from './samples.ts'
import { reachOf } from './reach.ts'

describe('what else is in reach', () => {
  it('names what was read, gone on to, taken away and sold, what weighs most first', () => {
    const reach = reachOf(
      [
        deed('a proxy was set up', 4, { what: 'access-sold' }),
        deed('ssh to others', 3, { what: 'spread', remote: '10.0.3.18' }),
        deed('read keys', 1, { what: 'credential-access', path: '/root/.aws/credentials' }),
        deed(
          'a rule held',
          2,
          { what: 'rule', path: null },
          { rule: 'r', attack: ['T1048'], severity: 'high' },
        ),
      ],
      [],
    )
    expect(reach.map(({ kind, what }) => [kind, what])).toEqual([
      ['credential', '/root/.aws/credentials was read'],
      ['host', '10.0.3.18 was tried from here'],
      ['data', 'a rule held'],
      ['access', 'a proxy was set up'],
    ])
    expect(reach.every(({ evidence }) => evidence.length > 0)).toBe(true)
  })

  it('leaves out what a rule of little weight says, and folds what is told twice', () => {
    const weak = deed(
      'an admin read a file',
      1,
      { what: 'rule' },
      { rule: 'r', attack: ['T1552.001'], severity: 'low' },
    )
    const twice = [1, 2].map((minute) =>
      deed('read', minute, { what: 'credential-access', path: '/root/.netrc' }),
    )
    expect(reachOf([weak, ...twice], [])).toHaveLength(1)
  })
})
