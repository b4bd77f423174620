import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Surface } from '../../src/surface/document.ts'
import { davylamp, workFolder } from '../cli/run.ts'
import { ACCOUNT, BUILD, BUILD_GROUP, dumpFiles, HOST_FILES, INNER, WEB, writeFiles } from './dump.ts'

const folder = workFolder()
const dump = writeFiles(join(folder, 'dump'), dumpFiles())
const withHost = writeFiles(join(folder, 'with-host'), { ...dumpFiles(), ...HOST_FILES })

async function read(
  path: string,
  ...more: readonly string[]
): Promise<{ surface: Surface; exitCode: number }> {
  const { stdout, exitCode } = await davylamp(['surface', path, '--no-case', '--format', 'json', ...more], {
    cwd: folder,
  })
  return { surface: Surface.parse(JSON.parse(stdout)), exitCode }
}

const ways = ({ exposures }: Surface): string[] =>
  exposures
    .filter(({ kind }) => kind === 'network')
    .map(
      ({ asset, portFrom, portTo, door, listening }) => `${asset} ${portFrom}-${portTo} ${door} ${listening}`,
    )

describe('davylamp surface', () => {
  it('tells every way in, dearest first, with the rule that lets it through', async () => {
    const { surface, exitCode } = await read(dump)
    expect(exitCode).toBe(10)
    expect(ways(surface)).toEqual([
      `${BUILD} 2375-2375 docker-api unknown`,
      `${BUILD} 22-22 ssh unknown`,
      `${WEB} 443-443 web unknown`,
      `${WEB} 22-22 ssh unknown`,
    ])
    const first = surface.exposures.find(({ kind }) => kind === 'network')
    expect(first).toMatchObject({
      address: '198.51.100.10',
      protocol: 'tcp',
      sources: [{ cidr: '0.0.0.0/0' }],
      severity: 'critical',
      cutEdge: {
        type: 'security-group-rule',
        id: BUILD_GROUP,
        protocol: 'tcp',
        portFrom: 2375,
        portTo: 2375,
        source: '0.0.0.0/0',
        isOnly: true,
      },
      sinks: [{ id: `machine:${BUILD}` }, { id: `account:${ACCOUNT}` }],
    })
    expect(surface.blocked.some(({ asset }) => asset === INNER)).toBe(true)
  })

  it('tells what the account leaves open, and what could not be read', async () => {
    const { surface } = await read(dump)
    const checks = surface.exposures.filter(({ kind }) => kind === 'account').map(({ check }) => check)
    for (const check of [
      'root-without-mfa',
      'access-key-old',
      'role-public-trust',
      'imds-v1',
      'role-starts-compute',
      'burst-unlimited',
      'no-budget',
      'guardduty-off',
      'egress-open',
    ])
      expect(checks).toContain(check)
    expect(checks).not.toContain('cloudtrail-off')
    expect(surface.coverage.filter(({ status }) => status === 'missing').map(({ what }) => what)).toContain(
      'CloudTrail',
    )
    expect(surface.hygiene.map(({ check, asset }) => `${check} ${asset}`)).toContain(
      `forgotten-machine ${BUILD}`,
    )
  })

  it('is surer where the host says what listens', async () => {
    const [before, after] = [await read(dump), await read(withHost)]
    expect(ways(after.surface)[0]).toBe(`${BUILD} 2375-2375 docker-api true`)
    const chance = ({ surface }: typeof before, port: number): number =>
      surface.exposures.find(({ asset, portFrom }) => asset === BUILD && portFrom === port)?.likelihood.mid ??
      -1
    expect(chance(after, 2375)).toBeGreaterThan(chance(before, 2375))
    // Keys only.
    expect(chance(after, 22)).toBeLessThan(chance(before, 22) / 10)
  })

  it('gives the same ids and numbers when it is run again, and whatever the order', async () => {
    const [one, two] = [
      await read(dump),
      await read(
        join(dump, 'us-east-1'),
        join(dump, 'Budgets.json'),
        join(dump, 'account-authorization-details.json'),
        join(dump, 'credential-report.csv'),
      ),
    ]
    expect(two.surface.exposures.map(({ id, usdPerDay }) => [id, usdPerDay])).toEqual(
      one.surface.exposures.map(({ id, usdPerDay }) => [id, usdPerDay]),
    )
  })

  it('answers for a network that is asked about', async () => {
    const { surface } = await read(dump, '--from', '203.0.113.0/24')
    expect(surface.from).toBe('203.0.113.0/24')
    expect(ways(surface)).toHaveLength(4)
    const other = await read(dump, '--from', '192.0.2.0/24')
    expect(ways(other.surface)).toHaveLength(3)
  })

  it('keeps exposures in the case, to be shown and explained', async () => {
    const cwd = join(folder, 'with-case')
    mkdirSync(cwd)
    const { stdout } = await davylamp(['surface', dump, '--format', 'json'], { cwd })
    const { exposures } = Surface.parse(JSON.parse(stdout))
    const id = exposures.find(({ portFrom }) => portFrom === 2375)?.id ?? ''
    const why = await davylamp(['surface', 'why', id], { cwd })
    expect(why.exitCode).toBe(0)
    for (const part of ['Docker API', 'half of the', 'judgement', '64 vCPUs', BUILD_GROUP])
      expect(why.stdout).toContain(part)
    const shown = await davylamp(['show', id, '--format', 'json'], { cwd })
    expect(JSON.parse(shown.stdout)).toMatchObject({ id, check: 'open-port' })
    expect((await davylamp(['surface', 'why', 'exposure-000000000000'], { cwd })).exitCode).toBe(1)
  })

  it.each(['terminal', 'markdown', 'csv'])(
    'tells the same as %s, within 60 to 120 columns',
    async (format) => {
      const { stdout, exitCode } = await davylamp([
        'surface',
        dump,
        '--no-case',
        '--format',
        format,
        '--full',
      ])
      expect(exitCode).toBe(10)
      expect(stdout).toContain('Docker API')
      if (format === 'terminal')
        for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    },
  )

  it('is calm where nothing is open', async () => {
    const calm = join(folder, 'calm')
    writeFiles(calm, { 'Vpcs.json': { Vpcs: [{ VpcId: 'vpc-0b0000000000000ff', OwnerId: ACCOUNT }] } })
    const { stdout, exitCode } = await davylamp(['surface', calm, '--no-case'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Nothing found open')
  })

  it('prints commands that only read', async () => {
    const { stdout, exitCode } = await davylamp(['surface', '--aws-commands'])
    expect(exitCode).toBe(0)
    const verbs = [...stdout.matchAll(/\baws [a-z0-9-]+ ([a-z]+)-/gu)].map(([, verb]) => verb)
    expect(verbs.length).toBeGreaterThan(20)
    expect(new Set(verbs)).toEqual(new Set(['describe', 'get', 'list', 'search', 'generate']))
    expect(stdout).toContain('"ec2:DescribeInstances"')
  })

  it.each([
    ['nothing given', [], 2],
    ['no network', ['--from', 'office', '.'], 2],
    ['no such format', ['--format', 'pdf', '.'], 2],
    ['nothing there', ['nowhere'], 1],
  ])('says so where there is %s', async (_, args, exitCode) => {
    const run = await davylamp(['surface', ...args, '--no-case'], { cwd: folder })
    expect(run.exitCode).toBe(exitCode)
    expect(run.stderr).toMatch(/^davylamp: /u)
  })
})

describe('names that strangers gave', () => {
  const NASTY = 'x$(touch /tmp/owned)`id`\n=cmd|\u202e"\'${HOME}<b>'

  it.each(['terminal', 'json', 'markdown', 'csv'])('do no harm in %s', async (format) => {
    const nasty = writeFiles(join(folder, `nasty-${format}`), dumpFiles({ name: NASTY }))
    const { stdout } = await davylamp(['surface', nasty, '--no-case', '--format', format, '--full'])
    expect(stdout).toContain('touch')
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/u)
    if (format === 'csv') for (const line of stdout.split('\r\n')) expect(line).not.toMatch(/(?:^|,)[=+@-]/u)
    if (format === 'markdown') expect(stdout).not.toMatch(/(?<!\\)<b>/u)
  })
})

describe('bad input', () => {
  it('of firewalls alone does not say that nothing is open without a word about machines', async () => {
    const groups = Object.entries(dumpFiles()).filter(([file]) => file.endsWith('SecurityGroups.json'))
    const alone = writeFiles(join(folder, 'groups-alone'), Object.fromEntries(groups))
    const { surface } = await read(alone)
    expect(surface.coverage.map(({ note }) => note).join()).toContain(
      'no machines and no network cards were listed',
    )
    const nothing = writeFiles(join(folder, 'groups-foreign'), { 'a.json': '{"hello":["world"]}' })
    expect((await davylamp(['plan', nothing, '--no-case'])).stdout).toContain('nothing was judged')
  })

  it('that tells of nothing is not called safe', async () => {
    const foreign = writeFiles(join(folder, 'foreign'), { 'a.json': '{"hello":["world"]}' })
    const { stdout } = await davylamp(['surface', foreign, '--no-case'])
    expect(stdout).toContain('nothing')
    expect(stdout).not.toContain('Nothing found open')
  })

  it.each([
    [
      'half of an answer',
      '{"Reservations":[{"OwnerId":"111122223333","Instances":[{"InstanceId":"i-0b0000000000000',
    ],
    ['foreign JSON', '{"hello":["world"]}'],
    [
      'wrong shapes',
      '{"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":"none"},7,null],"Reservations":{"a":1}}',
    ],
    ['nothing', ''],
    [
      'groups that refer to each other',
      '{"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-2"}]}]},{"GroupId":"sg-2","IpPermissions":[{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-1"}]}]}]}',
    ],
  ])('%s ends in an answer', async (name, text) => {
    const bad = join(folder, `bad-${name.replaceAll(' ', '-')}`)
    mkdirSync(bad)
    writeFileSync(join(bad, 'answer.json'), text)
    const run = await davylamp(['surface', bad, '--no-case', '--format', 'json'])
    expect([0, 10]).toContain(run.exitCode)
    expect(run.stderr).not.toContain('this should not happen')
    Surface.parse(JSON.parse(run.stdout))
  })
})
