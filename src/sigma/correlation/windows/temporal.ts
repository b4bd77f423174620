import { type Evidence, MAX_EVIDENCE } from '../../../event/origin.ts'
import { type Expression, isTrue } from '../expression.ts'
import { PROOF_BYTES } from '../proofs.ts'
import { meets, type Threshold } from '../threshold.ts'
import type { Members, Window } from './window.ts'

/** When each rule last matched, and with what. */
export interface Temporal {
  seen: number[]
  proofs: (Evidence | null)[]
}

/** Before all time. */
export const NEVER: number = Number.MIN_SAFE_INTEGER

/** `temporal`: so many of the rules, or these and not those, within the timespan, in any order. */
export function temporal(ruleCount: number, condition: Threshold | Expression): Window<Temporal> {
  const holds = 'kind' in condition ? expressionHolds(condition) : thresholdHolds(condition)
  return {
    create: () => createTemporal(ruleCount),
    add(state, { time, rule, proof }) {
      if (time < (state.seen[rule] ?? NEVER)) return true
      state.seen[rule] = time
      state.proofs[rule] = proof
      return true
    },
    holds,
    membersOf: temporalMembers,
    merge: mergeTemporal,
    bytesOf: temporalBytes,
  }
}

export function createTemporal(ruleCount: number): Temporal {
  return { seen: Array<number>(ruleCount).fill(NEVER), proofs: Array<null>(ruleCount).fill(null) }
}

function thresholdHolds(threshold: Threshold): (state: Temporal, from: number) => boolean {
  return ({ seen }, from) => {
    let count = 0
    for (const time of seen) if (time >= from) count++
    return meets(threshold, count)
  }
}

function expressionHolds(expression: Expression): (state: Temporal, from: number) => boolean {
  return ({ seen }, from) => isTrue(expression, (rule) => (seen[rule] ?? NEVER) >= from)
}

/** The newest match of each rule in the window. */
export function temporalMembers({ proofs }: Temporal, from: number): Members {
  const inside = proofs
    .filter((proof) => proof !== null && proof.time >= from)
    .toSorted((a, b) => (a?.time ?? 0) - (b?.time ?? 0))
    .filter((proof) => proof !== null)
  return {
    count: Math.max(1, inside.length),
    firstSeen: inside[0]?.time ?? from,
    proofs: inside.slice(-MAX_EVIDENCE),
    isPartial: false,
  }
}

export function mergeTemporal(into: Temporal, from: Temporal): Temporal {
  const isNewer = into.seen.map((time, rule) => (from.seen[rule] ?? NEVER) > time)
  return {
    seen: into.seen.map((time, rule) => Math.max(time, from.seen[rule] ?? NEVER)),
    proofs: into.proofs.map((proof, rule) => (isNewer[rule] === true ? (from.proofs[rule] ?? null) : proof)),
  }
}

export function temporalBytes({ seen, proofs }: Temporal): number {
  let kept = 0
  for (const proof of proofs) if (proof !== null) kept++
  return seen.length * 16 + kept * PROOF_BYTES
}
