import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_CONFIG, parseConfig } from './config.ts'
import { problemInWords } from './problem.ts'

const WALLET = `4${'8davyLampMadeUp'.repeat(6)}A1b2C`

const GOOD = `
known:
  - asset: miner-1
    reason: our own rig
  - wallet: ${WALLET}
    reason: treasury
    expires: 2027-01-31
  - address: 198.51.100.0/24
    reason: our pool proxy
    expires: 2027-01-31T12:00:00+02:00
  - process: /opt/render/bin/render
    reason: batch job
operators:
  - name: Alice
    addresses: [203.0.113.9, '2001:db8::/48']
  - accounts: [deploy]
inventory:
  - name: web-1
    id: i-0a1b2c3d4e5f60718
    addresses: [10.0.3.17]
    type: t3.large
    usdPerHour: 0.08
`

function problems(text: string): string[] {
  return parseConfig(text, 'davylamp.yaml').problems.map(problemInWords)
}

describe('parseConfig', () => {
  it('reads every section', () => {
    const { config, problems } = parseConfig(GOOD, 'davylamp.yaml')
    expect(problems).toEqual([])
    expect(config.known).toEqual([
      { what: 'asset', value: 'miner-1', reason: 'our own rig', expiresAt: null },
      { what: 'wallet', value: WALLET, reason: 'treasury', expiresAt: Date.UTC(2027, 1, 1) },
      {
        what: 'address',
        value: '198.51.100.0/24',
        reason: 'our pool proxy',
        expiresAt: Date.UTC(2027, 0, 31, 10),
      },
      { what: 'process', value: '/opt/render/bin/render', reason: 'batch job', expiresAt: null },
    ])
    expect(config.operators).toEqual([
      { name: 'Alice', addresses: ['203.0.113.9', '2001:db8::/48'], accounts: [] },
      { name: null, addresses: [], accounts: ['deploy'] },
    ])
    expect(config.inventory).toEqual([
      {
        name: 'web-1',
        id: 'i-0a1b2c3d4e5f60718',
        addresses: ['10.0.3.17'],
        hostNames: [],
        instanceType: 't3.large',
        region: null,
        usdPerHour: 0.08,
      },
    ])
  })

  it.each(['', '\n# nothing yet\n', 'known:\noperators:\n', '{}'])('takes %j for no rules', (text) => {
    expect(parseConfig(text, 'davylamp.yaml')).toEqual({ config: EMPTY_CONFIG, problems: [] })
  })

  it.each([
    [
      'a slip in a key',
      'known:\n  - walet: abc\n    reason: x\n',
      ['davylamp.yaml:2: known[0].walet: unknown key (did you mean wallet?)'],
    ],
    ['a key from nowhere', 'colour: red\n', ['davylamp.yaml:1: colour: unknown key']],
    [
      'a slip in a section',
      'operator:\n  - accounts: [a]\n',
      ['davylamp.yaml:1: operator: unknown key (did you mean operators?)'],
    ],
    ['no reason', 'known:\n  - asset: a\n', ['davylamp.yaml:2: known[0].reason: is missing']],
    [
      'two subjects',
      'known:\n\n  - asset: a\n    wallet: b\n    reason: x\n',
      ['davylamp.yaml:3: known[0]: must name exactly one of asset, address, wallet, process'],
    ],
    [
      'no subject',
      'known:\n  - reason: x\n',
      ['davylamp.yaml:2: known[0]: must name exactly one of asset, address, wallet, process'],
    ],
    [
      'a bad address',
      'operators:\n  - addresses:\n      - 203.0.113.9\n      - 203.0.113.999\n',
      [
        'davylamp.yaml:4: operators[0].addresses[1]: is no address and no network (like 192.0.2.7 or 192.0.2.0/24)',
      ],
    ],
    [
      'an operator who is nobody',
      'operators:\n  - name: Bob\n',
      ['davylamp.yaml:2: operators[0]: must have addresses or accounts'],
    ],
    [
      'a number for a name',
      'operators:\n  - accounts: [1000]\n',
      ['davylamp.yaml:2: operators[0].accounts[0]: must be a text (put it in quotes)'],
    ],
    ['a mapping for a list', 'known:\n  asset: a\n', ['davylamp.yaml:1: known: must be a list']],
    [
      'a relative program',
      'known:\n  - process: xmrig\n    reason: x\n',
      ['davylamp.yaml:2: known[0].process: must be an absolute path or a SHA-256'],
    ],
    [
      'a date that is none',
      'known:\n  - asset: a\n    reason: x\n    expires: soon\n',
      [
        'davylamp.yaml:4: known[0].expires: must be a date (like 2027-01-31) or a time with its zone (like 2027-01-31T18:00:00Z)',
      ],
    ],
    [
      'a time without zone',
      'known:\n  - asset: a\n    reason: x\n    expires: 2027-01-31T18:00:00\n',
      [
        'davylamp.yaml:4: known[0].expires: must be a date (like 2027-01-31) or a time with its zone (like 2027-01-31T18:00:00Z)',
      ],
    ],
    [
      'a negative price',
      'inventory:\n  - name: a\n    usdPerHour: -1\n',
      ['davylamp.yaml:3: inventory[0].usdPerHour: must not be negative'],
    ],
    ['a text for the whole', 'just words\n', ['davylamp.yaml:1: must be a mapping']],
  ])('refuses %s', (_case, text, expected) => {
    expect(problems(text)).toEqual(expected)
    expect(parseConfig(text, 'davylamp.yaml').config).toEqual(EMPTY_CONFIG)
  })

  it('tells all problems at once', () => {
    const text = 'known:\n  - walet: a\n    reason: x\n  - asset: b\noperators:\n  - adresses: []\n'
    expect(problems(text)).toEqual([
      'davylamp.yaml:2: known[0].walet: unknown key (did you mean wallet?)',
      'davylamp.yaml:4: known[1].reason: is missing',
      'davylamp.yaml:6: operators[0].adresses: unknown key (did you mean addresses?)',
    ])
  })

  it.each([
    ['broken YAML', 'known:\n  - asset: "a\n', 3],
    ['the same key twice', 'known: []\nknown: []\n', 2],
    ['a tag', 'known: !!js/function "x"\n', 1],
    ['two documents', 'known: []\n---\nknown: []\n', 2],
  ])('names the line of %s', (_case, text, line) => {
    expect(parseConfig(text, 'davylamp.yaml').problems[0]?.line).toBe(line)
  })

  it.each([
    ['depth', `known: ${'['.repeat(50_000)}`],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, n) => `${'bcdefghij'[n]}: &${'bcdefghij'[n]} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[n]}`).join(',')}]`).join('\n')}`,
    ],
    ['size', ' '.repeat(5_000_000)],
    ['prototype tricks', '__proto__: {known: []}\nconstructor: 1\n'],
  ])('is not upset by %s', (_case, text) => {
    expect(problems(text).length).toBeGreaterThan(0)
  })

  it('never throws, and gives a configuration or problems', () => {
    const piece = fc.constantFrom(
      'known',
      'wallet',
      'reason',
      'operators',
      ':',
      ' ',
      '\n',
      '  - ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '"',
      "'",
      '|',
      '!',
      '%',
      '---',
      '203.0.113.9',
      '#',
      '?',
      '<<',
      '\0',
      '\u202e',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (input) => {
        const { config, problems } = parseConfig(input, 'f')
        expect(problems.length === 0 || config === EMPTY_CONFIG).toBe(true)
        for (const problem of problems) expect(problem.line).toBeGreaterThan(0)
      }),
      { seed: 11, numRuns: 500 },
    )
  })
})
