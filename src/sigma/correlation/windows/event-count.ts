import type { Evidence } from '../../../event/origin.ts'
import { keepProof, mergeProofs, PROOF_BYTES, proofsSince, tidyProofs } from '../proofs.ts'
import { meets, saturation, type Threshold } from '../threshold.ts'
import { emptyRing, forgetBefore, insertTime, mergeRings, type Ring, timeAt } from './ring.ts'
import type { Window } from './window.ts'

export interface EventCount {
  times: Ring
  proofs: Evidence[]
}

/**
 * `event_count`. Beyond the highest number that the condition names a count changes nothing, so no
 * more than that many times are kept: exact all the same.
 */
export function eventCount(threshold: Threshold): Window<EventCount> {
  const bound = saturation(threshold)
  return {
    create: () => ({ times: emptyRing(), proofs: [] }),
    add(state, { time, proof }) {
      insertTime(state.times, time, bound)
      state.proofs = keepProof(state.proofs, proof)
      return true
    },
    holds(state, from) {
      forgetBefore(state.times, from)
      tidyProofs(state.proofs, from)
      return meets(threshold, state.times.size)
    },
    membersOf: (state, from) => ({
      count: state.times.size,
      firstSeen: timeAt(state.times, 0),
      proofs: proofsSince(state.proofs, from),
      isPartial: false,
    }),
    merge: (into, from) => ({
      times: mergeRings(into.times, from.times, bound),
      proofs: mergeProofs(into.proofs, from.proofs),
    }),
    bytesOf: (state) => state.times.at.length * 8 + state.proofs.length * PROOF_BYTES,
  }
}
