import type { PoolTraits, Skill } from '../../gangs/gang.ts'
import type { Places } from '../../gangs/places.ts'
import type { Random } from '../../random.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Pools that anybody may mine at; only their names are true here. */
const PUBLIC_POOLS = [
  'pool.hashvault.pro',
  'gulf.moneroocean.stream',
  'xmr.2miners.com',
  'pool.supportxmr.com',
  'xmr-eu1.nanopool.org',
  'auto.c3pool.org',
] as const

/** The loud mine at a public pool; the skilled at a proxy of their own, by address or by a name of theirs, wrapped in TLS. */
export function drawnPool(
  { random, places, skill }: { random: Random; places: Places; skill: Skill },
  ports: readonly [number, ...number[]],
): PoolTraits {
  const ip = places.server()
  const isOwn = skill === 'high' || (skill === 'medium' && random.chance(0.4))
  const name = isOwn ? (random.chance(0.5) ? places.name() : null) : random.pick(PUBLIC_POOLS)
  const isTls = name !== null && (skill === 'high' ? random.chance(0.7) : random.chance(0.1))
  return { name, ip, port: isTls ? 443 : random.pick(ports), isTls }
}

export function drawnFingerprint(random: Random): string {
  return random.text(43, BASE64)
}

/** Some of the list, in another order. */
export function someOf<T>(random: Random, list: readonly T[], share: number): T[] {
  const chosen = list.filter(() => random.chance(share))
  for (let i = chosen.length - 1; i > 0; i--) {
    const j = random.integer(0, i)
    const [a, b] = [chosen[i], chosen[j]]
    if (a !== undefined && b !== undefined) [chosen[i], chosen[j]] = [b, a]
  }
  return chosen
}

/** `NAME` with a letter or digit changed or added, as their builds differ from week to week. */
export function varied(random: Random, name: string): string {
  if (random.chance(0.5)) return name
  return `${name}${random.pick(['', random.integer(0, 99).toString(), random.text(2, 'abcdefghijklmnopqrstuvwxyz')])}`
}
