import { Random } from '../../src/range/random.ts'
import { anything, mutate } from './mutate.ts'
import type { Target } from './target.ts'

/** Chances are kept per target and number: the same seed gives the same case, whatever ran before it. */
export function randomOf(target: Target, seed: number, index: number): Random {
  return new Random(`fuzz ${seed}/${target.name}/${index}`)
}

/** The bytes of one case: a mutated sample, a built frame (perhaps mutated too), or anything. */
export function caseOf(
  target: Target,
  samples: readonly Uint8Array[],
  seed: number,
  index: number,
): Uint8Array {
  const random = randomOf(target, seed, index).fork('bytes')
  const others = { samples, words: target.words }
  if (target.build !== null && random.chance(0.4)) {
    const built = target.build(random)
    return random.chance(0.5) ? built : mutate(built, random, others)
  }
  if (samples.length === 0 || random.chance(0.05)) return anything(random, others)
  return mutate(samples[random.integer(0, samples.length - 1)] ?? new Uint8Array(0), random, others)
}
