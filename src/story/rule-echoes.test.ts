import { describe, expect, it } from 'vitest'
import type { Finding } from '../event/finding.ts'
import { withoutRuleEchoes } from './rule-echoes.ts'
import { finding, host } from './samples/findings.ts'

const started = finding(5, 'a program was started', {
  facts: host('dropper'),
  attack: ['T1105', 'T1059.004'],
})
const session = finding(0, 'the session ran 3 programs', { facts: host('session'), attack: ['T1685'] })

function rule(at: number, title: string, part: Partial<Finding>): Finding {
  return finding(at, title, { rule: title, facts: host('rule'), ...part })
}

function titles(findings: readonly Finding[]): string[] {
  return withoutRuleEchoes(findings).map(({ title }) => title)
}

describe('what rules say again', () => {
  it.each<[string, readonly Finding[], readonly string[]]>([
    [
      'the technique that a detector tells of the same line, whenever that was',
      [started, rule(900, 'echo', { attack: ['T1105'], evidence: started.evidence })],
      ['a program was started'],
    ],
    [
      'the technique that a detector tells in the same minute',
      [started, rule(40, 'echo', { attack: ['T1059.004'] })],
      ['a program was started'],
    ],
    [
      'it is no echo an hour later',
      [started, rule(3600, 'again', { attack: ['T1105'] })],
      ['a program was started', 'again'],
    ],
    [
      'another technique on the same line says more',
      [started, rule(5, 'the way in', { attack: ['T1190'], evidence: started.evidence })],
      ['a program was started', 'the way in'],
    ],
    [
      'a session only lists what it ran',
      [session, rule(0, 'a guard was removed', { attack: ['T1685'], evidence: session.evidence })],
      ['the session ran 3 programs', 'a guard was removed'],
    ],
  ])('%s', (_what, findings, expected) => {
    expect(titles(findings)).toEqual(expected)
  })

  it('of rules on one line the gravest speaks, and a correlation for its rules', () => {
    const low = rule(0, 'low', { severity: 'low' })
    const high = rule(0, 'high', { severity: 'high', evidence: low.evidence })
    const other = rule(9, 'other', { severity: 'low' })
    const both = rule(0, 'both', { severity: 'high', evidence: [...low.evidence, ...other.evidence] })
    expect(titles([low, high])).toEqual(['high'])
    expect(titles([low, both, other])).toEqual(['both'])
    expect(titles([high, other])).toEqual(['high', 'other'])
  })

  it('of an account, calls are told beside the rule that sums them up', () => {
    const subjects = ['account:123456789012']
    const launch = rule(0, 'launched', { subjects, attack: ['T1578.002'] })
    const key = rule(5, 'a key was made', { subjects, severity: 'medium', attack: ['T1098.001'] })
    const user = rule(0, 'a user with a key', {
      subjects,
      attack: ['T1136.003', 'T1098.001'],
      evidence: [...key.evidence, ...rule(6, 'x', {}).evidence],
    })
    const sum = rule(0, 'all of it', {
      subjects,
      attack: ['T1496.001'],
      evidence: [...launch.evidence, ...key.evidence, ...user.evidence],
    })
    expect(titles([launch, key, user, sum])).toEqual(['launched', 'a user with a key', 'all of it'])
  })
})
