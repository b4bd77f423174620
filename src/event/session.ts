import { z } from 'zod'
import { EventBase } from './base.ts'

/** A login session that begins or ends (pam_unix session lines, audit USER_START/USER_END). OCSF: Authentication (3002) logon/logoff. */
export const SessionEvent = EventBase.extend({
  kind: z.literal('session'),
  action: z.enum(['open', 'close']),
  user: z.string().nullable(),
  service: z.string(),
  srcIp: z.string().nullable(),
  pid: z.int().nullable(),
  session: z.string().nullable(),
})
export type SessionEvent = z.infer<typeof SessionEvent>
