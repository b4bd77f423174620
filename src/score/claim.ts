import { z } from 'zod'
import { Change, IncidentEntry, SCHEMA, Tenure, WayIn } from '../story/document.ts'

/** What a score takes from the JSON of `davylamp investigate`; the rest of it is not looked at. */
export const Claim = z.object({
  schema: z.literal(SCHEMA),
  incidents: z.array(
    IncidentEntry.pick({ id: true, asset: true, severity: true }).extend({
      wayIn: WayIn.pick({ kind: true, time: true, srcIp: true }).nullable(),
      tenures: z.array(Tenure.pick({ occupant: true, start: true, end: true })),
      changes: z.array(Change.pick({ time: true, from: true, to: true })),
      money: IncidentEntry.shape.money.pick({ usdSoFar: true }),
    }),
  ),
})
export type Claim = z.infer<typeof Claim>
export type ClaimedIncident = Claim['incidents'][number]
