import type { Finding } from '../event/finding.ts'
import { knownMatch } from './known.ts'
import { operatorMatch } from './operators.ts'
import type { Policy } from './policy.ts'
import type { Known, Operator, PolicyRules } from './rules.ts'

/** A policy that also knows who belongs here. */
export interface OwnersPolicy extends Policy {
  isOperator(ip: string | null, user: string | null): boolean
}

/** Decides by what the operator has said is his own. Decides; never acts. */
export function createPolicy({ known, operators }: PolicyRules): OwnersPolicy {
  const knowns = known.map((entry) => ({ entry, matches: knownMatch(entry) }))
  const people = operators.map((entry) => ({ entry, matches: operatorMatch(entry) }))

  const operatorOf = (ip: string | null, user: string | null): Operator | null =>
    people.find((person) => person.matches(ip, user))?.entry ?? null

  return {
    suppresses(finding, assetNames) {
      const operator = loginOperator(finding, operatorOf)
      if (operator !== null) return { what: operatorInWords(operator), reason: 'an operator logs in' }
      const own = knowns.find(({ matches }) => matches(finding, assetNames))?.entry
      return own === undefined ? null : { what: knownInWords(own), reason: own.reason }
    },
    isOperator: (ip, user) => operatorOf(ip, user) !== null,
  }
}

/** The operator behind a finding about logins: of a login, who came in; of guessing, where all of it came from. */
function loginOperator(
  { facts }: Finding,
  operatorOf: (ip: string | null, user: string | null) => Operator | null,
): Operator | null {
  if (facts.type !== 'login') return null
  if (facts.style === 'success') return operatorOf(facts.srcIps[0] ?? null, facts.users[0] ?? null)
  if (facts.srcIps.length === 0 || facts.srcIps.length !== facts.sourceCount) return null
  const behind = facts.srcIps.map((ip) => operatorOf(ip, null))
  return behind.every((operator) => operator !== null) ? (behind[0] ?? null) : null
}

function operatorInWords({ name, addresses, accounts }: Operator): string {
  return `operator ${name ?? addresses[0] ?? accounts[0] ?? ''}`
}

function knownInWords({ what, value }: Known): string {
  const isLong = value.length > 24
  return `known ${what} ${isLong && what !== 'process' ? `${value.slice(0, 6)}…${value.slice(-4)}` : value}`
}
