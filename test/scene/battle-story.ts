import type { Truth } from '../../src/range/truth.ts'
import { Claim } from '../../src/score/claim.ts'
import type { Score } from '../../src/score/document.ts'
import { score } from '../../src/score/score.ts'
import type { Investigation, Proof } from '../../src/story/document.ts'

/** The whole document but where things were read from: what must be the same however the evidence is laid out. */
export function gistOf(story: Investigation): unknown {
  const { inputs: _inputs, generatedAt: _at, skipped: _skipped, ...rest } = story
  const assets = rest.assets.map(({ joins: _joins, ...asset }) => asset)
  return JSON.parse(JSON.stringify({ ...rest, assets }), (key, value: unknown) =>
    key === 'evidence' && Array.isArray(value) ? (value as Proof[]).map((proof) => proof.raw) : value,
  )
}

/** What a reading claims, and how much of that is true. */
export interface Rightness {
  readonly claims: number
  readonly right: number
  readonly falseIncidents: number
}

/** Tenures and changes of hands: one is right if it matches a true one of the same hands. */
export function rightnessOf(story: Investigation, truth: Truth): Rightness & { readonly score: Score } {
  const judged = score(Claim.parse(story), truth)
  const { tenures, changes } = judged.counts
  return {
    claims: tenures.claimed + changes.claimed,
    right: tenures.matched + changes.matched,
    falseIncidents: judged.falseIncidents,
    score: judged,
  }
}
