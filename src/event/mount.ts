import { z } from 'zod'
import { EventBase } from './base.ts'

/** A file system as a machine has it mounted (proc_pid_mountinfo(5)). OCSF has no class of its own for it. */
export const MountEvent = EventBase.extend({
  kind: z.literal('mount'),
  target: z.string().describe('where it is mounted'),
  source: z.string().describe('device or name that was mounted'),
  root: z.string().describe('folder of that file system which is seen there; not `/` for a bind mount'),
  fsType: z.string(),
  options: z.array(z.string()),
})
export type MountEvent = z.infer<typeof MountEvent>
