import type { Foothold } from '../../gangs/gang.ts'
import type { Act } from '../../schedule.ts'
import { shuffled } from './draw.ts'

/** A thing that a gang may do on a machine, by the chance that it does. */
export interface Trick {
  readonly chance: number
  readonly play: (foothold: Foothold) => Act
}

export function trick(chance: number, play: (foothold: Foothold) => Act): Trick {
  return { chance, play }
}

/** Those that chance allows, one after the other, with pauses. */
export function* inTurn(foothold: Foothold, tricks: readonly Trick[]): Act {
  for (const { chance, play } of tricks) {
    if (!foothold.random.chance(chance)) continue
    yield* play(foothold)
    yield* foothold.pause()
  }
}

export function* inAnyOrder(foothold: Foothold, tricks: readonly Trick[]): Act {
  yield* inTurn(foothold, shuffled(foothold.random, tricks))
}
