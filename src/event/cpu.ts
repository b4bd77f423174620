import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * How busy processors were from `start` to `time`. Shares are 0 to 1 of *all* processors of the machine. A process
 * counts in processors (1.5 = one and a half of them), since few tools say beside it how many there are.
 * OCSF has no class of it; the nearest is Process/Device Performance in extensions.
 */
export const CpuEvent = EventBase.extend({
  kind: z.literal('cpu'),
  scope: z
    .enum(['machine', 'container', 'process'])
    .describe('what was measured; only `machine` has shares of the whole'),
  start: z.number().describe('epoch ms at which the measured interval began'),
  busyShare: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('at work for anybody, of all processors: without idle, waiting for I/O and steal'),
  userShare: z.number().nullable().describe('programs, at any niceness'),
  systemShare: z.number().nullable().describe('the kernel, interrupts included'),
  ioWaitShare: z.number().nullable().describe('idle, waiting for disks'),
  stealShare: z.number().nullable().describe('what the hypervisor gave to others'),
  busyCores: z.number().nonnegative().nullable().describe('processors kept busy'),
  cores: z.int().positive().nullable().describe('processors of the machine, where the tool says'),
  pid: z.int().nullable(),
  user: z.string().nullable(),
  name: z
    .string()
    .nullable()
    .describe('of the process, its command where the tool shows it; of the container or cgroup'),
  isLifetime: z
    .boolean()
    .describe('the mean over the whole life of the process (ps), not over a measured interval'),
})
export type CpuEvent = z.infer<typeof CpuEvent>
