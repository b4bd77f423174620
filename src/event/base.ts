import { z } from 'zod'
import { Identifier } from './identifier.ts'
import { Origin } from './origin.ts'

/** What had to be assumed to place an event in time. */
export const TimeQuality = z.enum([
  'exact',
  'zone-assumed',
  'year-assumed',
  'year-and-zone-assumed',
  'unknown',
])
export type TimeQuality = z.infer<typeof TimeQuality>

/** What every event has. `time` is epoch milliseconds as a float (microseconds kept). */
export const EventBase = z.object({
  time: z.number(),
  timeQuality: TimeQuality,
  observer: Identifier.describe('who saw it'),
  subjects: z.array(Identifier).describe('whom it is about; the machine first'),
  origin: Origin,
})
