import { MIN_JUDGED } from '../wire/behaviour/first-packets.ts'
import { suspicionOf } from '../wire/behaviour/judge.ts'
import { hasLasted, judgeSealedFlow } from '../wire/behaviour/sealed-flow.ts'
import type { FlowModel } from '../wire/behaviour/model.ts'
import type { FlowRecord } from '../wire/flow/news.ts'
import type { Suspicion, TlsFacts } from './suspicion.ts'

export interface SealedSuspicion extends Suspicion {
  readonly miningProbability: number | null
}

/**
 * What the flow model adds to a connection whose payload is sealed. It is asked for TLS alone (what goes over the wire
 * in clear is read), not where a browser's protocols are offered, and never says more than `suspect`.
 */
export function withFlowModel(
  suspicion: Suspicion,
  flow: FlowRecord,
  packets: Int32Array | null,
  tls: TlsFacts | null,
  model: FlowModel,
): SealedSuspicion {
  const isAsked = tls !== null && !tls.isBrowser && hasLasted(flow)
  if (!isAsked || packets === null || packets.length < MIN_JUDGED)
    return { ...suspicion, miningProbability: null }
  const judgement = judgeSealedFlow(model, packets)
  const { miningProbability } = judgement
  const confidence = suspicionOf(judgement)
  if (confidence === null) return { ...suspicion, miningProbability }
  const reasons = [...suspicion.reasons, ...judgement.why]
  if (suspicion.verdict === 'mining') return { ...suspicion, reasons, miningProbability }
  const most = Math.max(confidence, suspicion.confidence)
  return { ...suspicion, verdict: 'suspect', confidence: most, reasons, miningProbability }
}
