import { z } from 'zod'
import { Actor } from './actor.ts'
import { EventBase } from './base.ts'

/**
 * A rule that held on one record or event. What a correlation over it groups by and counts travels
 * in `fields`; nothing else of the record is kept.
 */
export const RuleMatchEvent = EventBase.extend({
  kind: z.literal('rule-match'),
  rule: z.string().describe('id of the rule, else its name'),
  title: z.string(),
  level: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
  attack: z.array(z.string()).describe('ATT&CK v19 technique ids'),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  deed: z
    .object({ actor: Actor, commandLine: z.string().nullable(), path: z.string().nullable() })
    .optional()
    .describe('who did what on the machine, where the rule held on an event of an audit trail'),
})
export type RuleMatchEvent = z.infer<typeof RuleMatchEvent>
