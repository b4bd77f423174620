import { z } from 'zod'
import { EventBase } from './base.ts'
import { Severity } from './finding.ts'

/**
 * What another sensor says (GuardDuty, Suricata, Falco, Zeek notices): its own words and its own
 * rating, carried to ours. It joins what is known of the machine; it proves nothing by itself.
 * OCSF: Detection Finding (2004).
 */
export const AlertEvent = EventBase.extend({
  kind: z.literal('alert'),
  sensor: z.string().describe('guardduty, suricata, falco, zeek …'),
  rule: z.string().describe("the sensor's own id of what fired"),
  title: z.string(),
  severity: Severity.describe("carried over from the sensor's own scale"),
  category: z.string().nullable().describe("the sensor's own class, as it stands"),
  isMining: z.boolean().describe('the sensor itself calls it coin mining'),
  srcIp: z.string().nullable(),
  srcPort: z.int().nullable(),
  dstIp: z.string().nullable(),
  dstPort: z.int().nullable(),
  domain: z.string().nullable(),
  communityId: z.string().nullable(),
  user: z.string().nullable(),
  commandLine: z.string().nullable(),
  count: z.int().positive().describe('how often the sensor saw it'),
  start: z.number().optional().describe('epoch ms: when it first saw it, where it folds; `time` is the last'),
})
export type AlertEvent = z.infer<typeof AlertEvent>
