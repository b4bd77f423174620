import type { RuleMatchEvent } from '../../../event/rule-match.ts'
import { parseRules } from '../../parse/parse-rules.ts'
import { type CompiledCorrelations, compileCorrelations } from '../compile.ts'
import { Correlator } from '../correlator.ts'
import type { Firing } from '../firing.ts'

/** Three rules, called a, b and c. */
export const BASE = ['a', 'b', 'c']
  .map(
    (name) => `title: rule ${name}
name: ${name}
logsource: { product: linux }
detection: { selection: { field: ${name} }, condition: selection }
`,
  )
  .join('---\n')

export function compiled(text: string, bounds = {}): CompiledCorrelations {
  const file = 'rules.yml'
  const { rules, correlations } = parseRules(text, file)
  return compileCorrelations(correlations, rules, () => text, bounds)
}

/** A correlation beside the three rules. */
export function withBase(...correlations: readonly string[]): string {
  return [BASE, ...correlations].join('---\n')
}

/** `seconds` after an invented midnight. */
export function match(
  rule: string,
  seconds: number,
  fields: RuleMatchEvent['fields'] = {},
  machine = 'host:web-1',
): RuleMatchEvent {
  return {
    kind: 'rule-match',
    rule,
    title: `rule ${rule}`,
    level: 'low',
    attack: [],
    fields,
    time: MIDNIGHT + seconds * 1000,
    timeQuality: 'exact',
    observer: machine,
    subjects: [machine],
    origin: { source: 'sample', file: 'sample.log', line: 1, offset: 0, raw: `${rule} at ${seconds}` },
  }
}

export const MIDNIGHT: number = Date.UTC(2026, 0, 5)

export interface Run {
  /** The newest telling of each firing, in the order of their first. */
  readonly firings: Firing[]
  /** How often firings were told. */
  readonly told: number
  readonly correlator: Correlator
}

export function run(rules: CompiledCorrelations, matches: readonly RuleMatchEvent[], isSettled = true): Run {
  const latest = new Map<string, Firing>()
  let told = 0
  const correlator = new Correlator(rules, (firing) => {
    told++
    latest.set(firing.id, firing)
  })
  for (const one of matches) {
    correlator.accept(one)
    correlator.advance(one.time)
  }
  if (isSettled) correlator.settle()
  return { firings: [...latest.values()], told, correlator }
}

/** What a test compares: seconds after midnight. */
export function inBrief({ rule, group, firstSeen, lastSeen, count }: Firing): string {
  const values = Object.values(group).join(',')
  return `${rule}[${values}] ${seconds(firstSeen)}–${seconds(lastSeen)} ×${count}`
}

function seconds(time: number): number {
  return (time - MIDNIGHT) / 1000
}
