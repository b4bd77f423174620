import type { PoolTraits } from '../../gangs/gang.ts'
import type { Places } from '../../gangs/places.ts'
import type { Random } from '../../random.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'

/** Pools that anybody may mine at, with the ports they tell people to use; only names and ports are true here. */
const PUBLIC_POOLS = [
  { name: 'pool.supportxmr.com', plain: [3333, 5555, 7777, 80], sealed: [443, 9000] },
  { name: 'xmr.2miners.com', plain: [2222], sealed: [12_222] },
  { name: 'gulf.moneroocean.stream', plain: [10_001, 10_128, 80], sealed: [20_001, 443] },
  { name: 'xmr-us-east1.nanopool.org', plain: [10_300], sealed: [10_343] },
  { name: 'auto.c3pool.org', plain: [13_333, 19_999, 80], sealed: [33_333] },
  { name: 'xmr.kryptex.network', plain: [7029], sealed: [8029] },
] as const

const addressBooks = new WeakMap<Places, Map<string, string>>()

/** A public pool. All gangs of one battle reach it at the same address, whatever port they use. */
export function publicPool(places: Places, random: Random, isTls: boolean): PoolTraits {
  const { name, plain, sealed } = random.pick(PUBLIC_POOLS)
  const addresses = addressBooks.get(places) ?? new Map<string, string>()
  addressBooks.set(places, addresses)
  const ip = addresses.get(name) ?? places.server()
  addresses.set(name, ip)
  return { name, ip, port: isTls ? random.pick(sealed) : random.pick(plain), isTls }
}

/** A proxy of the gang's own, by a name of its own or by address. */
export function ownRelay(
  places: Places,
  random: Random,
  { ports, isTls, isNamed }: { ports: readonly [number, ...number[]]; isTls: boolean; isNamed: boolean },
): PoolTraits {
  return { name: isNamed ? places.name() : null, ip: places.server(), port: random.pick(ports), isTls }
}

export function drawnKey(random: Random, comment: string): { fingerprint: string; comment: string } {
  return { fingerprint: random.text(43, BASE64), comment }
}

/** Each of the list with this chance, in an order of its own. */
export function drawn<T>(random: Random, list: readonly T[], share: number): T[] {
  return list
    .map((value) => ({ value, order: random.fraction(), isIn: random.chance(share) }))
    .filter(({ isIn }) => isIn)
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value)
}
