import { plural } from '../../text/plural.ts'
import type { Derivation, Exposure, Range, SurfaceAsset } from '../document.ts'
import { dearest, exposureId, exposureOf, type WayIn } from '../exposure.ts'
import { anyOf, product, stated } from '../risk/derive.ts'
import { eitherOf, multiply, rounded, ZERO } from '../risk/range.ts'

const NAMED_WAYS = 5

/** That somebody gets into the machine by any of the ways there are: the likeliest by name, the others together. */
export class TakenChance {
  readonly value: Range
  readonly #named: readonly WayIn[]
  readonly #others: number
  readonly #rest: Range

  constructor(ways: readonly WayIn[]) {
    this.#named = dearest(ways, NAMED_WAYS)
    const others = ways.filter((way) => !this.#named.includes(way))
    this.#others = others.length
    this.#rest = others.reduce((so, { likelihood }) => eitherOf(so, likelihood), ZERO)
    const parts = this.#named.map(({ likelihood }) => likelihood)
    if (others.length > 0) parts.push(this.#rest)
    this.value = rounded(parts.reduce((so, part) => eitherOf(so, rounded(part)), ZERO))
  }

  written(): Derivation {
    if (this.#named.length === 0) return stated('no way in from outside is known', 0, 'chance')
    return anyOf('chance that somebody gets into this machine within 30 days', [
      ...this.#named.map((way) => stated(way.title, way.likelihood, 'chance', way.id)),
      ...(this.#others === 0
        ? []
        : [stated(`one of ${plural(this.#others, 'more way', 'more ways')} in`, this.#rest, 'chance')]),
    ])
  }
}

export type Words = Pick<Parameters<typeof exposureOf>[0], 'title' | 'explanation' | 'fix' | 'why'> & {
  readonly severity: Exposure['severity']
}

/**
 * What a setting of a machine adds to what a break-in costs: a part of what the ways in put at risk, not on top of it.
 * There is one for nearly every machine, and it is written out only where the document has room for it.
 */
export class MachineShare implements WayIn {
  readonly check: string
  readonly asset: string
  readonly usdPerDay: Range
  readonly protocol = null
  readonly portFrom = null
  readonly portTo = null
  readonly sinks: readonly [] = []
  readonly #machine: SurfaceAsset
  readonly #taken: TakenChance
  readonly #amount: () => Derivation
  readonly #words: () => Words

  constructor(
    check: string,
    machine: SurfaceAsset,
    taken: TakenChance,
    amount: () => Derivation,
    words: () => Words,
  ) {
    this.check = check
    this.asset = machine.id
    this.#machine = machine
    this.#taken = taken
    this.#amount = amount
    this.#words = words
    this.usdPerDay = rounded(multiply(taken.value, amount().value))
  }

  get id(): string {
    return exposureId(this.check, this.asset, [])
  }

  get title(): string {
    return this.#words().title
  }

  get likelihood(): Range {
    return this.#taken.value
  }

  written(): Exposure {
    const chance = this.#taken.written()
    const exposure = exposureOf({
      kind: 'account',
      check: this.check,
      asset: this.asset,
      key: [],
      likelihood: chance,
      losses: [],
      evidence: this.#machine.evidence,
      ...this.#words(),
    })
    const derivation = product(
      'at risk a day through this',
      'usdPerDay',
      [chance, this.#amount()],
      'part of what the ways in put at risk, not on top of it',
    )
    return { ...exposure, usdPerDay: derivation.value, derivation }
  }
}
