import { z } from 'zod'

export const SCORE_SCHEMA = 'https://davylamp.dev/schemas/score/v1'

const Share = z.number().min(0).max(1).nullable()
const Count = z.int().nonnegative()
const Matches = z.object({ true: Count, claimed: Count, matched: Count })

/** How well an investigation tells the truth. Where there is nothing to compare, a figure is null. */
export const Score = z.object({
  schema: z.literal(SCORE_SCHEMA),
  tenureIoU: Share.describe(
    'mean IoU in time of true and claimed tenures, matched one-to-one per machine so that it is greatest; one left over on either side counts 0',
  ),
  handsF1: Share.describe(
    'F1 of changes of hands: within 120 s, from and to the right occupants (matched by the time they share)',
  ),
  occupantPurity: Share.describe(
    'of the time that true and claimed occupants hold a machine together, the share in which it is the right one',
  ),
  wayIn: Share.describe(
    'share of machines somebody got into whose way in is right: kind, source address, time within 10 min',
  ),
  costError: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      'sum over machines of |claimed − true cost|, as a share of all true costs (1 where there are none but some are claimed)',
    ),
  falseIncidents: Count.describe('of severity medium or higher, on machines nobody got into'),
  counts: z.object({
    machines: Count,
    intruded: Count.describe('machines somebody got into'),
    tenures: Matches,
    changes: Matches,
    waysIn: z.object({ true: Count, kind: Count, source: Count, time: Count, right: Count }),
    usd: z.object({ true: z.number(), claimed: z.number() }),
  }),
  machines: z.array(
    z.object({
      name: z.string(),
      isKnown: z.boolean().describe('whether the truth tells of it'),
      incidents: z.array(z.string()).describe('ids of those claimed'),
      tenureIoU: Share,
      handsF1: Share,
      occupantPurity: Share,
      wayIn: z.object({ kind: z.boolean(), source: z.boolean(), time: z.boolean() }).nullable(),
      usd: z.object({ true: z.number(), claimed: z.number() }).nullable(),
      falseIncidents: z.array(z.string()),
      occupants: z.array(z.object({ claimed: z.string(), true: z.string().nullable() })),
    }),
  ),
})
export type Score = z.infer<typeof Score>
