import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { davylamp, evidence, workFolder } from './run.ts'

const folder = workFolder()

describe('help', () => {
  it.each([[], ['investigate'], ['show'], ['events'], ['range']])(
    'davylamp %s --help',
    async (...command) => {
      const { stdout, stderr, exitCode } = await davylamp([...command, '--help'])
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      expect(stdout).toMatch(/^Usage: davylamp/u)
      expect(stdout).toContain('Examples:')
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    },
  )

  it('names no command or option that does not exist', async () => {
    const pages = await Promise.all(
      ['', 'investigate', 'collect', 'show', 'events', 'surface', 'plan', 'cost', 'range'].map((command) =>
        davylamp([...(command === '' ? [] : [command]), '--help']),
      ),
    )
    const text = pages.map((page) => page.stdout).join('\n')
    const commands = [...text.matchAll(/davylamp (\w+)/gu)].map((match) => match[1])
    const known = new Set([
      'investigate',
      'collect',
      'show',
      'wire',
      'events',
      'sigma',
      'surface',
      'plan',
      'cost',
      'range',
    ])
    expect(commands.filter((command) => !known.has(command ?? ''))).toEqual([])
  })
})

describe('wrong usage', () => {
  it.each<[readonly string[], RegExp]>([
    [['investgate', 'x'], /unknown command 'investgate'[^]*Did you mean investigate/u],
    [['investigate'], /no evidence given[^]*--this-host/u],
    [['investigate', 'x', '--fromat', 'json'], /unknown option '--fromat'[^]*Did you mean --format/u],
    [['investigate', 'x', '--format', 'pdf'], /Allowed choices are terminal, json, html, markdown/u],
    [['investigate', evidence, '--no-case', '--timezone', 'Mars/One'], /--timezone Mars\/One: no such zone/u],
    [['investigate', evidence, '--no-case', '--since', 'yesterday'], /--since yesterday: not a time/u],
    [
      ['investigate', evidence, '--no-case', '--since', '2026-05-13', '--until', '2026-05-12'],
      /--since 2026-05-13 is later than --until 2026-05-12/u,
    ],
    [
      ['investigate', evidence, '--no-case', '--asset', 'web-7'],
      /no such machine in this evidence[^]*web-1/u,
    ],
    [['events', evidence, '--kind', 'auth,blub'], /--kind blub: no such kind of event[^]*auth/u],
    [['range'], /required option '--out <dir>'/u],
    [['range', '--out', join(folder, 'x'), '--seed', '1.5'], /--seed 1\.5: not a whole number/u],
    [['range', '--out', evidence], /is not empty/u],
    [['range', 'score'], /missing required argument 'got'/u],
    [['investigate', evidence, '--tlp', 'red'], /--tlp marks STIX only/u],
    [[evidence], /unknown command[^]*to read it: davylamp investigate/u],
  ])('%j', async (args, message) => {
    const { stdout, stderr, exitCode } = await davylamp(args, { cwd: folder })
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^davylamp: /u)
    expect(exitCode).toBe(2)
  })
})

describe('what cannot be done', () => {
  it('names evidence that is not there, and leaves nothing behind', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const { stdout, stderr, exitCode } = await davylamp(['investigate', 'nothing-here'], { cwd: empty })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toContain('cannot read nothing-here: no such file or folder')
    expect(readdirSync(empty)).toEqual([])
  })

  it.each(['/no/such/folder/report.html', '/'])(
    'says before reading that %s cannot be written',
    async (out) => {
      const { stderr, exitCode } = await davylamp(['investigate', evidence, '--no-case', '--out', out])
      expect(stderr).toMatch(/^davylamp: cannot write /u)
      expect(exitCode).toBe(1)
    },
  )

  it('tells every mistake in the configuration at once, each on a line with its line number', async () => {
    const config = join(folder, 'wrong.yaml')
    writeFileSync(config, 'knwon: []\noperators:\n  - adresses: 192.0.2.1\n    user: 7\ninventory: 5\n')
    const { stderr, exitCode } = await davylamp(['investigate', evidence, '--no-case', '--config', config])
    expect(exitCode).toBe(2)
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^(?:davylamp: | {10})/u, ''))
    expect(lines).toEqual([
      `${config}:1: knwon: unknown key (did you mean known?)`,
      `${config}:3: operators[0].adresses: unknown key (did you mean addresses?)`,
      `${config}:4: operators[0].user: unknown key`,
      `${config}:5: inventory: must be a list`,
    ])
  })

  it('names an inventory that is not there', async () => {
    const { stderr, exitCode } = await davylamp([
      'investigate',
      evidence,
      '--no-case',
      '--inventory',
      'none.yaml',
    ])
    expect(stderr).toBe('davylamp: cannot read none.yaml: no such file or folder\n')
    expect(exitCode).toBe(2)
  })
})
