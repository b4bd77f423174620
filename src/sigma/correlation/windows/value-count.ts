import type { Evidence } from '../../../event/origin.ts'
import { lowest } from '../../../extremes.ts'
import { keepProof, mergeProofs, PROOF_BYTES, proofsSince, tidyProofs } from '../proofs.ts'
import { meets, saturation, type Threshold } from '../threshold.ts'
import type { Window } from './window.ts'

/** Values and when each was last seen, in no order. */
export interface ValueCount {
  values: string[]
  times: number[]
  /** One for each value that was new. */
  proofs: Evidence[]
}

/** From here on values are looked up in an index instead of one by one. */
const INDEX_FROM = 24
const BYTES_PER_VALUE = 80

/**
 * `value_count`: distinct values. As many of the most recently seen are kept as the condition can
 * tell apart: exact all the same.
 */
export function valueCount(threshold: Threshold): Window<ValueCount> {
  const bound = saturation(threshold)
  const places = new Places()
  return {
    create: () => ({ values: [], times: [], proofs: [] }),
    add(state, { time, value, proof }) {
      if (value === null) return false
      const text = String(value)
      const known = places.find(state, text)
      if (known >= 0) state.times[known] = Math.max(time, state.times[known] ?? time)
      else {
        places.put(state, text, time, bound)
        state.proofs = keepProof(state.proofs, proof)
      }
      return true
    },
    holds(state, from) {
      places.forgetBefore(state, from)
      tidyProofs(state.proofs, from)
      return meets(threshold, state.values.length)
    },
    membersOf: (state, from) => ({
      count: state.values.length,
      firstSeen: Math.min(lowest(state.times), proofsSince(state.proofs, from)[0]?.time ?? Infinity),
      proofs: proofsSince(state.proofs, from),
      isPartial: false,
    }),
    merge: (into, from) => merged(into, from, bound),
    bytesOf: ({ values, proofs }) => values.length * BYTES_PER_VALUE + proofs.length * PROOF_BYTES,
  }
}

function merged(one: ValueCount, other: ValueCount, bound: number): ValueCount {
  const latest = new Map<string, number>()
  for (const { values, times } of [one, other]) {
    for (const [at, value] of values.entries()) {
      latest.set(value, Math.max(times[at] ?? 0, latest.get(value) ?? Number.NEGATIVE_INFINITY))
    }
  }
  const kept = [...latest].toSorted(([, a], [, b]) => b - a).slice(0, bound)
  return {
    values: kept.map(([value]) => value),
    times: kept.map(([, time]) => time),
    proofs: mergeProofs(one.proofs, other.proofs),
  }
}

/** Where a value stands. The index is derived, so that the state stays plain and small. */
class Places {
  private readonly indices = new WeakMap<string[], Map<string, number>>()

  find({ values }: ValueCount, value: string): number {
    if (values.length < INDEX_FROM) return values.indexOf(value)
    let index = this.indices.get(values)
    if (index === undefined) {
      index = new Map(values.map((one, at) => [one, at]))
      this.indices.set(values, index)
    }
    return index.get(value) ?? -1
  }

  /** The value is new. Beyond `bound` it takes the place of the one not seen for longest. */
  put(state: ValueCount, value: string, time: number, bound: number): void {
    const { values, times } = state
    if (values.length === 0) {
      // Literals take exactly the room they need; most groups have one value.
      state.values = [value]
      state.times = [time]
      return
    }
    const at = values.length < bound ? values.length : oldest(times)
    if (at < values.length && time < (times[at] ?? time)) return
    const index = this.indices.get(values)
    if (at < values.length) index?.delete(values[at] ?? '')
    values[at] = value
    times[at] = time
    index?.set(value, at)
  }

  forgetBefore({ values, times }: ValueCount, from: number): void {
    let kept = 0
    for (let at = 0; at < times.length; at++) {
      const time = times[at] ?? from
      if (time < from) continue
      if (kept !== at) {
        times[kept] = time
        values[kept] = values[at] ?? ''
      }
      kept++
    }
    if (kept === times.length) return
    times.length = kept
    values.length = kept
    this.indices.delete(values)
  }
}

function oldest(times: readonly number[]): number {
  let at = 0
  for (let other = 1; other < times.length; other++) {
    if ((times[other] ?? 0) < (times[at] ?? 0)) at = other
  }
  return at
}
