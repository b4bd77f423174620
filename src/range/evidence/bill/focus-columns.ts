import { type Charge, usdText } from './charges.ts'

export interface FocusRow {
  readonly charge: Charge
  readonly startMs: number
  readonly endMs: number
  readonly billingStartMs: number
  readonly billingEndMs: number
}

type Column = (row: FocusRow) => string

const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-central-1': 'EU (Frankfurt)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'sa-east-1': 'South America (Sao Paulo)',
}

const cost: Column = ({ charge }) => usdText(charge.cost)
const unitPrice: Column = ({ charge }) => ofUsage(charge, decimal(charge.usdPerUnit))
const empty: Column = () => ''

/** FOCUS 1.0 with AWS columns, in the order of AWS's own export (table dictionary, by name). Null is empty. */
const COLUMNS: Readonly<Record<string, Column>> = {
  AvailabilityZone: ({ charge }) => (charge.resource === null ? '' : `${charge.region}a`),
  BilledCost: cost,
  BillingAccountId: ({ charge }) => charge.account,
  BillingAccountName: () => 'davylamp range',
  BillingCurrency: () => 'USD',
  BillingPeriodEnd: ({ billingEndMs }) => time(billingEndMs),
  BillingPeriodStart: ({ billingStartMs }) => time(billingStartMs),
  ChargeCategory: ({ charge }) => charge.category,
  ChargeClass: empty,
  ChargeDescription: ({ charge }) => charge.description,
  ChargeFrequency: ({ charge }) => (charge.category === 'Usage' ? 'Usage-Based' : 'One-Time'),
  ChargePeriodEnd: ({ endMs }) => time(endMs),
  ChargePeriodStart: ({ startMs }) => time(startMs),
  CommitmentDiscountCategory: empty,
  CommitmentDiscountId: empty,
  CommitmentDiscountName: empty,
  CommitmentDiscountStatus: empty,
  CommitmentDiscountType: empty,
  ConsumedQuantity: ({ charge }) => ofUsage(charge, decimal(charge.quantity)),
  ConsumedUnit: ({ charge }) => ofUsage(charge, charge.unit),
  ContractedCost: cost,
  ContractedUnitPrice: unitPrice,
  EffectiveCost: cost,
  InvoiceIssuerName: () => 'Amazon Web Services, Inc.',
  ListCost: cost,
  ListUnitPrice: unitPrice,
  PricingCategory: ({ charge }) => ofUsage(charge, 'Standard'),
  PricingQuantity: ({ charge }) => ofUsage(charge, decimal(charge.quantity)),
  PricingUnit: ({ charge }) => ofUsage(charge, charge.unit),
  ProviderName: () => 'AWS',
  PublisherName: () => 'AWS',
  RegionId: ({ charge }) => (charge.resource === null ? '' : charge.region),
  RegionName: ({ charge }) =>
    charge.resource === null ? '' : (REGION_NAMES[charge.region] ?? charge.region),
  ResourceId: ({ charge }) => charge.resource?.id ?? '',
  ResourceName: ({ charge }) => charge.resource?.name ?? '',
  ResourceType: ({ charge }) => charge.resource?.type ?? '',
  ServiceCategory: ({ charge }) => charge.service.category,
  ServiceName: ({ charge }) => charge.service.name,
  SkuId: ({ charge }) => ofUsage(charge, code(charge.usageType, 16)),
  SkuPriceId: ({ charge }) =>
    ofUsage(charge, `${code(charge.usageType, 16)}.JRTCKXETXF.${code(charge.unit, 10)}`),
  SubAccountId: ({ charge }) => charge.account,
  SubAccountName: () => 'davylamp range',
  Tags: ({ charge }) => {
    const { resource } = charge
    return resource === null || resource.name === '' ? '{}' : JSON.stringify({ Name: resource.name })
  },
  x_CostCategories: () => '{}',
  x_Discounts: () => '{}',
  x_Operation: ({ charge }) => charge.operation,
  x_ServiceCode: ({ charge }) => charge.service.code,
  x_UsageType: ({ charge }) => charge.usageType,
}

export const FOCUS_HEADER: string = Object.keys(COLUMNS).join(',')

export function focusLine(row: FocusRow): string {
  return Object.values(COLUMNS)
    .map((column) => quoted(column(row)))
    .join(',')
}

function ofUsage(charge: Charge, text: string): string {
  return charge.category === 'Usage' ? text : ''
}

function time(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function decimal(value: number): string {
  return String(Number(value.toFixed(10)))
}

/** RFC 4180. */
function quoted(text: string): string {
  return /[",\n\r]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Sku ids look like this; the same thing keeps the same one. */
function code(text: string, length: number): string {
  let hash = 0x811c9dc5
  let letters = ''
  for (let i = 0; letters.length < length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i % text.length) ^ i, 0x01000193) >>> 0
    letters += 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'.charAt(hash % 31)
  }
  return letters
}
