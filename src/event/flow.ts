import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * One conversation on the wire, told when it ends or falls idle: `time` is its last packet, `start`
 * its first (epoch ms). Source is the side that opened it (SYN seen), else the higher port.
 * Community ID: corelight/community-id-spec v1. OCSF: Network Activity (4001).
 */
export const FlowEvent = EventBase.extend({
  kind: z.literal('flow'),
  communityId: z.string(),
  transport: z.enum(['tcp', 'udp', 'icmp', 'other']),
  srcIp: z.string(),
  srcPort: z.int(),
  dstIp: z.string(),
  dstPort: z.int(),
  start: z.number(),
  packetsOut: z.int(),
  packetsIn: z.int(),
  bytesOut: z.number().describe('bytes of IP packets, source to destination'),
  bytesIn: z.number(),
  isHandshakeSeen: z.boolean(),
  behaviour: z
    .object({
      miningProbability: z.number().min(0).max(1),
      why: z.array(z.string()).describe('in plain words, what spoke for mining and what against it'),
    })
    .nullable()
    .optional()
    .describe(
      'what the flow model says of its first packets (docs/flow-model.md); null where there were too few, missing where nobody looked',
    ),
  isRejected: z
    .boolean()
    .optional()
    .describe('a filter (security group, network ACL) let none of it through'),
  resolvedFrom: z
    .string()
    .optional()
    .describe('the name by which the source had looked the destination up, where DNS was seen'),
})
export type FlowEvent = z.infer<typeof FlowEvent>
