import { type Evidence, MAX_EVIDENCE, MAX_RAW_BYTES, type Origin } from '../../event/origin.ts'

/** What a group holds per proof, about: the object and the beginning of its raw text. */
export const PROOF_BYTES = 400

/** An origin as proof. Of a long raw text only the beginning is kept, as a string of its own. */
export function proofOf(origin: Origin, time: number): Evidence {
  const { raw } = origin
  if (raw.length <= MAX_RAW_BYTES) return { ...origin, time }
  return { ...origin, raw: Buffer.from(raw.slice(0, MAX_RAW_BYTES)).toString(), time }
}

/** Keeps the first half and the last half, in the order they come. Gives the list back, or a new one. */
export function keepProof(kept: Evidence[], proof: Evidence): Evidence[] {
  // A literal takes exactly the room it needs; most groups have one proof.
  if (kept.length === 0) return [proof]
  if (kept.length < MAX_EVIDENCE) kept.push(proof)
  else {
    for (let at = MAX_EVIDENCE / 2; at < MAX_EVIDENCE; at++) kept[at] = kept[at + 1] ?? proof
  }
  return kept
}

/** A few old proofs cost less than looking at each of them with every event. */
const TIDY_FROM = 8

/** Lets go of old proofs where there are more than a few. */
export function tidyProofs(kept: Evidence[], before: number): void {
  if (kept.length > TIDY_FROM) forgetProofs(kept, before)
}

/** Those that are not old; the others are let go. */
export function proofsSince(kept: Evidence[], from: number): readonly Evidence[] {
  forgetProofs(kept, from)
  return kept
}

function forgetProofs(kept: Evidence[], before: number): void {
  let old = 0
  while (old < kept.length && (kept[old]?.time ?? before) < before) old++
  if (old > 0) kept.splice(0, old)
}

/** Of two lists one, by time, within the bound. */
export function mergeProofs(one: readonly Evidence[], other: readonly Evidence[]): Evidence[] {
  const all = [...one, ...other].toSorted((a, b) => a.time - b.time)
  if (all.length <= MAX_EVIDENCE) return all
  return [...all.slice(0, MAX_EVIDENCE / 2), ...all.slice(-MAX_EVIDENCE / 2)]
}
