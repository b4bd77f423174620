import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { playBattle } from '../../battle/battle.ts'
import { DEFAULT_BATTLE } from '../../battle/options.ts'
import { SKILLS } from '../../gangs/gang.ts'
import { Places } from '../../gangs/places.ts'
import { Random } from '../../random.ts'
import { THIRD_PACK } from './index.ts'

const SEEDS = [1, 2, 3, 4] as const

/** Everything that a battle of this pack wrote, by path, and what really happened in it. */
function battleOf(seed: number) {
  const files = new Map<string, Uint8Array[]>()
  const options = { ...DEFAULT_BATTLE, seed, pack: 'third', gangs: THIRD_PACK.length, machines: 8 } as const
  const { truth } = playBattle(options, (path) => {
    const chunks: Uint8Array[] = []
    files.set(path, chunks)
    return (chunk) => {
      chunks.push(chunk)
    }
  })
  const textOf = (name: string): string =>
    [...files]
      .filter(([path]) => path.includes(name))
      .map(([, chunks]) => Buffer.concat(chunks).toString('latin1'))
      .join('')
  return { truth, files, textOf }
}

const battles = SEEDS.map(battleOf)
const machines = battles.flatMap(({ truth }) => truth.machines)

describe('the third pack', () => {
  it('knows the other packs as little as what judges it', () => {
    const folder = import.meta.dirname
    const imports = globSync('*.ts', { cwd: folder })
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) =>
        [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/from '([^']+)'/gu)].map(([, from]) => from),
      )
    expect(
      imports.filter((from) => /first|second|detectors|incidents|intel|sigma|pipeline/u.test(from ?? '')),
    ).toEqual([])
  })

  it('plays the same for the same seed', () => {
    const again = battleOf(SEEDS[0])
    expect(again.truth).toEqual(battles[0]?.truth)
    for (const [path, chunks] of again.files)
      expect(Buffer.concat(chunks).equals(Buffer.concat(battles[0]?.files.get(path) ?? [])), path).toBe(true)
  })

  it('brings every model to mine somewhere', () => {
    const families = battles.flatMap(({ truth }) => truth.occupants ?? []).map(({ family }) => family)
    expect(new Set(families)).toEqual(new Set(THIRD_PACK.map(({ family }) => family)))
  })

  it('lets machines change hands, be shared, be left and be taken again', () => {
    expect(machines.flatMap(({ changes = [] }) => changes).length).toBeGreaterThan(3)
    const pairs = machines.flatMap(({ tenures = [] }) =>
      tenures.flatMap((one, i) => tenures.slice(i + 1).map((other) => [one, other] as const)),
    )
    const isShared = pairs.some(([a, b]) => a.occupant !== b.occupant && a.start < b.end && b.start < a.end)
    const isBack = pairs.some(([a, b]) => a.occupant === b.occupant && a.end < b.start)
    expect({ isShared, isBack }).toEqual({ isShared: true, isBack: true })
  })

  it('tells of changes between two who held the machine, at the start or the end of a hold', () => {
    for (const { changes = [], tenures = [], name } of machines) {
      for (const { from, to, time } of changes) {
        expect(
          tenures.some((one) => one.occupant === from && one.end <= time),
          name,
        ).toBe(true)
        expect(
          tenures.some((one) => one.occupant === to && one.start <= time && one.end >= time),
          name,
        ).toBe(true)
      }
    }
  })

  it.each<[string, string, RegExp]>([
    ['a miner that atd starts', 'audit.log', /comm="at" exe="\/usr\/bin\/at"/u],
    [
      'a control group of Docker’s that is killed',
      'audit.log',
      /comm="runc".*syscall=59|exe="\/usr\/bin\/runc"/u,
    ],
    ['a timer', 'audit.log', /\/etc\/systemd\/system\/[\w-]+\.timer/u],
    ['a route to nowhere', 'audit.log', /a3="blackhole"/u],
    ['a library that hides', 'audit.log', /name="\/etc\/ld\.so\.preload"/u],
    [
      'a miner that its own gang puts to sleep',
      'audit.log',
      /ocomm="(?:systemd-logind|dbus-daemon|rsyslogd|agetty|polkitd|irqbalance|chronyd|perfcc)"/u,
    ],
  ])('leaves %s in the evidence', (_, file, pattern) => {
    expect(battles.some(({ textOf }) => pattern.test(textOf(file)))).toBe(true)
  })
})

it('has all who mine at a public pool reach it at one address', () => {
  for (const { truth } of battles) {
    const pools = truth.machines.flatMap(({ tenures = [] }) => tenures.map(({ mining }) => mining?.pool))
    const addresses = new Map<string, Set<string>>()
    for (const pool of pools)
      if (pool !== undefined && pool.name !== '')
        addresses.set(pool.name, (addresses.get(pool.name) ?? new Set()).add(pool.ip))
    expect([...addresses.values()].every((ips) => ips.size === 1)).toBe(true)
  }
})

describe.each(THIRD_PACK.map((model) => [model.name, model] as const))('%s', (_, model) => {
  const forms = Array.from({ length: 12 }, (_unused, seed) => {
    const random = new Random(`form ${seed}`)
    return SKILLS.map(
      (skill) => model.form({ random: random.fork(skill), places: new Places(random), skill }).traits,
    )
  })

  it('looks another way with another seed, and spares the CPU the more it knows', () => {
    expect(
      new Set(forms.flat().map(({ wallets, download }) => `${wallets.join()} ${download.ip}`)).size,
    ).toBeGreaterThan(10)
    const mean = (index: number): number =>
      forms.reduce((sum, traits) => sum + (traits[index]?.miner.cpuShare ?? 0), 0) / forms.length
    expect(mean(2)).toBeLessThan(mean(0))
  })

  it('stays within what a host can show and what nobody owns', () => {
    for (const { miner, waysIn, wallets, pool, morePools = [], sources, download } of forms.flat()) {
      expect(miner.path).toMatch(/^\/[\w./-]+$/u)
      expect(miner.comm.length).toBeLessThanOrEqual(15)
      expect(miner.cpuShare).toBeGreaterThan(0.1)
      expect(miner.cpuShare).toBeLessThanOrEqual(1)
      expect(waysIn.length).toBeGreaterThan(0)
      for (const wallet of wallets) if (wallet.length > 20) expect(wallet).toMatch(/^4\wNobodyHasTheKey/u)
      for (const ip of [...sources, download.ip, pool.ip, ...morePools.map((one) => one.ip)])
        expect(ip).toMatch(/^(?:203\.0\.113|198\.51\.100)\./u)
    }
  })
})
