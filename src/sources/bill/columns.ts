/** What a column of a bill tells us, whatever the bill calls it. */
export const ROLES = [
  'provider',
  'account',
  'region',
  'service',
  'resource',
  'meter',
  'category',
  'class',
  'currency',
  'start',
  'end',
  'billed',
  'effective',
  'reservationEffective',
  'savingsEffective',
  'instanceType',
  'description',
  'quantity',
] as const
export type Role = (typeof ROLES)[number]

/** The place of each role in ROLES. */
export const ROLE_AT = {
  provider: 0,
  account: 1,
  region: 2,
  service: 3,
  resource: 4,
  meter: 5,
  category: 6,
  class: 7,
  currency: 8,
  start: 9,
  end: 10,
  billed: 11,
  effective: 12,
  reservationEffective: 13,
  savingsEffective: 14,
  instanceType: 15,
  description: 16,
  quantity: 17,
} as const satisfies Record<Role, number>

/** Roles whose text keeps charges apart: everything else of a row is summed up. */
export const KEY_ROLES = [
  'provider',
  'account',
  'region',
  'service',
  'resource',
  'meter',
  'category',
  'class',
  'currency',
] as const satisfies readonly Role[]

export type Dialect = 'focus' | 'cur'

/** A bill's columns: which column plays which role (-1 = none does), and what must be said about what is missing. */
export interface Columns {
  readonly dialect: Dialect
  /** In words for the user: `FOCUS 1.2`, `AWS CUR 2.0`. */
  readonly format: string
  readonly count: number
  readonly at: Readonly<Record<Role, number>>
  readonly decisions: readonly string[]
  /** What keeps it from being read at all; null = it can be. */
  readonly obstacle: string | null
}

/** Names in the order in which they are preferred; written as `plainName` gives them. Sources: FOCUS 1.0–1.3, AWS "CUR 2.0" and "Legacy CUR" dictionaries. */
const NAMES: Readonly<Record<Dialect, Partial<Readonly<Record<Role, readonly string[]>>>>> = {
  focus: {
    provider: ['providername', 'serviceprovidername', 'hostprovidername', 'publishername'],
    account: ['subaccountid', 'billingaccountid'],
    region: ['regionid', 'regionname', 'region'],
    service: ['servicename', 'xservicecode', 'servicecategory'],
    resource: ['resourceid', 'resourcename'],
    meter: ['xusagetype', 'skumeter', 'xskumetername', 'skuid', 'skupriceid'],
    category: ['chargecategory', 'chargetype'],
    class: ['chargeclass'],
    currency: ['billingcurrency'],
    start: ['chargeperiodstart', 'billingperiodstart'],
    end: ['chargeperiodend', 'billingperiodend'],
    billed: ['billedcost', 'effectivecost', 'amortizedcost'],
    effective: ['effectivecost', 'amortizedcost'],
    instanceType: ['xinstancetype'],
    description: ['chargedescription'],
    quantity: ['consumedquantity', 'pricingquantity'],
  },
  cur: {
    account: ['lineitemusageaccountid', 'billpayeraccountid'],
    region: ['productregioncode', 'productregion', 'lineitemavailabilityzone'],
    service: ['lineitemproductcode', 'productservicecode', 'productproductname'],
    resource: ['lineitemresourceid'],
    meter: ['lineitemusagetype'],
    category: ['lineitemlineitemtype'],
    currency: ['lineitemcurrencycode'],
    start: ['lineitemusagestartdate', 'billbillingperiodstartdate'],
    end: ['lineitemusageenddate', 'billbillingperiodenddate'],
    billed: ['lineitemunblendedcost', 'lineitemnetunblendedcost', 'lineitemblendedcost'],
    reservationEffective: ['reservationeffectivecost'],
    savingsEffective: ['savingsplansavingsplaneffectivecost'],
    instanceType: ['productinstancetype'],
    description: ['lineitemlineitemdescription'],
    quantity: ['lineitemusageamount'],
  },
}

const TELLING: Readonly<Record<Dialect, readonly string[]>> = {
  focus: [
    'billedcost',
    'effectivecost',
    'listcost',
    'contractedcost',
    'chargecategory',
    'chargeperiodstart',
    'chargeperiodend',
    'billingperiodstart',
    'billingcurrency',
    'billingaccountid',
  ],
  cur: [
    'lineitemunblendedcost',
    'lineitemlineitemtype',
    'lineitemusagestartdate',
    'lineitemproductcode',
    'lineitemusageaccountid',
    'lineitemusagetype',
  ],
}
const MIN_TELLING = 3

/** Of a file that turned out to be none: no column plays any role. */
export const NO_BILL: Columns = {
  dialect: 'focus',
  format: 'bill',
  count: 0,
  at: Object.freeze({
    provider: -1,
    account: -1,
    region: -1,
    service: -1,
    resource: -1,
    meter: -1,
    category: -1,
    class: -1,
    currency: -1,
    start: -1,
    end: -1,
    billed: -1,
    effective: -1,
    reservationEffective: -1,
    savingsEffective: -1,
    instanceType: -1,
    description: -1,
    quantity: -1,
  }),
  decisions: [],
  obstacle: 'no bill: not read',
}

/** `lineItem/UsageStartDate`, `line_item_usage_start_date` and `LineItemUsageStartDate` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '')
}

/** Null where these are not the columns of a bill. */
export function columnsOf(header: readonly string[]): Columns | null {
  const places = new Map<string, number>()
  for (const [index, name] of header.entries()) {
    const plain = plainName(name)
    if (!places.has(plain)) places.set(plain, index)
  }
  const dialect = (['focus', 'cur'] as const).find(
    (one) => TELLING[one].filter((name) => places.has(name)).length >= MIN_TELLING,
  )
  if (dialect === undefined) return null
  const placeOf = (role: Role): number => {
    for (const name of NAMES[dialect][role] ?? []) {
      const place = places.get(name)
      if (place !== undefined) return place
    }
    return -1
  }
  const at: Record<Role, number> = {
    provider: placeOf('provider'),
    account: placeOf('account'),
    region: placeOf('region'),
    service: placeOf('service'),
    resource: placeOf('resource'),
    meter: placeOf('meter'),
    category: placeOf('category'),
    class: placeOf('class'),
    currency: placeOf('currency'),
    start: placeOf('start'),
    end: placeOf('end'),
    billed: placeOf('billed'),
    effective: placeOf('effective'),
    reservationEffective: placeOf('reservationEffective'),
    savingsEffective: placeOf('savingsEffective'),
    instanceType: placeOf('instanceType'),
    description: placeOf('description'),
    quantity: placeOf('quantity'),
  }
  return {
    dialect,
    format: formatOf(dialect, header, places),
    count: header.length,
    at,
    decisions: decisionsOf(dialect, header, at),
    obstacle: obstacleOf(dialect, at),
  }
}

function formatOf(dialect: Dialect, header: readonly string[], places: ReadonlyMap<string, number>): string {
  if (dialect === 'cur')
    return header.some((name) => name.startsWith('lineItem/')) ? 'AWS CUR (legacy)' : 'AWS CUR 2.0'
  const has = (...names: readonly string[]): boolean => names.some((name) => places.has(name))
  if (has('serviceprovidername', 'hostprovidername', 'allocatedmethodid')) return 'FOCUS 1.3'
  if (has('invoiceid', 'billingaccounttype', 'subaccounttype', 'pricingcurrency')) return 'FOCUS 1.2'
  if (has('skumeter', 'skupricedetails', 'servicesubcategory', 'capacityreservationid')) return 'FOCUS 1.1'
  return 'FOCUS 1.0'
}

/** The names that stand in for what a bill lacks, so that nobody takes a guess for a fact. */
function decisionsOf(
  dialect: Dialect,
  header: readonly string[],
  at: Readonly<Record<Role, number>>,
): string[] {
  const called = (role: Role): string => header[at[role]] ?? ''
  const said: string[] = []
  const isSecondBest = (role: Role): boolean =>
    at[role] >= 0 && plainName(called(role)) !== NAMES[dialect][role]?.[0]
  if (isSecondBest('billed'))
    said.push(`amounts: ${called('billed')}, because there is no column of billed cost`)
  if (isSecondBest('start'))
    said.push(`days: ${called('start')}, because there is no column of charge periods`)
  if (at.currency < 0) said.push('currency USD: assumed, because there is no column of it')
  if (at.category < 0)
    said.push('all charges taken for usage: there is no column that tells tax, credits and purchases apart')
  if (at.resource < 0)
    said.push('charges cannot be told by machine: there is no column of resources (export with resource ids)')
  return said
}

function obstacleOf(dialect: Dialect, at: Readonly<Record<Role, number>>): string | null {
  const missing: string[] = []
  if (at.billed < 0) missing.push(dialect === 'focus' ? 'BilledCost' : 'line_item_unblended_cost')
  if (at.start < 0) missing.push(dialect === 'focus' ? 'ChargePeriodStart' : 'line_item_usage_start_date')
  return missing.length === 0 ? null : `a bill without ${missing.join(' and ')}: not read`
}
