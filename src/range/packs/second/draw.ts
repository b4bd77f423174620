import type { PoolTraits, Skill } from '../../gangs/gang.ts'
import type { Places } from '../../gangs/places.ts'
import type { SshSoftware } from '../../network/ssh-bytes.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import type { Random } from '../../random.ts'

export interface Place {
  readonly random: Random
  readonly places: Places
  readonly skill: Skill
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const CLIENTS = [
  'SSH-2.0-Go',
  'SSH-2.0-paramiko_3.4.0',
  'SSH-2.0-PUTTY',
  'SSH-2.0-russh_0.44.1',
  'SSH-2.0-libssh_0.10.6',
] as const

/** Public pools, true by name alone, that the first pack leaves aside. */
const PUBLIC_POOLS = [
  'xmrpool.eu',
  'rx.unmineable.com',
  'pool.minexmr.cc',
  'mine.zpool.ca',
  'xmr.kryptex.network',
] as const

export function fingerprint(random: Random): string {
  return random.text(43, BASE64)
}

export function word(random: Random, shortest: number, longest: number): string {
  return random.text(random.integer(shortest, longest), LETTERS)
}

export function client(random: Random): SshSoftware {
  return { ...GUESSING_CLIENT, banner: random.pick(CLIENTS) }
}

/** A proxy of their own: many miners behind one wallet, which never shows on the wire. */
export function proxyPool({ random, places, skill }: Place): PoolTraits {
  const isTls = skill === 'high' || random.chance(0.35)
  const name = isTls || random.chance(0.6) ? places.name() : null
  return {
    name,
    ip: places.server(),
    port: isTls ? random.pick([443, 443, 8443]) : random.pick([80, 8080, 7000, 9000, 10_128]),
    isTls,
  }
}

export function publicPool({ random, places, skill }: Place): PoolTraits {
  const isTls = skill !== 'low' && random.chance(0.4)
  const port = isTls ? random.pick([443, 9000, 20_128]) : random.pick([80, 3333, 5556, 7777, 13_333])
  return { name: random.pick(PUBLIC_POOLS), ip: places.server(), port, isTls }
}

/** All of them, in an order of this visit. */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const left = [...items]
  for (let i = left.length - 1; i > 0; i--) {
    const j = random.integer(0, i)
    const [a, b] = [left[i], left[j]]
    if (a !== undefined && b !== undefined) [left[i], left[j]] = [b, a]
  }
  return left
}

export function someOf<Item>(random: Random, items: readonly Item[], share: number): Item[] {
  return shuffled(random, items).filter(() => random.chance(share))
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
