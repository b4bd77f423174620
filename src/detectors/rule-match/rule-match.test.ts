import { describe, expect, it } from 'vitest'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import { loadIntel } from '../../intel/load.ts'
import { replay } from '../samples/auth-event.ts'
import { ruleMatch, type RuleMatches } from './index.ts'
import { weigh } from './weight.ts'

const START_MS = Date.UTC(2026, 4, 12, 3)
const HOUR = 3600

function match(seconds: number, change: Partial<RuleMatchEvent> = {}): RuleMatchEvent {
  return {
    kind: 'rule-match',
    time: START_MS + seconds * 1000,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin: { source: 'auditd', file: 'audit.log', line: 1 + seconds, offset: 0, raw: `at ${seconds}` },
    rule: 'a-rule',
    title: 'A dropper',
    level: 'high',
    attack: ['T1105'],
    fields: {},
    ...change,
  }
}

function stateOf(events: readonly RuleMatchEvent[]): RuleMatches {
  const state = ruleMatch.create('')
  for (const event of events) ruleMatch.step(state, event, () => {}, { intel: loadIntel() })
  return state
}

describe('rule-match', () => {
  it('folds a burst into one finding with a count, its beginning and its end', () => {
    const findings = replay(
      ruleMatch,
      Array.from({ length: 100 }, (_, at) => match(at)),
    )
    expect(findings.length).toBe(1)
    expect(findings[0]).toMatchObject({
      detector: 'rule-match',
      rule: 'a-rule',
      title: 'A dropper',
      severity: 'high',
      stage: 'foothold',
      count: 100,
      firstSeen: START_MS,
      lastSeen: START_MS + 99_000,
      subjects: ['host:web-1'],
    })
    const proofs = findings[0]?.evidence.map(({ raw }) => raw) ?? []
    expect([proofs.length, proofs[0], proofs.at(-1)]).toEqual([20, 'at 0', 'at 99'])
  })

  it('keeps machines and rules apart, and begins anew after a day of quiet', () => {
    const elsewhere = { observer: 'host:web-2', subjects: ['host:web-2'] }
    const findings = replay(ruleMatch, [
      match(0),
      match(1, elsewhere),
      match(2, { rule: 'b-rule', title: 'B' }),
      match(30 * HOUR),
    ])
    expect(findings.map(({ rule, subjects, count }) => [rule, subjects[0], count])).toEqual([
      ['a-rule', 'host:web-1', 1],
      ['a-rule', 'host:web-2', 1],
      ['b-rule', 'host:web-1', 1],
      ['a-rule', 'host:web-1', 1],
    ])
  })

  it.each([
    ['low', ['T1105'], 'low', 'context'],
    ['medium', ['T1496.001'], 'medium', 'context'],
    ['high', ['T1496.001'], 'high', 'mining'],
    ['critical', ['T1053.003'], 'critical', 'persistence'],
    ['high', ['T1105'], 'high', 'foothold'],
    ['high', ['T1046'], 'high', 'context'],
    ['high', [], 'high', 'foothold'],
  ] as const)('weighs %s with %j as %s, %s', (level, attack, severity, stage) => {
    expect(weigh({ level, attack }, loadIntel())).toMatchObject({ severity, stage })
  })

  it('takes computing power that was asked for in an account for no mining yet', () => {
    const match = { level: 'high', attack: ['T1496.001'] } as const
    expect(weigh({ ...match, subjects: ['account:123456789012'] }, loadIntel()).stage).toBe('foothold')
    expect(weigh({ ...match, subjects: ['host:web-1'] }, loadIntel()).stage).toBe('mining')
  })

  it('tells who did what, where the rule held on an event of an audit trail', () => {
    const actor = {
      pid: 9,
      ppid: 8,
      exe: '/usr/bin/curl',
      name: 'curl',
      uid: 0,
      loginUid: 0,
      session: '7',
      tty: null,
    }
    const [finding] = replay(ruleMatch, [
      match(0, { deed: { actor, commandLine: 'curl x | sh', path: '/usr/bin/curl' } }),
      match(1),
    ])
    expect(finding?.facts).toMatchObject({
      commandLine: 'curl x | sh',
      pid: 9,
      ppid: 8,
      session: '7',
      path: '/usr/bin/curl',
    })
  })

  it('joins two machines that turn out to be one', () => {
    const merged = ruleMatch.merge(stateOf([match(5), match(9)]), stateOf([match(1)]))
    expect(merged).toMatchObject({ count: 3, firstSeen: START_MS + 1000, lastSeen: START_MS + 9000 })
  })
})
