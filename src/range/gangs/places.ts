import type { Random } from '../random.ts'

/** Addresses and names of the outside world, from ranges kept for documentation (RFC 5737); none is given out twice. */
export class Places {
  readonly #random: Random
  readonly #sources: number[]
  readonly #servers: number[]
  #overflow = 0

  constructor(random: Random) {
    this.#random = random
    this.#sources = shuffled(random.fork('sources'))
    this.#servers = shuffled(random.fork('servers'))
  }

  /** Somewhere that visitors come from. */
  source(): string {
    return this.#next(this.#sources, '203.0.113')
  }

  /** Somewhere that programs connect to. */
  server(): string {
    return this.#next(this.#servers, '198.51.100')
  }

  /** A host name nobody has (RFC 2606): `WORD-WORD.example`. */
  name(): string {
    const [first, second] = [this.#random.pick(WORDS), this.#random.pick(WORDS)]
    const end = this.#random.pick(['example', 'example.net', 'example.org', 'example.com', 'test'])
    return `${first}${this.#random.pick(['', '-', this.#random.integer(2, 99).toString()])}${second}.${end}`
  }

  /** Right in shape for Monero (95 characters of Base58), nobody's: says so in its first letters. */
  wallet(): string {
    return `4${this.#random.pick(['1', '3', '4', '6', '7', '8', '9', 'A', 'B'])}NobodyHasTheKey${this.#random.text(78, BASE58)}`
  }

  #next(hosts: number[], network: string): string {
    const host = hosts.pop()
    if (host !== undefined) return `${network}.${host}`
    this.#overflow += 1
    // RFC 2544 has more room.
    return `198.19.${this.#overflow >> 8}.${this.#overflow & 0xff}`
  }
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const WORDS = [
  'amber',
  'basalt',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'garnet',
  'harbor',
  'indigo',
  'juniper',
  'kestrel',
  'lagoon',
  'meadow',
  'nimbus',
  'onyx',
  'pebble',
  'quartz',
  'raven',
  'sable',
  'tundra',
  'umber',
  'violet',
  'willow',
  'zephyr',
] as const

function shuffled(random: Random): number[] {
  const hosts = Array.from({ length: 253 }, (_, i) => i + 1)
  for (let i = hosts.length - 1; i > 0; i--) {
    const j = random.integer(0, i)
    const [a, b] = [hosts[i], hosts[j]]
    if (a !== undefined && b !== undefined) [hosts[i], hosts[j]] = [b, a]
  }
  return hosts
}
