import type { FightAct, Finding } from '../event/finding.ts'
import { type Evidence, MAX_RAW_BYTES } from '../event/origin.ts'
import { maskDeep, maskSecrets } from '../text/secrets.ts'
import { cutBytes, visible } from '../text/visible.ts'

/** Findings leave the engine here: masked (unless the user wants the secrets), visible, cut to size. */
export function publish(finding: Finding, showSecrets: boolean): Finding {
  const masked = showSecrets
    ? finding
    : { ...finding, title: maskSecrets(finding.title), facts: maskDeep(finding.facts) }
  return {
    ...masked,
    title: visible(masked.title),
    evidence: finding.evidence.map((evidence) => publishEvidence(evidence, showSecrets)),
  }
}

/** An act that no finding tells of. */
export function publishAct(act: FightAct, showSecrets: boolean): FightAct {
  const { evidence, ...told } = act
  return { ...(showSecrets ? told : maskDeep(told)), evidence: publishEvidence(evidence, showSecrets) }
}

export function publishEvidence(evidence: Evidence, showSecrets: boolean): Evidence {
  const raw = showSecrets ? evidence.raw : maskSecrets(evidence.raw)
  return { ...evidence, raw: cutBytes(visible(raw), MAX_RAW_BYTES) }
}
