import { describe, expect, it } from 'vitest'
import { visible } from '../../text/visible.ts'
import { displayWidth } from '../../text/width.ts'
import { battle, battleIncident } from '../samples/battle.ts'
import { at, incident, investigation } from '../samples/build.ts'
import { fleet, hostile, nothingFound, nothingRead, pressureOnly, worthALook } from '../samples/others.ts'
import { terminal } from './index.ts'

const SAMPLES = { battle, fleet, hostile, nothingFound, nothingRead, pressureOnly, worthALook }
/** The only control characters allowed: line ends and our own colours. */
const COLOR = /\x1b\[(?:0|1|2|3\d|1;3\d)m/g

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  const document = sample()
  const commands = document.incidents.flatMap(({ todo }) => todo.map(({ command = '' }) => visible(command)))

  it.each([40, 80, 100, 120, 200])('fits %i columns', (width) => {
    for (const unicode of [true, false]) {
      for (const line of terminal.render(document, { width, unicode }).split('\n')) {
        // A word of a command is never broken: it would not be the same command any more.
        if (
          commands.some((command) => line.trim() !== '' && command.includes(line.replace(/ \\$/, '').trim()))
        )
          continue
        expect(displayWidth(line), line).toBeLessThanOrEqual(width)
      }
    }
  })

  it('sends no control characters but its own colours', () => {
    const plain = terminal.render(document)
    const painted = terminal.render(document, { color: true })
    expect(plain).not.toMatch(/[^\n\P{C}]|\p{Zl}|\p{Zp}/u)
    expect(painted.replaceAll(COLOR, '')).toBe(plain)
  })

  it('draws in ASCII alone where the terminal knows no more', () => {
    const text = terminal.render(document, { unicode: false })
    if (sample !== hostile) expect(text).toMatch(/^[\x20-\x7e\n]*$/)
  })
})

it('looks as sketched at 80 columns', async () => {
  await expect(terminal.render(battle())).toMatchFileSnapshot('../samples/battle-80.txt')
})

it('puts proof and money beside the text at 120 columns', () => {
  const text = terminal.render(battle(), { width: 120 })
  expect(text).toMatch(/OCCUPIED {3}web-1 .* \$1\.94 so far · \$118 a month · 1\.8× normal\n/)
  expect(text).toMatch(/03:14:07 {2}Root is logged in .* auth\.log:18231\n/)
})

it('shows times in the zone asked for', () => {
  const text = terminal.render(battle(), { timezone: 'Asia/Tokyo' })
  expect(text).toContain('12 May 2026, Asia/Tokyo')
  expect(text).toContain('12:14:07')
})

it('says one line per incident when quiet, and nothing about nothing', () => {
  expect(terminal.render(battle(), { quiet: true })).toBe(
    'OCCUPIED web-1: Monero is mined on web-1 ($1.94 so far, $118 a month, 1.8× normal) inc-0123456789ab\n',
  )
  expect(terminal.render(nothingFound(), { quiet: true })).toBe('')
})

it('tells what is not known', () => {
  const unseen = { ...battleIncident().tenures[1], occupant: 'unknown-1', startKnown: false, endKnown: false }
  const text = terminal.render(
    investigation({
      incidents: [
        incident({
          tenures: [
            {
              ...unseen,
              start: at('03:00:00'),
              end: at('07:00:00'),
              confidence: 0.7,
              hashrate: null,
              sharesAccepted: null,
              evidence: [],
            },
          ],
        }),
      ],
    }),
  )
  expect(text).toMatch(/unknown-1 {2}░█+░\n/)
})

it('never says clean of what was not judged', () => {
  expect(terminal.render(pressureOnly())).toContain('2 machines clean: web-2, web-3\n')
  expect(terminal.render(pressureOnly())).toContain(
    '1 machine not judged (no evidence after 04:10): cache-1\n',
  )
  expect(terminal.render(nothingRead())).toContain('Nothing could be read')
  expect(terminal.render(nothingRead())).not.toContain('clean')
})

it('cuts a long story in the middle and says how to see the rest', () => {
  const one = battleIncident()
  const long = investigation({
    incidents: [{ ...one, sentences: Array.from({ length: 90 }, () => one.sentences).flat() }],
  })
  const text = terminal.render(long)
  expect(text).toContain('600 more in between: davylamp show inc-0123456789ab')
  expect(terminal.render(long, { canShow: false })).not.toContain('davylamp show')
  expect(terminal.render(long, { full: true })).not.toContain('more in between')
})

it('tells a few incidents in full; of many, the most expensive one under a table of all', () => {
  expect(terminal.render(fleet(3)).match(/Do this first/g)).toHaveLength(3)
  const text = terminal.render(fleet(5), { width: 120 })
  expect(text).toMatch(
    /^● Somebody mines on 5 machines\. It has cost \$\d+ so far; \$\d+ a month if it goes on\.\n/,
  )
  expect(text.match(/Do this first/g)).toHaveLength(1)
  expect(text.match(/^● OCCUPIED {2}worker-\d/gm)).toHaveLength(5)
  expect(text.indexOf('worker-1.')).toBeLessThan(text.indexOf('worker-2.'))
  expect(terminal.render(fleet(5), { full: true }).match(/Do this first/g)).toHaveLength(5)
})

it('is no longer for a fleet than people read, and says where the rest is', () => {
  const text = terminal.render(fleet(200))
  expect(text.split('\n').length).toBeLessThan(120)
  expect(text).toContain('… and 180 more incidents: --full, or --format html')
  expect(text).toContain('… and 188 more machines: --full, or --format html')
})

it('tells all guessing at one machine in one line', () => {
  const [entry] = pressureOnly().pressure
  if (entry === undefined) throw new Error('the sample has no pressure')
  const pressure = [
    {
      ...entry,
      kind: 'SSH password guessing',
      count: 142,
      sourceIps: ['192.0.2.1', '192.0.2.2'],
      sources: 2,
    },
    {
      ...entry,
      kind: 'SSH slow password guessing',
      count: 38,
      sourceIps: ['192.0.2.2', '192.0.2.3'],
      sources: 2,
    },
  ]
  expect(terminal.render(investigation({ pressure }), { width: 200 })).toContain(
    '180 tries from 3 addresses: 142 SSH password guessing, 38 slow password guessing; 12 May',
  )
})

it('tells files that were left out by why, not one by one', () => {
  const skipped = Array.from({ length: 300 }, (_, i) => ({
    file: `evidence/${i}.txt`,
    reason: 'not a format I know',
  }))
  const text = terminal.render(investigation({ skipped }))
  expect(text).toContain('300 files, not a format I know: 0.txt, 1.txt, 2.txt, 3.txt …')
  expect(text.split('\n').length).toBeLessThan(10)
})

it('tells everything when asked: ids of findings, why names are one machine, how money is reckoned, what was seen', () => {
  const text = terminal.render(battle(), { full: true, width: 400 })
  const one = battleIncident()
  for (const { id } of one.findings) expect(text).toContain(id)
  for (const join of battle().assets.flatMap((asset) => (asset.id === one.asset.id ? asset.joins : [])))
    expect(text).toContain(join)
  expect(text).toContain(one.money.basis)
  expect(text).toContain('What could be seen')
})

it('says when a price is that of another machine', () => {
  const one = battleIncident()
  const incidents = [{ ...one, money: { ...one.money, assumedType: 't3.medium' } }]
  expect(terminal.render(investigation({ incidents }), { width: 200 })).toContain(
    '$118 a month · 1.8× normal · if it is a t3.medium',
  )
})

it('joins the lines of a long command the way a shell does', () => {
  const text = terminal.render(battle())
  const command = /davylamp events[\s\S]*?00Z\n/
    .exec(text)?.[0]
    .replace(/ \\\n\s+/g, ' ')
    .trim()
  expect(command).toBe(battleIncident().todo[1]?.command)
})

it('names what is worth a look, and not what is a mere hint unless asked', () => {
  const text = terminal.render(worthALook())
  expect(text).toMatch(/^\S No intruder and no miner for certain in this evidence; 21 things are worth a\n/u)
  expect(text).toContain('    111122223333: The log of the account was stopped (medium; ')
  expect(text).toMatch(/A launch was refused \(0\) \(medium, 12 times;/u)
  expect(text).toContain('and 9 more things')
  expect(text).not.toContain('looked up')
  expect(terminal.render(worthALook(), { full: true })).toContain('A name of a pool was looked up (low;')
})
