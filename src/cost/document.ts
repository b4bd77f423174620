import { z } from 'zod'

/**
 * What `davylamp cost --format json` prints. Times are RFC 3339 UTC, money is USD where the name says so and else decimal
 * text in the currency beside it, shares are 0 to 1.
 */
export const COST_SCHEMA = 'https://davylamp.dev/schemas/cost/v1'

const Time = z.string().describe('RFC 3339, UTC, microseconds')
const Amount = z.string().describe('decimal text, exact')

export const NormalEntry = z.object({
  share: z.number(),
  spread: z.number(),
  hours: z.int().describe('hours of past that it stands on'),
})

export const RiseEntry = z.object({
  from: Time,
  to: Time,
  isOngoing: z.boolean(),
  shape: z.enum(['plateau', 'uneven']).describe('plateau: as flat as mining is'),
  isPastShort: z
    .boolean()
    .describe('only few hours before it say what is normal: it may be how the day of the machine begins'),
  busyShare: z.number(),
  normalShare: z.number(),
  machineHours: z.number().describe('hours of the whole machine beyond normal'),
  usd: z.number().nullable().describe('price of those, and surplus credits'),
})
export type RiseEntry = z.infer<typeof RiseEntry>

export const WorkerEntry = z.object({
  name: z.string(),
  user: z.string().nullable(),
  scope: z.enum(['process', 'container']),
  cores: z.number().describe('processors it kept busy: mean where it was measured, else over its life'),
  coreHours: z.number(),
  usdPerHour: z.number().nullable(),
})

export const BillDayEntry = z.object({
  day: z.string(),
  billedUsd: Amount,
  surplusUsd: Amount,
  estimatedUsd: z.number().nullable(),
  error: z.number().nullable().describe('|estimate − bill| of the bill'),
})

export const MachineCost = z.object({
  id: z.string(),
  names: z.array(z.string()),
  instanceType: z.string().nullable(),
  usdPerHour: z.number().nullable().describe('price of the machine itself'),
  basis: z.string(),
  cpu: z
    .object({
      from: Time,
      to: Time,
      stepSeconds: z.number(),
      values: z.array(z.number().nullable()).describe('busy share; null = not measured; at most 240'),
      meanShare: z.number(),
      recentShare: z.number().describe('of the last hour'),
      normal: NormalEntry.nullable().describe('null: too little past to say'),
      stealShare: z.number().nullable(),
    })
    .nullable(),
  normalUsdPerHour: z.number().nullable(),
  nowUsdPerHour: z.number().nullable(),
  nowUsdPerMonth: z.number().nullable(),
  timesNormal: z.number().nullable(),
  rises: z.array(RiseEntry),
  response: z
    .object({ normalSeconds: z.number(), risenSeconds: z.number(), times: z.number() })
    .nullable()
    .describe('how much slower requests were while the machine was taken'),
  workers: z.array(WorkerEntry),
  bill: z
    .object({
      days: z.array(BillDayEntry),
      billedUsd: Amount,
      estimatedUsd: z.number().nullable(),
      error: z.number().nullable(),
    })
    .nullable(),
})
export type MachineCost = z.infer<typeof MachineCost>

export const FirstSpendEntry = z.object({
  kind: z.enum(['region', 'gpu-family']),
  name: z.string(),
  account: z.string().nullable(),
  since: z.string(),
  amount: Amount,
  currency: z.string(),
  historyDays: z.int(),
  services: z.array(z.string()),
})

export const JumpEntry = z.object({
  resource: z.string().nullable().describe('null: the bill as a whole'),
  day: z.string(),
  amount: Amount,
  normal: z.number(),
  times: z.number(),
  currency: z.string(),
})
export type JumpEntry = z.infer<typeof JumpEntry>

export const CostDocument = z.object({
  schema: z.literal(COST_SCHEMA),
  generatedAt: Time,
  tool: z.object({ name: z.literal('davylamp'), version: z.string() }),
  machines: z.array(MachineCost).describe('what costs most beyond normal first'),
  bills: z.object({
    totals: z.array(
      z.object({ currency: z.string(), total: Amount, categories: z.record(z.string(), Amount) }),
    ),
    days: z.array(z.object({ day: z.string(), currency: z.string(), usage: Amount })),
    resources: z
      .array(
        z.object({
          resource: z.string(),
          currency: z.string(),
          usage: Amount,
          instanceType: z.string().nullable(),
        }),
      )
      .describe('the dearest, at most 100'),
    jumps: z.array(JumpEntry),
    firstSpends: z.array(FirstSpendEntry),
  }),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
})
export type CostDocument = z.infer<typeof CostDocument>
