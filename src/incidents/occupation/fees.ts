import { type Hands, walletsOf } from './hands.ts'
import { spansOf, stretchesOf } from './tenures.ts'
import { isMining } from './trace.ts'

const FEE_SPAN_MS = 10 * 60_000
const FEE_SHARE = 0.1
/** After the fee the miner goes on for its owner; one that comes in while the evidence ends does not look so. */
const GOES_ON_MS = 60_000

/** A miner works a minute in a hundred for its author: for somebody else's wallet, but not for another occupant. */
export function withoutFees(hands: readonly Hands[]): Hands[] {
  const fees = new Map<Hands, Hands>()
  for (const one of hands) {
    const host = hands.find((other) => other !== one && !fees.has(other) && isFeeOf(one, other))
    if (host !== undefined) fees.set(one, host)
  }
  for (const [fee, host] of fees) host.traces.push(...fee.traces)
  return hands.filter((one) => !fees.has(one))
}

function isFeeOf(fee: Hands, host: Hands): boolean {
  const findings = fee.traces.map(({ finding }) => finding)
  if (walletsOf(fee).length !== 1 || !findings.every((finding) => finding !== null && isMining(finding)))
    return false
  const spans = findings.filter((finding) => finding !== null).flatMap(spansOf)
  const mined = host.traces.map(({ finding }) => finding).filter((finding) => finding?.stage === 'mining')
  const held = stretchesOf(mined.filter((finding) => finding !== null && finding !== undefined))
  return (
    spans.length > 0 &&
    timeOf(spans) <= FEE_SHARE * timeOf(held) &&
    spans.every(
      ({ from, to }) =>
        to - from <= FEE_SPAN_MS && held.some((one) => from >= one.from && to + GOES_ON_MS <= one.to),
    )
  )
}

function timeOf(spans: readonly { from: number; to: number }[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0)
}
