import { assign } from './assignment.ts'
import type { Span } from './span.ts'

/** Who is who on one machine, and how well the claimed hands agree with the true ones. */
export interface Likeness {
  /** Id of the true occupant by the claimed one's. */
  readonly trueOf: ReadonlyMap<string, string>
  /** Time that true and claimed occupants share, ms; several at once count each. */
  readonly sharedMs: number
  /** The part of it in which the claimed occupant is the true one. */
  readonly rightMs: number
}

/** Speaks for a pair that time alone leaves open: less than any time that counts, in ms. */
const SAME_NAME_MS = 1e-3

/**
 * Claimed occupants have names of their own: they are matched one-to-one with the true ones so that the time they
 * hold the machine together is greatest. What is right is counted as in the scoring of speaker diarization (NIST
 * RT-09, without misses and false alarms, which the IoU of tenures judges): at each moment as many can be right as there
 * are on the side with fewer.
 */
export function likeness(truth: readonly Span[], claimed: readonly Span[]): Likeness {
  const [trueIds, claimedIds] = [idsOf(truth), idsOf(claimed)]
  const moments = momentsOf(truth, claimed)
  const together = new Map<string, Map<string, number>>()
  for (const moment of moments) {
    for (const one of moment.truth) {
      const row = together.get(one) ?? new Map<string, number>()
      together.set(one, row)
      for (const other of moment.claimed) row.set(other, (row.get(other) ?? 0) + moment.ms)
    }
  }
  const pairs = assign(
    trueIds.map((one) =>
      claimedIds.map((other) => (together.get(one)?.get(other) ?? 0) + (one === other ? SAME_NAME_MS : 0)),
    ),
  )
  const trueOf = new Map(pairs.map(({ row, column }) => [claimedIds[column] ?? '', trueIds[row] ?? '']))
  let [sharedMs, rightMs] = [0, 0]
  for (const moment of moments) {
    sharedMs += moment.ms * Math.min(moment.truth.size, moment.claimed.size)
    const right = [...moment.claimed].filter((id) => moment.truth.has(trueOf.get(id) ?? ''))
    rightMs += moment.ms * right.length
  }
  return { trueOf, sharedMs, rightMs }
}

function idsOf(spans: readonly Span[]): string[] {
  return [...new Set(spans.map((span) => span.occupant))].toSorted()
}

interface Moment {
  readonly ms: number
  readonly truth: ReadonlySet<string>
  readonly claimed: ReadonlySet<string>
}

/** The stretches in which nothing begins or ends, with who is there in each. */
function momentsOf(truth: readonly Span[], claimed: readonly Span[]): Moment[] {
  const bounds = [...new Set([...truth, ...claimed].flatMap(({ from, to }) => [from, to]))].toSorted(
    (a, b) => a - b,
  )
  return bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? to
    return { ms: to - from, truth: at(truth, from, to), claimed: at(claimed, from, to) }
  })
}

function at(spans: readonly Span[], from: number, to: number): Set<string> {
  return new Set(spans.filter((span) => span.from <= from && span.to >= to).map((span) => span.occupant))
}
