import { type Expression, type Way, waysOf } from '../expression.ts'
import { meets, type Threshold } from '../threshold.ts'
import { type Chain, createChain, link, longest, mergeChains } from './chain.ts'
import {
  createTemporal,
  mergeTemporal,
  NEVER,
  type Temporal,
  temporalBytes,
  temporalMembers,
} from './temporal.ts'
import type { Window } from './window.ts'

export interface TemporalOrdered extends Temporal {
  chains: Chain[]
}

/**
 * `temporal_ordered`: as `temporal`, and the rules match in the order of the list. With numbers, the
 * longest chain of rules in that order is measured. With an expression, one way for it to hold must
 * stand in that order, and what it negates must not be in the timespan at all. Null for an
 * expression with too many ways to hold.
 */
export function temporalOrdered(
  ruleCount: number,
  condition: Threshold | Expression,
): Window<TemporalOrdered> | null {
  const ways = 'kind' in condition ? waysOf(condition) : [allOf(ruleCount)]
  if (ways === null) return null
  // In the order of the list, whatever the order in the expression.
  const orders = ways.map(({ seen }) => seen.toSorted((a, b) => a - b))
  const holds = 'kind' in condition ? waysHold(ways) : longestMeets(condition, ruleCount)
  return {
    create: () => ({
      ...createTemporal(ruleCount),
      chains: orders.map((order) => createChain(order.length)),
    }),
    add(state, { time, rule, proof }) {
      if (time >= (state.seen[rule] ?? NEVER)) {
        state.seen[rule] = time
        state.proofs[rule] = proof
      }
      for (const [at, order] of orders.entries()) {
        const place = order.indexOf(rule)
        const chain = state.chains[at]
        if (place >= 0 && chain !== undefined) link(chain, order.length, place, time)
      }
      return true
    },
    holds,
    membersOf: temporalMembers,
    merge: (into, from) => ({
      ...mergeTemporal(into, from),
      chains: into.chains.map((chain, at) =>
        mergeChains(chain, from.chains[at] ?? chain, orders[at]?.length ?? 0),
      ),
    }),
    bytesOf: (state) => temporalBytes(state) + chainBytes(state.chains),
  }
}

function allOf(ruleCount: number): Way {
  return { seen: Array.from({ length: ruleCount }, (_, rule) => rule), unseen: [] }
}

function longestMeets(
  threshold: Threshold,
  ruleCount: number,
): (state: TemporalOrdered, from: number) => boolean {
  return ({ chains: [chain] }, from) =>
    chain !== undefined && meets(threshold, longest(chain, ruleCount, from))
}

function waysHold(ways: readonly Way[]): (state: TemporalOrdered, from: number) => boolean {
  return ({ seen, chains }, from) =>
    ways.some((way, at) => {
      const chain = chains[at]
      const isInOrder = chain !== undefined && longest(chain, way.seen.length, from) === way.seen.length
      return isInOrder && !way.unseen.some((rule) => (seen[rule] ?? NEVER) >= from)
    })
}

function chainBytes(chains: readonly Chain[]): number {
  let bytes = 0
  for (const chain of chains) bytes += 50 + chain.length * 8
  return bytes
}
