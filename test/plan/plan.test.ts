import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Plan } from '../../src/plan/document.ts'
import { AS_FOUND, BUILD_GROUP, WEB_GROUP, writeSmallAccount } from './small-account.ts'

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'davylamp.mjs')
const folder = mkdtempSync(join(tmpdir(), 'davylamp-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function davylamp(...args: readonly string[]): Run {
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
}

function planOf(...args: readonly string[]): Plan {
  return Plan.parse(JSON.parse(davylamp('plan', ...args, '--format', 'json').stdout))
}

const OPERATORS = 'operators:\n  - name: office\n    addresses: [198.51.100.0/24]\n'
const ANY = ['--budget', 'usd=any,friction=any,cpu=any,downtime=any']

beforeAll(() => {
  writeSmallAccount(join(folder, 'dump'))
  writeSmallAccount(join(folder, 'closed'), {
    httpTokens: 'required',
    rules: {
      [WEB_GROUP]: [
        AS_FOUND[WEB_GROUP]?.[0] ?? { id: '', port: 0, cidr: '' },
        { id: 'sgr-0000000000000099a', port: 22, cidr: '198.51.100.0/24' },
      ],
      [BUILD_GROUP]: [{ id: 'sgr-0000000000000099b', port: 22, cidr: '198.51.100.0/24' }],
    },
  })
  writeFileSync(join(folder, 'davylamp.yaml'), OPERATORS)
})

const NETWORK_FILES =
  /(?:NetworkInterfaces|SecurityGroups|SecurityGroupRules|RouteTables|Subnets|InternetGateways|NetworkAcls|Vpcs)\.json$/u

describe('davylamp plan', () => {
  it('closes the Docker API first of all ports, keeps the web site open, and stays within the budget', () => {
    const plan = planOf('dump', '--no-case')
    const ports = plan.chosen.filter(({ control }) => control === 'close-port')
    expect(ports.map(({ title }) => title)).toEqual(['build-1: close port 2375 to the internet'])
    expect(JSON.stringify(plan.chosen.map(({ how }) => how.cli))).not.toMatch(/sgr-0000000000000443a/u)
    expect(plan.overhead.friction).toBeLessThanOrEqual(3)
    expect(plan.overhead.usdPerMonth).toBeLessThanOrEqual(20)
    expect(plan.optimality.isExact).toBe(true)
    expect(plan.removesShare).toBeGreaterThan(0.9)
  })

  it('has parts that add up to what it removes, and a reason for everything', () => {
    const plan = planOf('dump', '--no-case')
    const sum = plan.chosen.reduce((total, { removesUsdPerDay }) => total + removesUsdPerDay, 0)
    expect(Math.abs(sum - plan.removesUsdPerDay.mid)).toBeLessThan(0.05)
    for (const { reason } of plan.leftOut) expect(reason).not.toBe('')
    for (const { why } of plan.chosen) expect(why.length).toBeGreaterThan(2)
    expect(plan.removesUsdPerDay.low).toBeLessThanOrEqual(plan.removesUsdPerDay.mid)
    expect(plan.removesUsdPerDay.mid).toBeLessThanOrEqual(plan.removesUsdPerDay.high)
  })

  it('lets the operator in before it shuts anybody out, and proposes nothing that could lock him out', () => {
    const ssh = planOf('dump', '--no-case', ...ANY).chosen.find(({ control }) => control === 'operators-only')
    expect(ssh?.how.cli?.[0]).toContain('authorize-security-group-ingress')
    expect(ssh?.how.cli?.[0]).toContain('198.51.100.0/24')
    expect(ssh?.how.cli?.[1]).toContain('revoke-security-group-ingress')
    const none = planOf('dump', '--no-case', ...ANY, '--config', '/dev/null')
    expect(none.chosen.some(({ control }) => control === 'operators-only')).toBe(false)
    expect(none.leftOut.find(({ control }) => control === 'operators-only')?.reason).toContain('lock you out')
    expect(JSON.stringify(none.chosen)).not.toContain('"FromPort\\":22')
  })

  it('answers what-if', () => {
    const all = planOf('dump', '--no-case')
    const without = planOf('dump', '--no-case', '--without', 'close-port')
    expect(without.chosen.some(({ control }) => control === 'close-port')).toBe(false)
    expect(without.removesUsdPerDay.mid).toBeLessThan(all.removesUsdPerDay.mid)
    expect(without.leftOut.find(({ control }) => control === 'close-port')?.reason).toContain('--without')
    const only = planOf('dump', '--no-case', '--only', 'imds-v2,close-port')
    expect(new Set(only.chosen.map(({ control }) => control))).toEqual(new Set(['imds-v2', 'close-port']))
    const nothing = davylamp(
      'plan',
      'dump',
      '--no-case',
      '--budget',
      'friction=0,usd=0',
      '--only',
      'close-port',
    )
    expect(nothing.status).toBe(0)
    expect(nothing.stdout.replaceAll(/\s+/gu, ' ')).toContain('friction 0.5 is more than your budget of 0')
  })

  it('gives the same plan for the same dump', () => {
    const one = { ...planOf('dump', '--no-case'), generatedAt: '', surface: null }
    expect({ ...planOf('dump', '--no-case'), generatedAt: '', surface: null }).toEqual(one)
  })

  it('plans for what surface left in the case, and for its JSON', () => {
    expect(davylamp('surface', 'dump', '--case', 'own').status).toBe(10)
    const fromCase = planOf('--case', 'own')
    davylamp('surface', 'dump', '--no-case', '--format', 'json', '--out', 'surface.json')
    const fromFile = planOf('surface.json', '--no-case')
    expect(fromFile.chosen.map(({ id }) => id)).toEqual(fromCase.chosen.map(({ id }) => id))
    expect(davylamp('plan', '--case', 'empty').stderr).toContain('davylamp surface PATH')
  })

  it('proves afterwards what is closed, and says what is not', () => {
    const made = davylamp(
      'plan',
      'dump',
      '--case',
      'verify',
      ...ANY,
      '--only',
      'close-port,operators-only,imds-v2',
    )
    expect(made.status).toBe(10)
    const done = davylamp('plan', 'verify', 'closed', '--case', 'verify')
    expect(done.stdout).not.toContain('OPEN')
    expect(done.status).toBe(0)
    const open = davylamp('plan', 'verify', 'dump', '--case', 'verify', '--format', 'json')
    expect(open.status).toBe(10)
    const states = (JSON.parse(open.stdout) as { controls: { state: string }[] }).controls.map(
      ({ state }) => state,
    )
    expect(new Set(states)).toEqual(new Set(['open']))
  })

  it('calls nothing closed that the new dump did not read', () => {
    davylamp('plan', 'dump', '--case', 'gap', '--only', 'budget-alarm')
    writeSmallAccount(join(folder, 'gap-dump'))
    rmSync(join(folder, 'gap-dump', 'Budgets.json'))
    const run = davylamp('plan', 'verify', 'gap-dump', '--case', 'gap')
    expect(run.status).toBe(10)
    expect(run.stdout).toContain('not proven')
  })

  it.each([
    ['aws-cli', ['apply.sh', 'commands.json', 'revert.sh']],
    ['terraform', ['davylamp.tf', 'revert/davylamp.tf']],
    ['nft', ['build-1-revert.nft', 'build-1.nft', 'web-1-revert.nft', 'web-1.nft']],
  ])('writes %s with its revert', (form, files) => {
    const out = `files-${form}`
    expect(davylamp('plan', 'dump', '--no-case', '--emit', form, '--out', out).status).toBe(10)
    const written = readdirSync(join(folder, out), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.includes('.'),
    )
    expect(written.toSorted()).toEqual(files)
  })

  it('says that machines are open which nobody described, though no money can be named', () => {
    writeSmallAccount(join(folder, 'not-described'))
    const root = join(folder, 'not-described')
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (/\.\w+$/u.test(file) && !NETWORK_FILES.test(file)) rmSync(join(root, file))
    const shown = davylamp('surface', 'not-described', '--no-case', '--full').stdout
    expect(shown).toContain('OPEN to the internet: 4 ways in')
    expect(shown).not.toContain('No way in found')
    expect(shown.replaceAll(/\s+/gu, ' ')).toContain('machine i-0fedcba9876543210 is named but not described')
    const plan = davylamp('plan', 'not-described', '--no-case').stdout
    expect(plan).toContain('no money can be named')
    expect(plan).not.toContain('better spent on others')
  })

  it('takes no orders from the names of machines', () => {
    const names = { 'build-1': '$(touch pwned)`id`\n"; rm -rf / #\u202e${x}', 'web-1': '=cmd|x' }
    writeSmallAccount(join(folder, 'hostile'), { names })
    davylamp('plan', 'hostile', '--no-case', ...ANY, '--emit', 'aws-cli', '--out', 'hostile-files')
    const script = readFileSync(join(folder, 'hostile-files', 'apply.sh'), 'utf8')
    const run = spawnSync('sh', ['-c', `aws() { :; }\n${script}`], { cwd: folder, encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(readdirSync(folder)).not.toContain('pwned')
    const shown = davylamp('plan', 'hostile', '--no-case', ...ANY, '--full').stdout
    expect(shown).not.toMatch(/[\u202e\u0007]/u)
  })

  it('names what it leaves out of a form because an id in it is no id, and writes the rest', () => {
    const ids = { machine: 'i-0fedcba9876543210;reboot', group: 'sg-$(touch pwned)' }
    writeSmallAccount(join(folder, 'odd-ids'), { ids })
    const plan = planOf('odd-ids', '--no-case', ...ANY)
    const docker = plan.chosen.find(({ title }) => title.includes('2375'))
    expect(docker?.notWritten.map(({ form }) => form)).toEqual(['aws-cli', 'terraform'])
    expect(docker?.notWritten[0]?.what).toMatch(
      /close port 2375.*: no commands: "sg-\$\(touch pwned\)" is not the id of a security group/u,
    )
    const metadata = plan.chosen.find(({ control }) => control === 'imds-v2')
    expect(metadata?.notWritten.map(({ what }) => what).join()).toContain(
      '"i-0fedcba9876543210;reboot" is not',
    )
    expect(plan.chosen.flatMap(({ how }) => how.cli ?? []).join()).toContain(WEB_GROUP)
    const emit = davylamp('plan', 'odd-ids', '--no-case', ...ANY, '--emit', 'aws-cli', '--out', 'odd-files')
    expect(emit.stderr).toContain('not written: build-1: close port 2375')
    expect(readFileSync(join(folder, 'odd-files', 'apply.sh'), 'utf8')).not.toMatch(/touch pwned|reboot/u)
    expect(emit.stdout).toContain('not in --emit aws-cli: build-1: close port 2375')
    expect(davylamp('plan', 'odd-ids', '--no-case', '--format', 'markdown').stdout).toContain(
      'by hand, not in --emit aws-cli: ',
    )
    expect(planOf('dump', '--no-case', ...ANY).chosen.flatMap(({ notWritten }) => notWritten)).toEqual([])
  })

  it.each([
    [['plan', 'dump', '--budget', 'money=1'], 'no such part'],
    [['plan', 'dump', '--without', 'close-prt'], 'did you mean close-port'],
    [['plan', 'dump', '--emit', 'nft'], '--emit and --out go together'],
    [['plan', 'why', 'imds'], 'no control called imds'],
  ])('says what is wrong with %j', (args, words) => {
    const run = davylamp(...args, ...(args[1] === 'why' ? [] : ['--no-case']))
    expect(run.status).toBe(2)
    expect(run.stderr).toContain(words)
  })

  it('tells of every control what it is and where its numbers come from', () => {
    const ids = davylamp('plan', 'why')
      .stdout.trim()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
    expect(ids.length).toBeGreaterThan(25)
    const told = davylamp('plan', 'why', 'close-port').stdout
    expect(told).toContain('judgement')
    expect(told).toContain('multiply on what is left')
  })
})
