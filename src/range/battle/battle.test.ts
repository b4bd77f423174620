import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../wire/encode/index.ts'
import { Truth } from '../truth.ts'
import { playBattle } from './battle.ts'
import { acceptedShares, segmentsOf } from './capture.samples.ts'
import { type BattleOptions, DEFAULT_BATTLE, EVIDENCE_KINDS } from './options.ts'

const TCP_FIN_OR_RST = 0x01 | 0x04
const SMALL = { ...DEFAULT_BATTLE, hours: 7, machines: 3, gangs: 3 }

function battle(options: Partial<BattleOptions>) {
  const chunks = new Map<string, Uint8Array[]>()
  const { truth, inventory } = playBattle({ ...SMALL, ...options }, (path) => {
    const own: Uint8Array[] = []
    if (chunks.has(path)) throw new Error(`${path} is written twice`)
    chunks.set(path, own)
    return (chunk) => {
      own.push(chunk)
    }
  })
  const files = new Map(Array.from(chunks, ([path, own]) => [path, concatBytes(...own)] as const))
  return { truth, inventory, files }
}

type Battle = ReturnType<typeof battle>

function digest({ truth, files }: Battle): string {
  const hash = createHash('sha256').update(JSON.stringify(truth))
  for (const path of [...files.keys()].toSorted()) hash.update(path).update(files.get(path) ?? '')
  return hash.digest('hex')
}

function bytesOf({ files }: Battle): number {
  return [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0)
}

/** Pieces of a machine's file, oldest first. */
function piecesOf({ files, truth }: Battle, machine: string, kind: string): Uint8Array[] {
  return (truth.evidence ?? [])
    .filter((one) => one.machine === machine && one.kind === kind)
    .map(({ path }) => files.get(path) ?? new Uint8Array())
}

function textOf(played: Battle, machine: string, kind: string): string {
  return piecesOf(played, machine, kind)
    .map((bytes) => new TextDecoder('latin1').decode(bytes))
    .join('')
}

const SEEDS = [1, 2, 3, 4, 5]
const battles = SEEDS.map((seed) => [seed, battle({ seed })] as const)

describe('playBattle', () => {
  it('gives the same bytes for the same options, and others for another seed', () => {
    const first = digest(battle({ seed: 1 }))
    expect(digest(battle({ seed: 1 }))).toBe(first)
    expect(digest(battle({ seed: 2 }))).not.toBe(first)
  })

  it('has fights among the first seeds, and machines that nobody gets into', () => {
    const machines = battles.flatMap(([, { truth }]) => truth.machines)
    expect(machines.filter(({ changes = [] }) => changes.length > 0).length).toBeGreaterThan(2)
    expect(
      machines.filter(({ wayIn, tenures = [] }) => wayIn === null && tenures.length === 0).length,
    ).toBeGreaterThan(1)
  })
})

describe.each(battles)('battle of seed %i', (_seed, played) => {
  const { truth, files, inventory } = played

  it('has a truth that fits its schema, and an inventory of its machines', () => {
    expect(Truth.parse(truth)).toEqual(truth)
    const entries: unknown = parse(inventory)
    expect(entries).toEqual(
      truth.machines.map(({ name, id, addresses, cost }) => ({
        name,
        id,
        addresses,
        type: cost?.instanceType,
        region: cost?.region,
      })),
    )
  })

  it('has every file that the truth names', () => {
    for (const { path } of truth.evidence ?? []) expect(files.has(path), path).toBe(true)
  })

  it('pays as many shares on the wire as the truth says', () => {
    for (const { name, tenures = [] } of truth.machines) {
      const segments = piecesOf(played, name, 'capture').flatMap(segmentsOf)
      const readable = tenures.filter(({ mining }) => (mining?.sharesSubmitted ?? 0) > 0)
      const pools = Map.groupBy(readable, ({ mining }) => mining?.pool.ip ?? '')
      for (const [ip, own] of pools) {
        const isTls = segments.some((one) => one.src === ip && one.payload[0] === 22)
        const accepted = own.reduce((sum, { mining }) => sum + (mining?.sharesAccepted ?? 0), 0)
        if (!isTls) expect(acceptedShares(segments, ip), `${name} ${ip}`).toBe(accepted)
      }
    }
  })

  it('closes the connection of a miner that is gone', () => {
    for (const { name, tenures = [] } of truth.machines) {
      const segments = piecesOf(played, name, 'capture').flatMap(segmentsOf)
      const skewMs = skewOf(played, name)
      for (const { end, isOngoing, mining } of tenures) {
        if (isOngoing === true || (mining?.sharesSubmitted ?? 0) === 0) continue
        const endMs = Date.parse(end) + skewMs
        const closing = segments.filter(
          ({ flags, timeMs, src, dst }) =>
            (flags & TCP_FIN_OR_RST) !== 0 &&
            Math.abs(timeMs - endMs) < 2000 &&
            [src, dst].includes(mining?.pool.ip ?? ''),
        )
        expect(closing.length, `${name} ${end}`).toBeGreaterThan(0)
      }
    }
  })

  it('changes hands from one who held it until then to one who holds it from then on', () => {
    for (const { tenures = [], changes = [] } of truth.machines) {
      for (const { time, from, to, how = [] } of changes) {
        expect(from).not.toBe(to)
        expect(how.length).toBeGreaterThan(0)
        const ended = tenures.filter(({ occupant, end }) => occupant === from && end <= time)
        const began = tenures.filter(
          ({ occupant, start, end }) => occupant === to && start <= time && end > time,
        )
        expect(ended.length, time).toBeGreaterThan(0)
        expect(began.length, time).toBe(1)
      }
    }
  })

  it('shows each SSH login that the truth names in auth.log', () => {
    for (const { name, wayIn = null, laterWaysIn = [] } of truth.machines) {
      const auth = textOf(played, name, 'sshd')
      for (const { kind, user, srcIp, srcPort } of [...(wayIn === null ? [] : [wayIn]), ...laterWaysIn]) {
        const method = kind === 'ssh-password' ? 'password' : 'publickey'
        if (kind.startsWith('ssh-'))
          expect(auth).toContain(`Accepted ${method} for ${user} from ${srcIp} port ${srcPort} ssh2`)
      }
    }
  })

  it('writes logs in the order of time', () => {
    for (const { name } of truth.machines) {
      const stamps = [...textOf(played, name, 'auditd').matchAll(/audit\((\d+\.\d{3}):/gu)].map(([, time]) =>
        Number(time),
      )
      expect(stamps.length).toBeGreaterThan(50)
      expect(stamps).toEqual(stamps.toSorted((a, b) => a - b))
    }
  })

  it('counts money for the time held, and none where nobody was', () => {
    for (const { tenures = [], cost } of truth.machines) {
      const held = cost?.heldSeconds ?? 0
      expect(held > 0).toBe(tenures.length > 0)
      expect(cost?.usdHeld).toBeCloseTo((held / 3600) * (cost?.usdPerHour ?? 0), 6)
      expect(cost?.cpuShare ?? 0).toBeLessThanOrEqual(1)
    }
  })
})

function families({ truth }: Battle): string[] {
  return truth.occupants?.map((one) => `${one.family}`) ?? []
}

function skewOf({ truth }: Battle, machine: string): number {
  const period = truth.evidence?.find((one) => one.machine === machine && one.kind === 'capture')
  return (period?.clockSkewSeconds ?? 0) * 1000
}

describe('options', () => {
  const plain = battle({ seed: 7 })

  it.each(EVIDENCE_KINDS)('--without %s: no file of this kind, and the same story', (kind) => {
    const { truth, files } = battle({ seed: 7, without: [kind] })
    expect(truth.evidence?.filter((one) => one.kind === kind)).toEqual([])
    expect(files.size).toBeLessThan(plain.files.size)
    expect(truth.machines).toEqual(plain.truth.machines)
  })

  it('--gangs 0: nobody comes', () => {
    const { truth } = battle({ seed: 7, gangs: 0 })
    expect(truth.occupants).toEqual([])
    expect(truth.machines.every(({ wayIn, tenures = [] }) => wayIn === null && tenures.length === 0)).toBe(
      true,
    )
  })

  it('--machines, --hours, --start', () => {
    const startMs = Date.UTC(2025, 11, 31, 20)
    const { truth } = battle({ seed: 7, machines: 2, hours: 30, startMs })
    expect(truth.machines).toHaveLength(2)
    expect(truth.from).toBe('2025-12-31T20:00:00.000000Z')
    expect(truth.to).toBe('2026-01-02T02:00:00.000000Z')
    const names = truth.evidence
      ?.filter(({ kind }) => kind === 'sshd')
      .map(({ path }) => path.split('/').at(-1))
    expect(names?.slice(0, 2)).toEqual(['auth.log.1', 'auth.log'])
  })

  it.each(['low', 'medium', 'high'] as const)('--skill %s: of every gang', (skill) => {
    const { truth } = battle({ seed: 7, skill })
    expect(new Set(truth.occupants?.map((one) => one.skill))).toEqual(new Set([skill]))
  })

  it('--noise: the same gangs on busier machines', () => {
    const [asleep, hectic] = [battle({ seed: 7, noise: 0 }), battle({ seed: 7, noise: 3 })]
    expect(bytesOf(hectic)).toBeGreaterThan(2 * bytesOf(asleep))
    expect(hectic.truth.occupants).toEqual(asleep.truth.occupants)
  })

  it('--wear heavy: some files are lost or cut, and the truth says which', () => {
    const worn = battle({ seed: 7, wear: 'heavy' })
    const damaged = worn.truth.evidence?.filter(({ isDamaged }) => isDamaged === true) ?? []
    const lost = (plain.truth.evidence?.length ?? 0) - (worn.truth.evidence?.length ?? 0)
    expect(damaged.length + lost).toBeGreaterThan(0)
    for (const { path } of damaged)
      expect(worn.files.get(path)?.length).toBeLessThan(plain.files.get(path)?.length ?? 0)
    expect(worn.truth.machines).toEqual(plain.truth.machines)
  })

  it('--pack: other gangs', () => {
    const second = battle({ seed: 7, pack: 'second' })
    expect(Truth.parse(second.truth)).toEqual(second.truth)
    expect(families(second)).not.toEqual(families(plain))
  })
})
