import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { playBattle } from '../../battle/battle.ts'
import { type BattleOptions, DEFAULT_BATTLE } from '../../battle/options.ts'
import { SKILLS } from '../../gangs/gang.ts'
import { Places } from '../../gangs/places.ts'
import { Random } from '../../random.ts'
import { SECOND_PACK } from './index.ts'

const SEEDS = [1, 2, 3, 4] as const
const HOURS = 10

/** Everything that a battle of this pack wrote, by path. */
function battleOf(seed: number, options: Partial<BattleOptions> = {}) {
  const files = new Map<string, Uint8Array[]>()
  const { truth } = playBattle(
    { ...DEFAULT_BATTLE, seed, pack: 'second', gangs: SECOND_PACK.length, hours: HOURS, ...options },
    (path) => {
      const chunks: Uint8Array[] = []
      files.set(path, chunks)
      return (chunk) => {
        chunks.push(chunk)
      }
    },
  )
  const textOf = (name: string): string =>
    [...files]
      .filter(([path]) => path.includes(name))
      .map(([, chunks]) => Buffer.concat(chunks).toString('latin1'))
      .join('')
  return { truth, files, textOf }
}

const battles = SEEDS.map((seed) => battleOf(seed))

function keyOf(record: Record<string, unknown> | undefined): unknown {
  return (record?.['userIdentity'] as { accessKeyId?: string } | undefined)?.accessKeyId
}

function bytes(files: ReadonlyMap<string, Uint8Array[]> | undefined): Map<string, string> {
  return new Map(
    Array.from(files ?? [], ([path, chunks]) => [path, Buffer.concat(chunks).toString('base64')]),
  )
}

describe('the second pack', () => {
  it('shares nothing with the first pack but the stage', () => {
    const folder = import.meta.dirname
    const imports = globSync('*.ts', { cwd: folder })
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) =>
        [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/from '([^']+)'/gu)].map(([, from]) => from),
      )
    expect(imports.filter((from) => /packs\/first|gangs\/steps/u.test(from ?? ''))).toEqual([])
  })

  it('plays the same for the same seed', () => {
    const again = battleOf(SEEDS[0])
    expect(again.truth).toEqual(battles[0]?.truth)
    expect(bytes(again.files)).toEqual(bytes(battles[0]?.files))
  })

  it('brings every model to mine somewhere, and takes machines from one another', () => {
    const occupants = battles.flatMap(({ truth }) => truth.occupants ?? [])
    expect(new Set(occupants.map(({ family }) => family))).toEqual(new Set(['TeamTNT', 'Skidmap', null]))
    const changes = battles.flatMap(({ truth }) => truth.machines.flatMap((machine) => machine.changes ?? []))
    expect(changes.length).toBeGreaterThan(0)
  })

  it.each<[string, string, RegExp]>([
    ['a library that hides', 'audit.log', /name="\/etc\/ld\.so\.preload"/u],
    ['a unit of the user’s own', 'audit.log', /\.config\/systemd\/user\/[\w-]+\.service"/u],
    ['a name of the kernel’s', 'audit.log', /comm="\[(?:kworker|ksoftirqd|rcu|kthread|watchdog|migration)/u],
    ['a second place for keys', 'audit.log', /name="\/etc\/ssh\/\.\w+"/u],
    ['the metadata service', 'audit.log', /lport=80 \}|169\.254\.169\.254/u],
    ['Base64', 'audit.log', /a0="base64" a1="-d"|b64decode/u],
  ])('leaves %s in the evidence', (_, file, pattern) => {
    expect(battles.some(({ textOf }) => pattern.test(textOf(file)))).toBe(true)
  })

  it('robs the account: quotas, refusals, launches from outside', () => {
    const trails = battles.flatMap(({ files }) =>
      [...files].filter(([path]) => path.includes('/CloudTrail/')),
    )
    const records = trails.flatMap(
      ([, chunks]) =>
        (JSON.parse(Buffer.concat(chunks).toString('utf8')) as { Records: Record<string, unknown>[] })
          .Records,
    )
    const robbers = records.filter((record) => String(record['sourceIPAddress']).startsWith('203.0.113.'))
    const names = robbers.map((record) => record['eventName'])
    expect(names).toContain('GetCallerIdentity')
    expect(names.filter((name) => name === 'GetServiceQuota').length).toBeGreaterThan(4)
    expect(names).toContain('RunInstances')
    expect(robbers.some((record) => record['errorCode'] === 'Client.VcpuLimitExceeded')).toBe(true)
    const stolen = keyOf(robbers.find((record) => record['eventName'] === 'GetCallerIdentity'))
    const owner = records.find(
      (record) => keyOf(record) === stolen && record['eventName'] === 'UpdateInstanceInformation',
    )
    expect(owner?.['sourceIPAddress']).toMatch(/^198\.18\./u)
  })
})

describe.each(SECOND_PACK.map((model) => [model.name, model] as const))('%s', (_, model) => {
  it('looks another way with another seed, and spares the CPU the more it knows', () => {
    const forms = Array.from({ length: 12 }, (_unused, seed) => {
      const random = new Random(`form ${seed}`)
      return SKILLS.map(
        (skill) => model.form({ random: random.fork(skill), places: new Places(random), skill }).traits,
      )
    })
    expect(new Set(forms.flat().map(({ miner }) => miner.path)).size).toBeGreaterThan(10)
    const mean = (index: number): number =>
      forms.reduce((sum, traits) => sum + (traits[index]?.miner.cpuShare ?? 0), 0) / forms.length
    expect(mean(2)).toBeLessThan(mean(0))
    for (const { miner, waysIn } of forms.flat()) {
      expect(miner.path).toMatch(/^\/[\w./[\]-]+$/u)
      expect(miner.comm.length).toBeLessThanOrEqual(15)
      expect(miner.cpuShare).toBeGreaterThan(0.3)
      expect(waysIn.length).toBeGreaterThan(0)
    }
  })
})

it('has the owner pay for machines that the thief started', () => {
  const bills = battles.map(({ textOf }) => textOf('.csv.gz'))
  const rows = bills.flatMap((text) => text.split('\n').filter((row) => /BoxUsage:c5\.\d+xlarge$/u.test(row)))
  expect(rows.length).toBeGreaterThan(0)
  expect(new Set(rows).size).toBe(rows.length)
})
