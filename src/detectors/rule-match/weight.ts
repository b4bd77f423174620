import type { Finding, Severity } from '../../event/finding.ts'
import { type Identifier, typeOf } from '../../event/identifier.ts'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { Intel } from '../../intel/intel.ts'

type Level = RuleMatchEvent['level']
type Stage = Finding['stage']

const SEVERITY: Readonly<Record<Level, Severity>> = {
  informational: 'info',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
}

/** How far rules of a level can be believed: Sigma asks of `high` that it be looked into at once, of `critical` that it never be wrong. */
const CONFIDENCE: Readonly<Record<Level, number>> = {
  informational: 0.2,
  low: 0.3,
  medium: 0.5,
  high: 0.75,
  critical: 0.9,
}

/** Tactics (ATT&CK v19) by what they say of an intrusion, the surest first. */
const STAGES: readonly (readonly [stage: Stage, tactics: readonly string[]])[] = [
  ['persistence', ['persistence', 'privilege-escalation']],
  ['evasion', ['defense-impairment', 'defense-evasion', 'stealth']],
  [
    'foothold',
    [
      'execution',
      'initial-access',
      'credential-access',
      'lateral-movement',
      'command-and-control',
      'collection',
      'exfiltration',
      'impact',
    ],
  ],
]

/** Hijacking of compute. */
const MINING = /^T1496(?:\.001)?$/u

/** Severity, confidence and stage of what a rule says, out of its level and its techniques. */
export function weigh(
  { level, attack, subjects = [] }: Weighed,
  intel: Intel,
): Pick<Finding, 'severity' | 'confidence' | 'stage'> {
  const stage = stageOf(level, attack, intel)
  // Computing power was taken in an account: no machine is known to mine yet.
  const isAsked = stage === 'mining' && subjects[0] !== undefined && typeOf(subjects[0]) === 'account'
  return {
    severity: SEVERITY[level],
    confidence: CONFIDENCE[level],
    stage: isAsked ? 'foothold' : stage,
  }
}

interface Weighed {
  readonly level: Level
  readonly attack: readonly string[]
  /** Whom it is about, the machine or the account first. */
  readonly subjects?: readonly Identifier[]
}

/** Below `high` a rule alone makes no incident: administrators do most of it, too. */
function stageOf(level: Level, attack: readonly string[], intel: Intel): Stage {
  if (level !== 'high' && level !== 'critical') return 'context'
  if (attack.some((id) => MINING.test(id))) return 'mining'
  const tactics = new Set(attack.flatMap((id) => intel.technique(id)?.tactics ?? []))
  const found = STAGES.find(([, names]) => names.some((name) => tactics.has(name)))
  if (found !== undefined) return found[0]
  return tactics.size === 0 ? 'foothold' : 'context'
}
