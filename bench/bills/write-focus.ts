import { closeSync, openSync, writeSync } from 'node:fs'

const COLUMNS =
  'AvailabilityZone,BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,CommitmentDiscountCategory,CommitmentDiscountId,CommitmentDiscountName,CommitmentDiscountStatus,CommitmentDiscountType,ConsumedQuantity,ConsumedUnit,ContractedCost,ContractedUnitPrice,EffectiveCost,InvoiceIssuerName,ListCost,ListUnitPrice,PricingCategory,PricingQuantity,PricingUnit,ProviderName,PublisherName,RegionId,RegionName,ResourceId,ResourceName,ResourceType,ServiceCategory,ServiceName,SkuId,SkuPriceId,SubAccountId,SubAccountName,Tags,x_CostCategories,x_Discounts,x_Operation,x_ServiceCode,x_UsageType'
const DAY_MS = 86_400_000
const ROWS_AT_ONCE = 2000

/**
 * Writes an hourly FOCUS 1.0 bill of one month as AWS exports it: `rows` rows, a third of them with tags in quotes, of
 * rows / 744 resources. Gives the sum of its amounts in millionths of a cent (exact).
 */
export function writeFocus(file: string, rows: number): bigint {
  const handle = openSync(file, 'w')
  let sum = 0n
  try {
    writeSync(handle, `${COLUMNS}\n`)
    const resources = Math.max(1, Math.ceil(rows / 744))
    for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
      let text = ''
      for (let row = first; row < Math.min(rows, first + ROWS_AT_ONCE); row++) {
        const units = (row * 7919) % 10_000_000
        sum += BigInt(units)
        text += rowOf(row, units, resources)
      }
      writeSync(handle, text)
    }
  } finally {
    closeSync(handle)
  }
  return sum
}

function rowOf(row: number, units: number, resources: number): string {
  const resource = row % resources
  const hour = Math.floor(row / resources)
  const start = Date.UTC(2026, 4, 1) + hour * 3_600_000
  const from = new Date(start).toISOString().slice(0, 19)
  const to = new Date(start + 3_600_000).toISOString().slice(0, 19)
  const cost = `0.${String(units).padStart(8, '0')}`
  const id = `i-0${String(resource).padStart(16, '0')}`
  const region = resource % 5 === 0 ? 'eu-central-1' : 'us-east-1'
  const account = `4455${String(resource % 20).padStart(8, '0')}`
  const tags = row % 3 === 0 ? `"{""Name"": ""web-${resource}"", ""team"": ""shop""}"` : '{}'
  const month = `${new Date(Date.UTC(2026, 4, 1) + 31 * DAY_MS).toISOString().slice(0, 19)}Z`
  return `${region}a,${cost},445500000000,"Example, Inc.",USD,${month},2026-05-01T00:00:00Z,Usage,,"$0.0832 per On Demand Linux t3.large Instance Hour",Usage-Based,${to}Z,${from}Z,,,,,,1.0000000000,Hrs,${cost},0.0832000000,${cost},"Amazon Web Services, Inc.",${cost},0.0832000000,Standard,1.0000000000,Hrs,AWS,Amazon Web Services,${region},Example Region,arn:aws:ec2:${region}:${account}:instance/${id},web-${resource},AWS::EC2::Instance,Compute,Amazon Elastic Compute Cloud,JRTCKXETXF,JRTCKXETXF.6YS6EN2CT7,${account},account ${resource % 20},${tags},{},{},RunInstances,AmazonEC2,USE1-BoxUsage:t3.large\n`
}
