import type { Finding } from '../../event/finding.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { Intel } from '../../intel/intel.ts'
import { weigh } from './weight.ts'

/** What a correlation of rules says when it holds: `Firing` of the Sigma room, as far as it is told. */
export interface CorrelationFiring {
  readonly id: string
  readonly rule: string
  readonly title: string
  readonly level: RuleMatchEvent['level']
  readonly attack: readonly string[]
  readonly firstSeen: number
  readonly lastSeen: number
  readonly count: number
  readonly evidence: readonly Evidence[]
  readonly subjects: readonly Identifier[]
  readonly observer: Identifier
}

export function firingFinding(firing: CorrelationFiring, intel: Intel): Finding {
  const { id, rule, title, firstSeen, lastSeen, count, evidence, subjects, observer, attack } = firing
  return {
    id,
    detector: 'rule-match',
    rule,
    title,
    ...weigh(firing, intel),
    attack: [...attack],
    subjects: subjects.length === 0 ? [observer] : [...subjects],
    firstSeen,
    lastSeen,
    count,
    evidence: [...evidence],
    facts: ruleFacts(),
  }
}

/** Of a rule nothing is known but that it held, and, on an event of an audit trail, who did what. */
export function ruleFacts(deed?: RuleMatchEvent['deed'] | null): Finding['facts'] {
  return {
    type: 'host',
    what: 'rule',
    path: deed?.path ?? null,
    commandLine: deed?.commandLine ?? null,
    exe: deed?.actor.exe ?? null,
    pid: deed?.actor.pid ?? null,
    ppid: deed?.actor.ppid ?? null,
    uid: deed?.actor.uid ?? null,
    session: deed?.actor.session ?? null,
    remote: null,
  }
}
