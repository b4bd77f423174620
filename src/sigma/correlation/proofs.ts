import { type Evidence, MAX_EVIDENCE, MAX_RAW_BYTES, type Origin } from '../../event/origin.ts'

/** What a group holds per proof, about: the object and the beginning of its raw text. */
export const PROOF_BYTES = 400

/** An origin as proof. Of a long raw text only the beginning is kept, as a string of its own. */
export function proofOf(origin: Origin, time: number): Evidence {
  const { raw } = origin
  if (raw.length <= MAX_RAW_BYTES) return { ...origin, time }
  return { ...origin, raw: Buffer.from(raw.slice(0, MAX_RAW_BYTES)).toString(), time }
}

/** Keeps the first half and the last half, in the order they come. */
export function keepProof(kept: Evidence[], proof: Evidence): void {
  if (kept.length >= MAX_EVIDENCE) kept.splice(MAX_EVIDENCE / 2, 1)
  kept.push(proof)
}

export function forgetProofs(kept: Evidence[], before: number): void {
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
