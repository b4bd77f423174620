import type { ChargeCategory } from '../../event/cost.ts'

/** By the word of the bill, in lower case without blanks. FOCUS ChargeCategory; AWS line item types; Cost Explorer record types. */
const CATEGORIES: ReadonlyMap<string, ChargeCategory> = new Map([
  ['usage', 'usage'],
  ['discountedusage', 'usage'],
  ['savingsplancoveredusage', 'usage'],
  ['onDemand'.toLowerCase(), 'usage'],
  ['purchase', 'purchase'],
  ['fee', 'purchase'],
  ['rifee', 'purchase'],
  ['savingsplanrecurringfee', 'purchase'],
  ['savingsplanupfrontfee', 'purchase'],
  ['recurringreservationfee', 'purchase'],
  ['upfrontreservationfee', 'purchase'],
  ['supportfee', 'purchase'],
  ['subscription', 'purchase'],
  ['tax', 'tax'],
  ['credit', 'credit'],
  ['refund', 'refund'],
  ['adjustment', 'adjustment'],
  ['discount', 'discount'],
  ['edpdiscount', 'discount'],
  ['enterprisediscountprogramdiscount', 'discount'],
  ['privateratediscount', 'discount'],
  ['bundleddiscount', 'discount'],
  ['rivolumediscount', 'discount'],
  ['sppdiscount', 'discount'],
  ['solutionproviderprogramdiscount', 'discount'],
  ['savingsplannegation', 'discount'],
])

/** A correction of FOCUS (ChargeClass) puts an earlier bill right: it is no usage of its day. */
export function categoryOf(word: string, chargeClass: string): ChargeCategory {
  if (/^correction$/iu.test(chargeClass.trim())) return 'adjustment'
  return (
    CATEGORIES.get(word.toLowerCase().replaceAll(/[^a-z]/gu, '')) ?? (word.trim() === '' ? 'usage' : 'other')
  )
}

/** Which amount of an AWS row is its cost with commitments spread: none for what is spread over other rows. */
export function effectiveRole(word: string): 'billed' | 'reservationEffective' | 'savingsEffective' | null {
  switch (word.toLowerCase()) {
    case 'discountedusage':
      return 'reservationEffective'
    case 'savingsplancoveredusage':
      return 'savingsEffective'
    case 'rifee':
    case 'savingsplanrecurringfee':
    case 'savingsplanupfrontfee':
    case 'savingsplannegation':
      return null
    default:
      return 'billed'
  }
}
