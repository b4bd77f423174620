import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { Intel } from '../../intel/intel.ts'
import type { Detector } from '../detector.ts'
import { keepEvidence } from '../evidence.ts'
import { ruleFacts } from './firing.ts'
import { weigh } from './weight.ts'

const ID = 'rule-match'
const DAY_MS = 24 * 3_600_000
const MAX_SUBJECTS = 4

/** What one rule said of one machine, until it had nothing to say for a day. */
export interface RuleMatches {
  rule: string
  title: string
  level: RuleMatchEvent['level']
  attack: string[]
  subjects: Identifier[]
  count: number
  /** Of `count`, when it was last told. */
  told: number
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
  /** Of the first match. */
  deed: RuleMatchEvent['deed'] | null
  id: string | null
}

/** Key: machine and rule. Repeats fold into one finding: a burst of calls is one, with a count. */
export const ruleMatch: Detector<RuleMatches> = {
  id: ID,
  title: 'A rule held',
  kinds: ['rule-match'],
  attack: [],
  windowMs: DAY_MS,
  maxKeys: 20_000,

  keysOf(event: Event): string | null {
    return event.kind === 'rule-match' ? `${machineOf(event)}|${event.rule}` : null
  },

  create(): RuleMatches {
    return {
      rule: '',
      title: '',
      level: 'informational',
      attack: [],
      subjects: [],
      count: 0,
      told: 0,
      firstSeen: 0,
      lastSeen: 0,
      evidence: [],
      deed: null,
      id: null,
    }
  },

  step(state, event, tell, { intel }) {
    if (event.kind !== 'rule-match') return
    if (state.count > 0 && event.time - state.lastSeen > DAY_MS) {
      tellRest(state, tell, intel)
      Object.assign(state, ruleMatch.create(''))
    }
    if (state.count === 0) begin(state, event)
    state.count++
    state.lastSeen = Math.max(state.lastSeen, event.time)
    keepEvidence(state.evidence, event)
    if (state.count >= state.told * 2) tellRest(state, tell, intel)
  },

  settle(state, tell, { intel }) {
    tellRest(state, tell, intel)
  },

  merge(into, from) {
    if (into.count === 0) return from
    if (from.count === 0) return into
    const [first, second] = into.firstSeen <= from.firstSeen ? [into, from] : [from, into]
    const evidence = [...first.evidence, ...second.evidence].toSorted((a, b) => a.time - b.time)
    return {
      ...first,
      count: into.count + from.count,
      told: 0,
      lastSeen: Math.max(into.lastSeen, from.lastSeen),
      evidence: [...evidence.slice(0, 10), ...evidence.slice(10).slice(-10)],
    }
  },
}

function machineOf(event: RuleMatchEvent): Identifier {
  return event.subjects[0] ?? event.observer
}

function begin(state: RuleMatches, event: RuleMatchEvent): void {
  state.rule = event.rule
  state.title = event.title
  state.level = event.level
  state.attack = event.attack
  state.subjects = event.subjects.length === 0 ? [event.observer] : event.subjects.slice(0, MAX_SUBJECTS)
  state.deed = event.deed ?? null
  state.firstSeen = event.time
  state.lastSeen = event.time
}

/** The finding as it stands, where the last telling does not say it all. */
function tellRest(state: RuleMatches, tell: (finding: Finding) => void, intel: Intel): void {
  const [first] = state.evidence
  if (first === undefined || state.count === state.told) return
  state.told = state.count
  state.id ??= contentId('finding', ID, state.subjects[0] ?? '', state.rule, first.time, first.raw)
  tell({
    id: state.id,
    detector: ID,
    rule: state.rule,
    title: state.title,
    ...weigh(state, intel),
    attack: [...state.attack],
    subjects: [...state.subjects],
    firstSeen: state.firstSeen,
    lastSeen: state.lastSeen,
    count: state.count,
    evidence: [...state.evidence],
    facts: ruleFacts(state.deed),
  })
}
