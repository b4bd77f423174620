import type { Finding } from '../event/finding.ts'

/** What the operator has said is his own. Decides; never acts. */
export interface Policy {
  /** The entry that explains a finding away, or null. `assetNames`: what the machine is called. */
  suppresses(finding: Finding, assetNames: readonly string[]): { what: string; reason: string } | null
}
