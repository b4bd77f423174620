import type { Investigation, SpendingEntry } from '../story/document.ts'

/** What has risen: all of it, or what mining might explain. */
export function spendingIn({ spending = [] }: Investigation, isAll: boolean): SpendingEntry[] {
  return isAll ? [...spending] : spending.filter(({ likeness }) => likeness !== 'little')
}
