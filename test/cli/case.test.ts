import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Investigation } from '../../src/story/document.ts'
import { davylamp, evidence, inventory, type Run, type RunOptions, workFolder } from './run.ts'

const folder = workFolder()
const kept = join(folder, 'kept')
const first = await davylamp(['investigate', evidence, '--inventory', inventory, '--case', kept, '--quiet'])

/** Where permissions say nothing to root, a file in the way stands for a place that cannot be written. */
function unwritable(name: string): RunOptions {
  const cwd = join(folder, name)
  mkdirSync(cwd)
  writeFileSync(join(cwd, '.davylamp'), 'in the way')
  return { cwd }
}

async function findingAbout(title: RegExp): Promise<string> {
  const { stdout } = await davylamp(['show', 'web-1', '--case', kept, '--format', 'json'])
  const { incidents } = JSON.parse(stdout) as { incidents: { findings: { id: string; title: string }[] }[] }
  const found = incidents.flatMap((one) => one.findings).find((one) => title.test(one.title))
  if (found === undefined) throw new Error(`no finding about ${title}`)
  return found.id
}

const show = (args: readonly string[], options?: RunOptions): Promise<Run> =>
  davylamp(['show', ...args, '--case', kept], options)

const run = (args: readonly string[], cwd: string): Promise<Run> => davylamp(args, { cwd })
const places = (text: string): number => text.match(/^\S.*eth0\.pcap, packet/gmu)?.length ?? 0

/** As GuardDuty writes it. */
function guarddutyFinding(id: string): object {
  return {
    schemaVersion: '2.0',
    accountId: '111122223333',
    region: 'eu-central-1',
    id,
    arn: `arn:aws:guardduty:eu-central-1:111122223333:detector/d/finding/${id}`,
    type: 'CryptoCurrency:EC2/BitcoinTool.B',
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0a1b2c3d4e5f60718' } },
    service: {
      serviceName: 'guardduty',
      eventFirstSeen: '2026-05-12T03:00:00Z',
      eventLastSeen: '2026-05-12T04:00:00Z',
      count: 3,
    },
    severity: 8,
    createdAt: '2026-05-12T03:10:00Z',
    updatedAt: '2026-05-12T04:10:00Z',
    title: 'Bitcoin tool',
    description: 'An instance talks to a pool',
  }
}

it('was made', () => expect(first.exitCode).toBe(10))

describe('a place that cannot be written', () => {
  it('is gone without where it is only the usual one', async () => {
    const { stdout, stderr, exitCode } = await davylamp(['investigate', evidence], unwritable('usual'))
    expect(exitCode).toBe(10)
    expect(stdout).toContain('OCCUPIED')
    expect(stdout).not.toContain('davylamp show')
    expect(stderr).toMatch(
      /^davylamp: no case can be kept in \.davylamp: a file is in the way: going on without/mu,
    )
  })

  it('is an error where it was named', async () => {
    const { stdout, stderr, exitCode } = await davylamp(
      ['investigate', evidence, '--case', '.davylamp'],
      unwritable('named'),
    )
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toContain('--no-case')
  })

  it.skipIf(process.getuid?.() === 0)('is a folder without permission', async () => {
    const cwd = join(folder, 'closed')
    mkdirSync(cwd)
    chmodSync(cwd, 0o555)
    const { stderr, exitCode } = await davylamp(['investigate', evidence, '--quiet'], { cwd })
    expect(stderr).toContain('no permission to write there: going on without')
    expect(exitCode).toBe(10)
  })
})

it('says what is wrong with a file that is no case', async () => {
  const broken = join(folder, 'broken')
  mkdirSync(broken)
  writeFileSync(join(broken, 'case.sqlite'), 'this is a text, and no database at all')
  for (const args of [
    ['show', 'web-1'],
    ['investigate', evidence],
  ]) {
    const { stderr, exitCode } = await davylamp([...args, '--case', broken])
    expect(stderr).toContain('what is there is no case')
    expect(exitCode).toBe(1)
  }
})

it.skipIf(process.getuid?.() === 0)('is read where it cannot be written', async () => {
  const locked = join(folder, 'locked')
  cpSync(kept, locked, { recursive: true })
  chmodSync(locked, 0o555)
  expect((await davylamp(['show', 'web-1', '--case', locked])).stdout).toContain('OCCUPIED')
  chmodSync(locked, 0o755)
})

describe('a case in the evidence', () => {
  it('is neither read nor listed', async () => {
    const cwd = join(folder, 'with-case')
    cpSync(evidence, cwd, { recursive: true })
    await davylamp(['investigate', '.', '--quiet'], { cwd })
    const { stdout, stderr } = await davylamp(['investigate', '.', '--format', 'json'], { cwd })
    const story = Investigation.parse(JSON.parse(stdout))
    expect(story.skipped.map((one) => one.file)).toEqual(['./notes.txt'])
    expect(story.inputs).toHaveLength(3)
    expect(stderr).not.toContain('case.sqlite')
  })

  it('is told from evidence that is called like one', async () => {
    const cwd = join(folder, 'disguised')
    mkdirSync(join(cwd, '.davylamp'), { recursive: true })
    cpSync(join(evidence, 'auth.log'), join(cwd, '.davylamp', 'case.sqlite'))
    const { stdout } = await davylamp(['investigate', '.', '--format', 'json', '--no-case'], { cwd })
    expect(Investigation.parse(JSON.parse(stdout)).inputs.map((input) => input.file)).toEqual([
      './.davylamp/case.sqlite',
    ])
  })
})

describe('show', () => {
  it('lists what is in the case', async () => {
    const { stdout } = await show([])
    expect(stdout).toMatch(/OCCUPIED {2}web-1/u)
    expect(stdout).toMatch(/NOT JUDGED/u)
  })

  it.each(['web-1', '10.0.3.17', 'i-0cc71a9ee4c3cfbb6'])(
    'opens a machine by %s, with why its names are one',
    async (name) => {
      const { stdout } = await show([name])
      expect(stdout).toContain('Why these names are one machine')
      expect(stdout).toMatch(/finding-[0-9a-f]{12} {2}critical/u)
    },
  )

  it('opens a machine on which nothing was found', async () => {
    const { stdout } = await show([])
    const name = /NOT JUDGED +([\w.-]+):/u.exec(stdout)?.[1] ?? ''
    expect((await show([name])).stdout).toMatch(/^○ NOT JUDGED/u)
  })

  it('marks the line of proof in its context', async () => {
    const { stdout } = await show([await findingAbout(/log was wiped: \/var\/log\/auth\.log/u)])
    expect(stdout.match(/^ {2}> +\d+ {2}type=EXECVE .*"rm"/gmu)).toHaveLength(1)
    expect(stdout.match(/^ {4} *\d+ {2}type=/gmu)).toHaveLength(4)
  })

  it('decodes a packet, and masks what is secret in it unless told otherwise', async () => {
    const id = await findingAbout(/^Mines Monero/u)
    const { stdout } = await show([id])
    expect(stdout).toMatch(/packet \d+ {2}2026-05-12T/u)
    expect(stdout).toContain('"pass":"[masked]"')
    expect((await show([id, '--show-secrets'])).stdout).not.toContain('[masked]')
  })

  it('shows every place when asked', async () => {
    const id = await findingAbout(/^Mines Monero/u)
    expect(places((await show([id])).stdout)).toBe(3)
    expect(places((await show([id, '--full'])).stdout)).toBeGreaterThan(3)
  })

  it('knows nothing of a name that is not in it, and says what is', async () => {
    const { stderr, exitCode } = await show(['nobody'])
    expect(stderr).toMatch(/nobody[^]*web-1/u)
    expect(exitCode).toBe(1)
  })
})

describe('show, wherever the evidence is', () => {
  const home = join(folder, 'home')

  it('finds it from another folder, in an archive, after it was moved, and says when it cannot', async () => {
    mkdirSync(join(home, 'elsewhere'), { recursive: true })
    cpSync(evidence, join(home, 'files'), { recursive: true })
    const packed = spawnSync('tar', ['czf', 'all.tar.gz', 'files'], { cwd: home })
    expect(packed.status).toBe(0)
    rmSync(join(home, 'files'), { recursive: true })
    const caseFolder = join(folder, 'of-archive')
    await run(['investigate', 'all.tar.gz', '--case', caseFolder], home)
    const id = await findingAbout(/log was wiped: \/var\/log\/auth\.log/u)
    const proof = /^ {2}> +\d+ {2}type=EXECVE/mu
    const at = ['--case', caseFolder]
    expect((await run(['show', id, ...at], join(home, 'elsewhere'))).stdout).toMatch(proof)
    renameSync(join(home, 'all.tar.gz'), join(home, 'elsewhere', 'all.tar.gz'))
    const gone = await run(['show', id, ...at], home)
    expect(gone.stdout).toContain('The file is not where it was')
    expect(gone.stdout).toContain('> type=EXECVE')
    expect((await run(['show', id, ...at, '--evidence', 'elsewhere'], home)).stdout).toMatch(proof)
  })

  it('says when the file says something else now', async () => {
    const cwd = join(folder, 'changing')
    cpSync(evidence, cwd, { recursive: true })
    await run(['investigate', '.'], cwd)
    writeFileSync(join(cwd, 'audit.log'), 'all\nquiet\n')
    const { stdout } = await run(['show', await findingAbout(/log was wiped: \/var\/log\/auth\.log/u)], cwd)
    expect(stdout).toContain('The file has changed')
    expect(stdout).toContain('"rm"')
    expect(existsSync(join(cwd, '.davylamp'))).toBe(true)
  })

  it.each([
    ['where no line begins', 'listed', 0],
    ['over many lines', 'spread', 2],
  ])('finds a record in the middle of a list, %s', async (_, name, indent) => {
    const cwd = join(folder, name)
    mkdirSync(cwd)
    writeFileSync(
      join(cwd, 'findings.json'),
      JSON.stringify({ Findings: [guarddutyFinding('a')] }, null, indent),
    )
    const told = await run(['investigate', '.', '--format', 'json'], cwd)
    const { incidents } = JSON.parse(told.stdout) as { incidents: { findings: { id: string }[] }[] }
    const { stdout } = await run(['show', incidents[0]?.findings[0]?.id ?? ''], cwd)
    expect(stdout).toContain('findings.json')
    expect(stdout).not.toContain('The file has changed')
  })
})
