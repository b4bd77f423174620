import { readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Event } from '../../src/event/event.ts'
import { Investigation } from '../../src/story/document.ts'
import { davylamp, evidence, inventory, workFolder } from './run.ts'

const folder = workFolder()
const corpus = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'corpus')
const RFC_3339_MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u

const empty = join(folder, 'empty.log')
writeFileSync(empty, '')
const unknown = join(folder, 'unknown.bin')
writeFileSync(unknown, Buffer.from([0, 1, 2, 3, 255]))

describe('--format json', () => {
  it.each<[string, readonly string[]]>([
    ['the example', [evidence]],
    ['one log', [join(evidence, 'auth.log')]],
    ['one capture', [join(evidence, 'eth0.pcap')]],
    ['nothing known', [unknown]],
    ['nothing at all', [empty]],
    ['a narrow span', [evidence, '--since', '2026-05-12T04:00Z', '--until', '2026-05-12T04:10Z']],
    ['one machine', [evidence, '--asset', 'web-1', '--min-severity', 'critical']],
    ['another zone', [evidence, '--timezone', '+05:30']],
  ])('keeps the contract for %s', async (_, args) => {
    const { stdout, exitCode } = await davylamp(['investigate', ...args, '--no-case', '--format', 'json'])
    const story = Investigation.parse(JSON.parse(stdout))
    expect(Investigation.strict().parse(JSON.parse(stdout))).toEqual(story)
    expect(exitCode).toBe(story.incidents.length > 0 ? 10 : 0)
    for (const { firstSeen, lastSeen } of [...story.incidents, ...story.pressure]) {
      expect(firstSeen).toMatch(RFC_3339_MICROSECONDS)
      expect(lastSeen).toMatch(RFC_3339_MICROSECONDS)
    }
  })

  it.skipIf(!existsSync(corpus))('keeps the contract for real captures and logs', async () => {
    for (const name of ['mining', 'auth', 'benign']) {
      const { stdout } = await davylamp(['investigate', join(corpus, name), '--no-case', '--format', 'json'])
      expect(Investigation.safeParse(JSON.parse(stdout)).error).toBeUndefined()
    }
  })
})

describe('events', () => {
  it('prints one event a line, of the kinds asked for', async () => {
    const { stdout } = await davylamp(['events', evidence, '--kind', 'auth,session', '--kind', 'stratum'])
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(new Set(events.map((event) => event['kind']))).toEqual(new Set(['auth', 'session', 'stratum']))
    for (const event of events.slice(0, 50)) {
      expect(event['time']).toMatch(RFC_3339_MICROSECONDS)
      expect(Event.safeParse({ ...event, time: 0, start: 0 }).error).toBeUndefined()
    }
  })

  it('takes the kinds for kinds and what follows for evidence', async () => {
    const { stdout } = await davylamp(['events', '--kind', 'stratum', evidence])
    expect(stdout.split('\n')[0]).toContain('"kind":"stratum"')
  })
})

describe('where it goes', () => {
  it.each([
    ['report.html', /^<!doctype html>/u],
    ['report.md', /^# /u],
    ['report.json', /^\{\n {2}"schema"/u],
    ['report.ocsf.json', /^\[\n\{"activity_id":1,/u],
    ['report.STIX.json', /^\{\n {2}"type": "bundle"/u],
    ['report.csv', /^type,value,machine,first,last,confidence,reason\r\n/u],
    ['report.txt', /^● OCCUPIED/u],
    ['report', /^● OCCUPIED/u],
  ])('--out %s is written in the form its name says', async (name, start) => {
    const { stdout, exitCode } = await davylamp(['investigate', evidence, '--no-case', '--out', name], {
      cwd: folder,
    })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 10 })
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(start)
  })

  it('--format goes before the name', async () => {
    await davylamp(['investigate', evidence, '--no-case', '--format', 'json', '--out', 'odd.html'], {
      cwd: folder,
    })
    expect(readFileSync(join(folder, 'odd.html'), 'utf8')).toMatch(/^\{/u)
  })

  it('tells files that are left out one a line on standard error, and nothing else there', async () => {
    const { stderr } = await davylamp(['investigate', evidence, unknown, '--no-case'])
    expect(stderr.trimEnd().split('\n').toSorted()).toEqual(
      [
        `davylamp: ${join(evidence, 'notes.txt')}: skipped: not a format I know`,
        `davylamp: ${unknown}: skipped: not a format I know`,
      ].toSorted(),
    )
  })

  it('reads standard input', async () => {
    const { stdout } = await davylamp(['investigate', '-', '--no-case', '--format', 'json'], {
      stdin: readFileSync(join(evidence, 'auth.log'), 'utf8'),
    })
    expect(Investigation.parse(JSON.parse(stdout)).inputs.map((input) => input.file)).toEqual(['-'])
  })

  it.each([
    { name: 'NO_COLOR', env: { NO_COLOR: '1', FORCE_COLOR: '1' } },
    { name: 'TERM=dumb', env: { TERM: 'dumb', FORCE_COLOR: '1' } },
    { name: 'a pipe', env: {} },
  ])('has no colours with $name', async ({ env }) => {
    const { stdout } = await davylamp(['investigate', evidence, '--no-case'], { env })
    expect(stdout).not.toContain('\x1b')
  })

  it('draws in ASCII where the locale knows no more', async () => {
    const { stdout } = await davylamp(['investigate', evidence, '--no-case'], {
      env: { LANG: 'C', LC_ALL: 'C' },
    })
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/u)
  })

  it('ends quietly when nobody reads on', () => {
    const command = `"${process.execPath}" bin/davylamp.mjs events "${evidence}" 2>&1 | head -n 1 | wc -l`
    const run = spawnSync('sh', ['-c', command], {
      cwd: resolve(import.meta.dirname, '..', '..'),
      encoding: 'utf8',
    })
    expect({ stdout: run.stdout.trim(), stderr: run.stderr }).toEqual({ stdout: '1', stderr: '' })
  })
})

it('reckons no money where nobody was seen mining', async () => {
  const { stdout } = await davylamp(['investigate', join(evidence, 'auth.log'), '--no-case'])
  expect(stdout).toContain('INTRUDED')
  expect(stdout).not.toContain('$0')
})

it('shows the type and the price it was told', async () => {
  const { stdout } = await davylamp(['investigate', evidence, '--no-case', '--inventory', inventory])
  expect(stdout).toMatch(/t3\.large, \$0\.08 an hour/u)
  expect((await davylamp(['investigate', evidence, '--no-case'])).stdout).toContain('if it is a t3.medium')
})
