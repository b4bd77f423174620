import { type Finding, SEVERITIES } from '../event/finding.ts'
import { typeOf } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'

/** A command and the file that it wrote, told by a rule and by a detector, are this near to each other. */
const TOGETHER_MS = 60_000

/**
 * Findings without those of rules that say again what is said better: the technique that a detector
 * tells of the same line, or at the same time; of rules on one line, all but the gravest. Calls in an
 * account are deeds of their own, and one that sums them up leaves them to be told.
 */
export function withoutRuleEchoes(findings: readonly Finding[]): Finding[] {
  const tellers = findings.filter((one) => one.rule === undefined && isOneDeed(one))
  const rules = findings.filter((one) => one.rule !== undefined)
  const bestAt = gravestByPlace(rules.filter((one) => !isOfAccount(one)))
  const ofAccounts = rules.filter(isOfAccount)
  return findings.filter((finding) => {
    if (finding.rule === undefined) return true
    if (isOfAccount(finding)) return !ofAccounts.some((one) => saysAllOf(one, finding))
    const places = finding.evidence.map(placeOf)
    return (
      places.some((place) => bestAt.get(place) === finding) &&
      !tellers.some((one) => isSameDeed(finding, one, new Set(places)))
    )
  })
}

function isOfAccount({ subjects: [first] }: Finding): boolean {
  return first !== undefined && typeOf(first) === 'account'
}

/** Whether a rule tells of all the calls and all the techniques that another tells of, and is as grave. */
function saysAllOf(one: Finding, other: Finding): boolean {
  if (one === other || SEVERITIES.indexOf(one.severity) < SEVERITIES.indexOf(other.severity)) return false
  const places = new Set(one.evidence.map(placeOf))
  return (
    other.evidence.every((evidence) => places.has(placeOf(evidence))) &&
    other.attack.every((id) => one.attack.includes(id)) &&
    isGraver(one, other)
  )
}

/** What a session ran is a list of deeds: a rule that knows one of them by name says more. */
function isOneDeed({ facts, stage }: Finding): boolean {
  if (stage === 'pressure') return false
  return facts.type === 'mining' || (facts.type === 'host' && facts.what !== 'session')
}

function isSameDeed(rule: Finding, told: Finding, places: ReadonlySet<string>): boolean {
  if (!rule.attack.some((id) => told.attack.includes(id))) return false
  return (
    Math.abs(rule.firstSeen - told.firstSeen) <= TOGETHER_MS ||
    told.evidence.some((one) => places.has(placeOf(one)))
  )
}

function gravestByPlace(rules: readonly Finding[]): ReadonlyMap<string, Finding> {
  const best = new Map<string, Finding>()
  for (const rule of rules) {
    for (const place of rule.evidence.map(placeOf)) {
      const known = best.get(place)
      if (known === undefined || isGraver(rule, known)) best.set(place, rule)
    }
  }
  return best
}

/** Of two that are as grave, the one with more proofs: a correlation knows what its rules know. */
function isGraver(a: Finding, b: Finding): boolean {
  const byLevel = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  return byLevel > 0 || (byLevel === 0 && a.evidence.length > b.evidence.length)
}

function placeOf({ file, offset, line, packet }: Evidence): string {
  return `${file}\0${offset}\0${line ?? packet ?? ''}`
}
