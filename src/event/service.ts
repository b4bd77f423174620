import { z } from 'zod'
import { EventBase } from './base.ts'

/** A service or the audit system itself was started, stopped or reconfigured. */
export const ServiceEvent = EventBase.extend({
  kind: z.literal('service'),
  action: z.enum(['start', 'stop', 'configure']),
  unit: z.string(),
  detail: z.string().nullable(),
  isSuccess: z.boolean(),
})
export type ServiceEvent = z.infer<typeof ServiceEvent>
