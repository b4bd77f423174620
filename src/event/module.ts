import { z } from 'zod'
import { EventBase } from './base.ts'

/** A kernel module that a machine has loaded. OCSF: Module Activity (1005). */
export const ModuleEvent = EventBase.extend({
  kind: z.literal('module'),
  name: z.string(),
  sizeBytes: z.int().nullable(),
  usedBy: z.array(z.string()),
  taints: z.string().nullable().describe('letters of the kernel: O out of tree, E unsigned; null = none'),
  isListed: z.boolean().describe('in /proc/modules; false where only /sys/module knows it'),
})
export type ModuleEvent = z.infer<typeof ModuleEvent>
