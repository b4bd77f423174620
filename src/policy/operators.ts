import { addressSet } from './address-set.ts'
import type { Operator } from './rules.ts'

/**
 * An operator is known by the address. By the account alone only where no address is given: an
 * account is what gets guessed, and one whose owner's addresses are known tells on whoever uses it elsewhere.
 */
export function operatorMatch(operator: Operator): (ip: string | null, user: string | null) => boolean {
  const isOwn = addressSet(operator.addresses)
  const accounts = operator.addresses.length === 0 ? new Set(operator.accounts) : null
  return (ip, user) => (ip !== null && isOwn(ip)) || (user !== null && accounts?.has(user) === true)
}
