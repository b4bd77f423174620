import type { AlertEvent } from '../../event/alert.ts'
import { type Finding, isAtLeast, type Severity } from '../../event/finding.ts'

/** What another sensor's word is worth here. */
export type Weight = Pick<Finding, 'severity' | 'confidence' | 'stage'>

/** Nobody's word alone is more than a reason to look. */
const CEILING: Severity = 'medium'
const DNS_PORT = 53

/**
 * - What a sensor calls mining, and has seen at work (a connection, a process): mining, very likely.
 * - A pool's name looked up: the sensor's own rating decides, because scanners, resolvers and other sensors look such names up too.
 * - Everything else is context: it joins what is known by other evidence, and makes no incident.
 */
export function weigh(alert: AlertEvent): Weight {
  const { severity, isMining } = alert
  if (!isMining) return { severity: capped(severity), confidence: 0.5, stage: 'context' }
  if (isLookUp(alert)) {
    return isAtLeast(severity, 'high')
      ? { severity: CEILING, confidence: 0.4, stage: 'mining' }
      : { severity: CEILING, confidence: 0.3, stage: 'context' }
  }
  return isAtLeast(severity, 'medium')
    ? { severity: 'high', confidence: 0.6, stage: 'mining' }
    : { severity: CEILING, confidence: 0.4, stage: 'context' }
}

function capped(severity: Severity): Severity {
  return isAtLeast(severity, CEILING) ? CEILING : severity
}

/** Only a name server was asked. GuardDuty says so in the name of its finding. */
function isLookUp({ rule, commandLine, domain, dstIp, dstPort, srcPort }: AlertEvent): boolean {
  if (rule.endsWith('!DNS')) return true
  if (commandLine !== null) return false
  return dstPort === DNS_PORT || srcPort === DNS_PORT || (domain !== null && dstIp === null)
}
