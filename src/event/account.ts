import { z } from 'zod'
import { Actor } from './actor.ts'
import { EventBase } from './base.ts'

/** An account or a group changed. OCSF: Account Change (3001). */
export const AccountEvent = EventBase.extend({
  kind: z.literal('account'),
  action: z.enum([
    'add-user',
    'delete-user',
    'add-group',
    'delete-group',
    'change-password',
    'modify-user',
    'lock',
    'unlock',
  ]),
  actor: Actor,
  user: z.string().nullable().describe('the account changed'),
  isSuccess: z.boolean(),
})
export type AccountEvent = z.infer<typeof AccountEvent>
