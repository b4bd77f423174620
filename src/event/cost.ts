import { z } from 'zod'
import { EventBase } from './base.ts'

/** What a charge is for. Only `usage` moves with what machines do. */
export const CHARGE_CATEGORIES = [
  'usage',
  'discount',
  'purchase',
  'tax',
  'credit',
  'refund',
  'adjustment',
  'other',
] as const
export const ChargeCategory = z.enum(CHARGE_CATEGORIES)
export type ChargeCategory = z.infer<typeof ChargeCategory>

/**
 * What a bill charges for one resource, day (UTC), category, service, region and meter: the sum of `rows` of its rows.
 * Amounts are decimal text, exact; no floating point has touched them. `time` is the start of the day, `end` the end of
 * the latest charge period summed up (a purchase may cover a year). The mapping to FOCUS columns is that of the names.
 */
export const CostEvent = EventBase.extend({
  kind: z.literal('cost'),
  provider: z.string().nullable().describe('as the bill names it: AWS, Microsoft, Google Cloud'),
  account: z.string().nullable(),
  region: z.string().nullable(),
  service: z.string().nullable(),
  resource: z.string().nullable().describe('id of what it is charged for; null where the bill names none'),
  meter: z.string().nullable().describe('what was metered: BoxUsage:t3.large, CPUCredits:t3'),
  instanceType: z.string().nullable().describe('where the bill tells it: t3.large'),
  category: ChargeCategory,
  end: z.number().describe('epoch ms'),
  currency: z.string(),
  billed: z.string().describe('decimal text, as invoiced'),
  effective: z
    .string()
    .nullable()
    .describe('decimal text, with commitments spread over what they cover; null where the bill does not say'),
  quantity: z
    .number()
    .nullable()
    .describe(
      'what was consumed, in the unit of the meter: hours of a machine; null where the bill does not say',
    ),
  rows: z.int().positive(),
})
export type CostEvent = z.infer<typeof CostEvent>
